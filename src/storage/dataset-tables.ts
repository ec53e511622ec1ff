import type { Generated } from 'kysely'
import type { RecordSource } from '../datasets/dataset.ts'
import type { TaskStatus } from '../datasets/import-task.ts'

export interface DatasetRow {
  id: string
  workspace_id: string
  owner_id: string
  name: string
  slug: string
  description: string
  /** What `toSearchText` makes of name and description. */
  search_text: string
  /** Kept in the transactions that add and remove records: to count them for each page would take longer with each. */
  record_count: number
  created_at_ms: number
  updated_at_ms: number
  /** Its records are removed bit by bit; it is itself once they are gone. */
  deleted_at_ms: number | null
}

export interface DatasetRecordRow {
  seq: Generated<number>
  id: string
  dataset_id: string
  /** JSON of an object, like `properties`. */
  payload: string
  properties: string
  source: RecordSource
  created_at_ms: number
  updated_at_ms: number
}

export interface ExportLinkRow {
  hash: string
  dataset_id: string
  expires_at_ms: number
}

export interface FileRow {
  id: string
  workspace_id: string
  owner_id: string
  name: string
  purpose: string
  media_type: string | null
  size_bytes: number
  /** 1 once all of it has come; 0 again once it is deleted, and its chunks are removed bit by bit. */
  is_whole: number
  /** The import that the file came for, and with which it goes. */
  task_id: string | null
  created_at_ms: number
  /** When the last part of a file came; what is in part for long is what an upload left that was cut off. */
  touched_at_ms: number
  expires_at_ms: number | null
}

export interface FileLinkRow {
  hash: string
  file_id: string
  expires_at_ms: number
}

export interface FileChunkRow {
  file_id: string
  /** From 0, without gaps. */
  number: number
  content: Uint8Array
}

export interface DatasetTaskRow {
  id: string
  workspace_id: string
  dataset_id: string
  creator_id: string
  /** JSON of an `ImportSource`. */
  source: string
  status: TaskStatus
  message: string | null
  /** Percent, where the whole is known. */
  progress: number | null
  /** Lines, or rows, that are done with: where an import goes on after a crash. */
  lines_read: number
  lines_taken: number
  lines_refused: number
  created_at_ms: number
  updated_at_ms: number
  claimed_by: string | null
  claimed_until_ms: number | null
}

export interface ImportRefusalRow {
  task_id: string
  line: number
  reason: string
}
