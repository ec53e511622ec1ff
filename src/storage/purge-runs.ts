import { sql } from 'kysely'
import type { Database } from './open-database.ts'
import { transact } from './transact.ts'

/** What is removed at once: SQLite works in the process and keeps everything else waiting meanwhile. */
const most = { judgments: 500, items: 2000 }

/**
 * Takes away the next part of a run that was removed, or given up while it was made: its judgments bit by bit, then
 * its items, at last the run itself. Once its items are gone, nobody can add a judgment any more.
 */
export async function purgeRuns(database: Database, now: Date): Promise<'removed' | 'nothing_left'> {
  return await transact(database, async (transaction) => {
    // The run's lock: two processes that took away the same items would take each other for done.
    const { rows } = await sql<{ readonly id: string }>`
      update runs set state = 'removed' where id = (
        select id from runs
        where state in ('making', 'removed') and (state = 'removed' or made_until_ms < ${now.getTime()})
        order by created_at_ms limit 1 ${database.engine.skipLocked}
      ) returning id`.execute(transaction)
    const id = rows[0]?.id
    if (id === undefined) return 'nothing_left'
    const judgments = await sql`
      delete from judgments where run_id = ${id} and item_number in (
        select item_number from judgments where run_id = ${id} order by item_number limit ${most.judgments}
      )`.execute(transaction)
    if (judgments.numAffectedRows !== 0n) return 'removed'
    const items = await sql`
      delete from run_items where run_id = ${id} and number in (
        select number from run_items where run_id = ${id} order by number limit ${most.items}
      )`.execute(transaction)
    if (items.numAffectedRows !== 0n) return 'removed'
    await transaction.deleteFrom('runs').where('id', '=', id).execute()
    return 'removed'
  })
}
