import { sql, type Transaction } from 'kysely'
import type { Database } from './open-database.ts'
import type { Tables } from './tables.ts'
import { transact } from './transact.ts'

/**
 * Like `transact`, for work that is done again where it is lost: what is committed outlives this process at once, and
 * the machine a moment later. SQLite waits for the disk with the whole process otherwise, at every commit.
 */
export async function transactSoon<Result>(
  database: Database,
  work: (transaction: Transaction<Tables>) => Promise<Result>,
): Promise<Result> {
  const { syncSoon } = database
  if (syncSoon === undefined) return transact(database, work)
  return await database.kysely.connection().execute(async (connection) => {
    await sql`pragma synchronous = normal`.execute(connection)
    try {
      return await connection.transaction().execute(work)
    } finally {
      await sql`pragma synchronous = full`.execute(connection)
      syncSoon()
    }
  })
}
