import type { Selectable } from 'kysely'
import type { Dataset } from '../datasets/dataset.ts'
import type { DatasetRow } from './dataset-tables.ts'
import { toSearchText } from './search-text.ts'

/** A dataset as queries read it. */
export type DatasetColumns = Omit<Selectable<DatasetRow>, 'search_text' | 'record_count' | 'deleted_at_ms'>

export const datasetColumns = [
  'datasets.id',
  'datasets.workspace_id',
  'datasets.owner_id',
  'datasets.name',
  'datasets.slug',
  'datasets.description',
  'datasets.created_at_ms',
  'datasets.updated_at_ms',
] as const

export function toDatasetRow(dataset: Dataset): DatasetRow {
  const { name, description, createdAt, updatedAt } = dataset
  return {
    id: dataset.id,
    workspace_id: dataset.workspaceId,
    owner_id: dataset.ownerId,
    name,
    slug: dataset.slug,
    description,
    search_text: toSearchText(name, description),
    record_count: 0,
    created_at_ms: createdAt.getTime(),
    updated_at_ms: updatedAt.getTime(),
    deleted_at_ms: null,
  }
}

export function toDataset(row: DatasetColumns): Dataset {
  return {
    id: row.id,
    workspaceId: row.workspace_id,
    ownerId: row.owner_id,
    name: row.name,
    slug: row.slug,
    description: row.description,
    createdAt: new Date(row.created_at_ms),
    updatedAt: new Date(row.updated_at_ms),
  }
}
