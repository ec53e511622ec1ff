/** A file that somebody has sent; its content stands in chunks of `chunkBytes`, of which the last may be shorter. */
export interface StoredFile {
  readonly id: string
  readonly workspaceId: string
  readonly ownerId: string
  readonly name: string
  /** What it was sent for, in its sender's words. */
  readonly purpose: string
  readonly mediaType: string | null
  readonly sizeBytes: number
  readonly createdAt: Date
  readonly expiresAt: Date | null
  /** The import that it came with, and ends with; null of a file that is listed and stays. */
  readonly taskId: string | null
}

export const chunkBytes = 262_144
