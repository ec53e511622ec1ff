import type { Transaction } from 'kysely'
import type { Database } from './open-database.ts'
import type { Tables } from './tables.ts'

const maxTries = 3

/**
 * Runs `work` as one transaction, and again when the engine ended it in favour of another one: two renames that
 * swap the names of two judges wait for each other, and PostgreSQL breaks the knot by ending one of them.
 */
export async function transact<Result>(
  database: Database,
  work: (transaction: Transaction<Tables>) => Promise<Result>,
): Promise<Result> {
  for (let tries = 1; ; tries++) {
    try {
      return await database.kysely.transaction().execute(work)
    } catch (error) {
      if (tries === maxTries || !database.engine.isConflict(error)) throw error
    }
  }
}
