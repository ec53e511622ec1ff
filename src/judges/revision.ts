import type { Definition } from './definition.ts'

/** One immutable version of a judge's definition, and its place in the chain. */
export interface Revision {
  readonly id: string
  readonly judgeId: string
  /** Who wrote it. */
  readonly ownerId: string
  readonly createdAt: Date
  readonly definition: Definition
  readonly baseRevisionId: string
  readonly downRevisionId: string | null
  /** Null on the latest. */
  readonly upRevisionId: string | null
}
