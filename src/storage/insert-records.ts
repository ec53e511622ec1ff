import type { Transaction } from 'kysely'
import type { NewRecord } from '../datasets/dataset-store.ts'
import { keptJson } from './kept-text.ts'
import type { Tables } from './tables.ts'

/** Of 7 columns each: SQLite takes up to 32,766 values in a statement. */
const maxRowsPerInsert = 200

/**
 * Adds records behind the last one of a living dataset, within a transaction. Whoever adds to a dataset has its row
 * locked until the commit: so places become visible in their order, and no record comes to a dataset that is being
 * deleted.
 */
export async function insertRecords(
  transaction: Transaction<Tables>,
  workspaceId: string,
  datasetId: string,
  records: readonly NewRecord[],
): Promise<'inserted' | 'dataset_missing'> {
  const dataset = await transaction
    .updateTable('datasets')
    .set(({ eb }) => ({ record_count: eb('record_count', '+', records.length) }))
    .where('id', '=', datasetId.toLowerCase())
    .where('workspace_id', '=', workspaceId)
    .where('deleted_at_ms', 'is', null)
    .returning('id')
    .executeTakeFirst()
  if (dataset === undefined) return 'dataset_missing'
  for (let from = 0; from < records.length; from += maxRowsPerInsert) {
    const rows = records.slice(from, from + maxRowsPerInsert).map((record) => ({
      id: record.id,
      dataset_id: dataset.id,
      payload: keptJson(record.payload),
      properties: keptJson(record.properties),
      source: record.source,
      created_at_ms: record.createdAt.getTime(),
      updated_at_ms: record.createdAt.getTime(),
    }))
    await transaction.insertInto('dataset_records').values(rows).execute()
  }
  return 'inserted'
}
