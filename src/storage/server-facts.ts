import { Kysely, sql } from 'kysely'
import type { DatabaseLocation } from '../config.ts'
import { engines } from './engines.ts'
import { createPostgresDialect } from './postgres-dialect.ts'
import { reportUnavailable } from './report-unavailable.ts'
import type { Tables } from './tables.ts'

/** What a PostgreSQL server says of itself. */
export interface ServerFacts {
  readonly version: string
  readonly maxConnections: number
  readonly usedConnections: number
  /** By its own clock. */
  readonly now: Date
}

/**
 * Asks a database's server about itself.
 * @returns undefined for SQLite, which has none
 * @throws ConfigError where the URL can't be read; AssizeError `database_unavailable` where it can't be reached
 */
export async function readServerFacts(location: DatabaseLocation): Promise<ServerFacts | undefined> {
  if (location.engine === 'sqlite') return undefined
  const { dialect } = createPostgresDialect(location.url, { maxConnections: 1, statementTimeoutMs: 5000 })
  await using kysely = new Kysely<Tables>({
    dialect: reportUnavailable(dialect, engines.postgres.isUnavailable),
  })
  const { rows } = await sql<{ version: string; most: string; used: number; now: Date }>`
    select current_setting('server_version') as version, current_setting('max_connections') as most,
      (select count(*) from pg_stat_activity) as used, clock_timestamp() as now`.execute(kysely)
  const [row] = rows
  if (row === undefined) throw new Error('The server said nothing.')
  return {
    version: row.version,
    maxConnections: Number(row.most),
    usedConnections: Number(row.used),
    now: row.now,
  }
}
