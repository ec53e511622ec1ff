/** A named collection of conversations. */
export interface Dataset {
  readonly id: string
  readonly workspaceId: string
  readonly ownerId: string
  readonly name: string
  /** Names it in URLs: unique among the living datasets of its workspace, and kept when the name changes. */
  readonly slug: string
  readonly description: string
  readonly createdAt: Date
  readonly updatedAt: Date
}

/** How a record came to be, in the words of the API. */
export const recordSources = [
  'EXPLORER',
  'UPLOADED_FILE',
  'DIRECT_INPUT',
  'PLAYGROUND',
  'TELEMETRY_SPAN',
] as const

export type RecordSource = (typeof recordSources)[number]

/** What a record holds: a conversation in `payload.messages`, whatever else its author put beside it, and properties. */
export interface RecordContent {
  readonly payload: Readonly<Record<string, unknown>>
  readonly properties: Readonly<Record<string, unknown>>
}

/** One conversation of a dataset. */
export interface DatasetRecord extends RecordContent {
  readonly id: string
  readonly datasetId: string
  readonly source: RecordSource
  readonly createdAt: Date
  readonly updatedAt: Date
}
