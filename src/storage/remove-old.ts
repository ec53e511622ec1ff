import { setImmediate as nextTurn } from 'node:timers/promises'
import { sql, type Transaction } from 'kysely'
import type { Database } from './open-database.ts'
import type { Tables } from './tables.ts'
import { transact } from './transact.ts'

/** What is removed at once: SQLite works in the process and keeps everything else waiting meanwhile. */
const mostAtOnce = 500

/**
 * Deletes imports that ended before a time, with what they say of the lines that they refused.
 * @returns how many imports were deleted
 */
export async function removeOldImports(database: Database, before: Date, stop: AbortSignal): Promise<number> {
  return await inParts(database, stop, async (transaction) => {
    const { rows } = await sql<{ readonly id: string }>`
      select id from dataset_tasks where status <> 'RUNNING' and updated_at_ms < ${before.getTime()}
      limit 1 ${database.engine.skipLocked}`.execute(transaction)
    const id = rows[0]?.id
    if (id === undefined) return 'nothing_left'
    const refusals = await sql`
      delete from import_refusals where task_id = ${id} and line in (
        select line from import_refusals where task_id = ${id} order by line limit ${mostAtOnce}
      )`.execute(transaction)
    if (refusals.numAffectedRows !== 0n) return 0
    const { numDeletedRows } = await transaction
      .deleteFrom('dataset_tasks')
      .where('id', '=', id)
      .executeTakeFirstOrThrow()
    return Number(numDeletedRows)
  })
}

/**
 * Deletes files that nobody has uploaded or imported since a time, that no import which goes on reads, and that no
 * link leads to any more. The purge takes away what they leave.
 * @param now when links are looked at
 * @returns how many files were deleted
 */
export async function removeUnusedFiles(database: Database, before: Date, now: Date): Promise<number> {
  // An import that begins meanwhile touches its file in the same transaction, and this looks at the row again then.
  const { numAffectedRows } = await sql`
    update files set is_whole = 0, touched_at_ms = 0
    where is_whole = 1 and task_id is null and touched_at_ms < ${before.getTime()}
      and not exists (
        select 1 from file_links where file_id = files.id and file_links.expires_at_ms > ${now.getTime()}
      )
      and not exists (
        select 1 from dataset_tasks where status = 'RUNNING'
          and source like '%' || cast(files.id as text) || '%'
      )`.execute(database.kysely)
  return Number(numAffectedRows ?? 0n)
}

/**
 * Deletes keys that were revoked, or have expired, by a time, and the sessions that they began.
 * @returns how many keys were deleted
 */
export async function removeDeadKeys(database: Database, before: Date, stop: AbortSignal): Promise<number> {
  return await inParts(database, stop, async (transaction) => {
    const dead = await transaction
      .selectFrom('keys')
      .select('id')
      .where((is) =>
        is.or([is('revoked_at_ms', '<', before.getTime()), is('expires_at_ms', '<', before.getTime())]),
      )
      .limit(mostAtOnce)
      .execute()
    if (dead.length === 0) return 'nothing_left'
    const ids = dead.map(({ id }) => id)
    await transaction.deleteFrom('sessions').where('key_id', 'in', ids).execute()
    await transaction.deleteFrom('sign_in_links').where('key_id', 'in', ids).execute()
    const { numDeletedRows } = await transaction
      .deleteFrom('keys')
      .where('id', 'in', ids)
      .executeTakeFirstOrThrow()
    return Number(numDeletedRows)
  })
}

/**
 * Deletes what was noted of changes before a time.
 * @returns how many entries were deleted
 */
export async function removeOldAudit(database: Database, before: Date, stop: AbortSignal): Promise<number> {
  return await inParts(database, stop, async (transaction) => {
    const { numAffectedRows } = await sql`
      delete from audit_entries where seq in (
        select seq from audit_entries where at_ms < ${before.getTime()} limit ${mostAtOnce}
      )`.execute(transaction)
    return numAffectedRows ? Number(numAffectedRows) : 'nothing_left'
  })
}

/**
 * Deletes links to exports and files, sessions and links that sign in, of which each has expired by a time.
 * @returns how many were deleted
 */
export async function removeExpiredLinks({ kysely }: Database, before: Date): Promise<number> {
  let removed = 0
  for (const table of ['export_links', 'file_links', 'sessions', 'sign_in_links'] as const) {
    const { numAffectedRows } = await sql`
      delete from ${sql.table(table)} where expires_at_ms <= ${before.getTime()}`.execute(kysely)
    removed += Number(numAffectedRows ?? 0n)
    await nextTurn()
  }
  return removed
}

/** Does parts of a work until there is nothing left of it, or it is stopped, with a turn for others in between. */
async function inParts(
  database: Database,
  stop: AbortSignal,
  removePart: (transaction: Transaction<Tables>) => Promise<number | 'nothing_left'>,
): Promise<number> {
  let removed = 0
  while (!stop.aborted) {
    const part = await transact(database, removePart)
    if (part === 'nothing_left') break
    removed += part
    await nextTurn()
  }
  return removed
}
