import { sql } from 'kysely'
import type { Database } from './open-database.ts'
import { mostRemoved, nextPlaces } from './record-stretch.ts'
import { transact } from './transact.ts'

const maxRefusals = 500

const all = { after: 0, through: Number.MAX_SAFE_INTEGER }

/**
 * Takes away the next part of the dataset that was deleted first: its records bit by bit, then the lines that its
 * imports refused, at last the imports, the links and the dataset itself.
 */
export async function purgeDatasets(database: Database): Promise<'removed' | 'nothing_left'> {
  const dataset = await database.kysely
    .selectFrom('datasets')
    .select('id')
    .where('deleted_at_ms', 'is not', null)
    .orderBy('deleted_at_ms')
    .executeTakeFirst()
  if (dataset === undefined) return 'nothing_left'
  await transact(database, async (transaction) => {
    // The dataset's lock: two processes that took away the same records would take each other for done.
    await transaction
      .updateTable('datasets')
      .set(({ ref }) => ({ deleted_at_ms: ref('deleted_at_ms') }))
      .where('id', '=', dataset.id)
      .execute()
    const records = await sql`
      delete from dataset_records where seq in (${nextPlaces(dataset.id, all, mostRemoved)})`.execute(
      transaction,
    )
    if (records.numAffectedRows !== 0n) return
    const refusals = await sql`
      delete from import_refusals where (task_id, line) in (
        select task_id, line from import_refusals
        where task_id in (select id from dataset_tasks where dataset_id = ${dataset.id}) limit ${maxRefusals}
      )`.execute(transaction)
    if (refusals.numAffectedRows !== 0n) return
    await transaction.deleteFrom('dataset_tasks').where('dataset_id', '=', dataset.id).execute()
    await transaction.deleteFrom('datasets').where('id', '=', dataset.id).execute()
  })
  return 'removed'
}
