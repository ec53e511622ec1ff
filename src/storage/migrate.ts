import type { Kysely } from 'kysely'
import { type Migration, Migrator } from 'kysely/migration'
import { ConfigError } from '../config.ts'
import type { Engine } from './engines.ts'
import { migrationsFor } from './migrations/index.ts'
import type { Tables } from './tables.ts'

/**
 * Brings a database up to this program's last migration, in one transaction. Processes that start at once wait
 * for each other: on SQLite for the transaction's write lock, on PostgreSQL for a lock that Kysely takes.
 * @throws ConfigError when a newer program wrote the database.
 */
export async function migrate(
  kysely: Kysely<Tables>,
  engine: Engine,
  migrations: Record<string, Migration> = migrationsFor(engine),
): Promise<void> {
  const migrator = new Migrator({ db: kysely, provider: { getMigrations: async () => migrations } })
  const { error } = await migrator.migrateToLatest()
  if (error === undefined) return
  // Kysely names the migration only within its message.
  const unknown = /previously executed migration (\S+) is missing/.exec(messageOf(error))?.[1]
  if (unknown === undefined) throw error
  refuseNewer([unknown], error)
}

/** Throws ConfigError where a database has migrations that this program doesn't know. */
export function refuseNewer([unknown]: readonly string[], cause?: unknown): void {
  if (unknown === undefined) return
  throw new ConfigError(
    `The database was written by a newer Assize (migration ${unknown}). Upgrade this program, or use another database.`,
    { cause },
  )
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : ''
}
