import { ConfigError, type DatabaseLocation } from './config.ts'
import { backUpSqlite } from './storage/back-up-sqlite.ts'
import { refuseNewer } from './storage/migrate.ts'
import { openDatabase } from './storage/open-database.ts'
import { restoreSqlite } from './storage/restore-sqlite.ts'
import { readSchemaState } from './storage/schema-state.ts'

/** Looking after a database without the rest of the program. */
export { backUpSqlite, readSchemaState, restoreSqlite }

/**
 * Brings a database to this program's schema; one that isn't there yet is made where it is a file.
 * @throws ConfigError where a newer program wrote it
 * @throws AssizeError `database_unavailable` where it can't be reached
 */
export async function migrateDatabase(location: DatabaseLocation): Promise<void> {
  await using _database = await openDatabase(location)
}

/** Throws ConfigError where starting would change the schema, or a newer program wrote it. */
export async function refuseToMigrate(location: DatabaseLocation): Promise<void> {
  const { missing, unknown } = await readSchemaState(location)
  refuseNewer(unknown)
  if (missing.length === 0) return
  throw new ConfigError(
    `The database lacks ${missing.join(', ')}. Back it up and run "assize migrate", or start without --no-migrate.`,
  )
}
