import { existsSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { Kysely, sql } from 'kysely'
import { ConfigError, type DatabaseLocation } from '../config.ts'
import { AssizeError } from '../errors.ts'
import { engines } from './engines.ts'
import { migrationsFor } from './migrations/index.ts'
import { createPostgresDialect } from './postgres-dialect.ts'
import { reportUnavailable } from './report-unavailable.ts'
import type { Tables } from './tables.ts'

/** The migrations of a database, by name. */
export interface SchemaState {
  readonly done: readonly string[]
  /** This program has them, the database not. */
  readonly missing: readonly string[]
  /** The database has them, this program not: a newer one wrote it. */
  readonly unknown: readonly string[]
}

/**
 * What of its schema a database has; nothing is changed, nor made where there is no database yet.
 * @throws ConfigError where it is no database of Assize's, or its URL can't be read
 * @throws AssizeError `database_unavailable` where it can't be reached
 */
export async function readSchemaState(location: DatabaseLocation): Promise<SchemaState> {
  if (location.engine === 'sqlite') {
    return existsSync(location.path) ? readSqliteSchema(location.path) : compare([], 'sqlite')
  }
  const { dialect } = createPostgresDialect(location.url, { maxConnections: 1, statementTimeoutMs: 10_000 })
  const { isUnavailable } = engines.postgres
  await using kysely = new Kysely<Tables>({ dialect: reportUnavailable(dialect, isUnavailable) })
  const found = await sql<{ is_there: boolean }>`
    select to_regclass('kysely_migration') is not null as is_there`.execute(kysely)
  if (found.rows[0]?.is_there !== true) return compare([], 'postgres')
  const { rows } = await sql<{ name: string }>`select name from kysely_migration`.execute(kysely)
  return compare(rows, 'postgres')
}

/**
 * The same of a file that is there.
 * @throws ConfigError where it holds no database of Assize's
 * @throws AssizeError `database_unavailable` where it can't be read
 */
export function readSqliteSchema(path: string): SchemaState {
  try {
    const database = new DatabaseSync(path, { readOnly: true, timeout: 10_000 })
    try {
      return compare(database.prepare('select name from kysely_migration').all(), 'sqlite')
    } finally {
      database.close()
    }
  } catch (error) {
    const { message } = error as Error
    if (/no such table|not a database/.test(message)) {
      throw new ConfigError(`${path} holds no database of Assize's.`, { cause: error })
    }
    throw new AssizeError('database_unavailable', `The database ${path} can't be read: ${message}.`, {
      cause: error,
    })
  }
}

function compare(rows: readonly Record<string, unknown>[], engine: DatabaseLocation['engine']): SchemaState {
  const done = rows.map(({ name }) => String(name)).toSorted()
  const known = Object.keys(migrationsFor(engines[engine])).toSorted()
  return {
    done,
    missing: known.filter((name) => !done.includes(name)),
    unknown: done.filter((name) => !known.includes(name)),
  }
}
