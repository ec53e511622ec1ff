import { sql } from 'kysely'
import type { Database } from './open-database.ts'
import { transact } from './transact.ts'

/** Of 256 KiB each. */
const maxChunks = 32

/**
 * Takes the next part of what files have left: deletes those that have expired or whose import has ended, and removes
 * the chunks of a deleted or cut off one bit by bit, at last itself.
 */
export async function purgeFiles(
  { kysely, ...database }: Database,
  now: Date,
  cutOffBefore: Date,
): Promise<'removed' | 'nothing_left'> {
  const part = await kysely
    .selectFrom('files')
    .select('id')
    .where('is_whole', '=', 0)
    .where('touched_at_ms', '<', cutOffBefore.getTime())
    .executeTakeFirst()
  if (part !== undefined) {
    await transact({ ...database, kysely }, async (transaction) => {
      const chunks = await sql`
        delete from file_chunks where file_id = ${part.id} and number in (
          select number from file_chunks where file_id = ${part.id} order by number limit ${maxChunks}
        )`.execute(transaction)
      if (chunks.numAffectedRows !== 0n) return
      await transaction.deleteFrom('files').where('id', '=', part.id).execute()
    })
    return 'removed'
  }
  const ended = await sql`
    update files set is_whole = 0, touched_at_ms = 0
    where is_whole = 1 and id in (
      select id from files where expires_at_ms <= ${now.getTime()}
      union all
      select files.id from files where task_id is not null and not exists (
        select 1 from dataset_tasks where dataset_tasks.id = files.task_id and status = 'RUNNING'
      )
    )`.execute(kysely)
  return ended.numAffectedRows === 0n ? 'nothing_left' : 'removed'
}
