import type { Selectable } from 'kysely'
import type { ImportTask } from '../datasets/import-task.ts'
import type { NewTask } from '../datasets/task-store.ts'
import type { DatasetTaskRow } from './dataset-tables.ts'
import { keptJson } from './kept-text.ts'

/** All but what is imported, which may be long. */
export const taskColumns = [
  'id',
  'workspace_id',
  'dataset_id',
  'creator_id',
  'status',
  'message',
  'progress',
  'lines_read',
  'lines_taken',
  'lines_refused',
  'created_at_ms',
  'updated_at_ms',
] as const

export type TaskColumns = Pick<Selectable<DatasetTaskRow>, (typeof taskColumns)[number]>

export function toNewTaskRow({
  id,
  workspaceId,
  datasetId,
  creatorId,
  createdAt,
  source,
}: NewTask): DatasetTaskRow {
  return {
    id,
    workspace_id: workspaceId,
    dataset_id: datasetId.toLowerCase(),
    creator_id: creatorId,
    source: keptJson(source),
    status: 'RUNNING',
    message: null,
    progress: 0,
    lines_read: 0,
    lines_taken: 0,
    lines_refused: 0,
    created_at_ms: createdAt.getTime(),
    updated_at_ms: createdAt.getTime(),
    claimed_by: null,
    claimed_until_ms: null,
  }
}

export function toTask(row: TaskColumns): ImportTask {
  return {
    id: row.id,
    workspaceId: row.workspace_id,
    datasetId: row.dataset_id,
    creatorId: row.creator_id,
    status: row.status,
    message: row.message,
    progress: row.progress,
    linesRead: row.lines_read,
    linesTaken: row.lines_taken,
    linesRefused: row.lines_refused,
    createdAt: new Date(row.created_at_ms),
    updatedAt: new Date(row.updated_at_ms),
  }
}
