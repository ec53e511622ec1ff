import type { ColumnMapping } from './forms/column-mapping.ts'
import type { RowFormat } from './rows/row-format.ts'

/** In the words of the API. */
export type TaskStatus = 'RUNNING' | 'COMPLETED' | 'FAILED' | 'CANCELED'

/** What is imported. */
export type ImportSource =
  | {
      readonly type: 'file'
      readonly fileId: string
      /** Null: as the file's name, its media type or its content says. */
      readonly format: RowFormat | null
      /** Null: as the names of the fields say. */
      readonly mapping: ColumnMapping | null
    }
  | { readonly type: 'records'; readonly recordIds: readonly string[] }

/** How far an import is. */
export interface ImportTask {
  readonly id: string
  readonly workspaceId: string
  readonly datasetId: string
  readonly creatorId: string
  readonly status: TaskStatus
  /** What was found, or why it failed. */
  readonly message: string | null
  /** Percent, where the whole is known. */
  readonly progress: number | null
  /** Lines, or rows, that are done with: `linesTaken` and `linesRefused` together. */
  readonly linesRead: number
  readonly linesTaken: number
  readonly linesRefused: number
  readonly createdAt: Date
  readonly updatedAt: Date
}

/** Why a line became no record. */
export interface ImportRefusal {
  readonly line: number
  readonly reason: string
}
