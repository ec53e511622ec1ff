import type { Transaction } from 'kysely'
import type { Tables } from './tables.ts'

/** Removes records, and counts them no more in their datasets. */
export async function removeRecords(transaction: Transaction<Tables>, ids: readonly string[]): Promise<void> {
  const removed = await transaction
    .deleteFrom('dataset_records')
    .where('id', 'in', ids)
    .returning('dataset_id')
    .execute()
  // By what was removed here, for another transaction may have removed some meanwhile.
  const perDataset = Map.groupBy(removed, (row) => row.dataset_id)
  for (const [datasetId, rows] of [...perDataset].toSorted(([one], [other]) => (one < other ? -1 : 1))) {
    await transaction
      .updateTable('datasets')
      .set(({ eb }) => ({ record_count: eb('record_count', '-', rows.length) }))
      .where('id', '=', datasetId)
      .execute()
  }
}
