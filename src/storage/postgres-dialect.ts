import { type Dialect, PostgresDialect } from 'kysely'
import pg from 'pg'
import { ConfigError } from '../config.ts'

export interface PostgresLimits {
  readonly maxConnections: number
  /** Of one statement; 0 means without limit. */
  readonly statementTimeoutMs: number
}

/** Connections of a pool, and requests that wait for one. */
export interface PoolState {
  readonly open: number
  readonly idle: number
  readonly waiting: number
}

interface PooledDialect {
  readonly dialect: Dialect
  readonly poolNow: () => PoolState
}

/** How long a query waits for a free connection, or for a new one to be made. */
const connectTimeoutMs = 5_000

/** How long a transaction of a process that has stopped answering may keep its locks. */
const idleTransactionTimeoutMs = 60_000

const int8Oid = 20

/**
 * Kysely's dialect for a PostgreSQL server, over a bounded pool; nothing is connected yet.
 * @throws ConfigError when the URL can't be read; the message doesn't repeat it, for it may hold a password.
 */
export function createPostgresDialect(url: string, limits: PostgresLimits): PooledDialect {
  refuseMalformed(url)
  const pool = new pg.Pool({
    connectionString: url,
    max: limits.maxConnections,
    connectionTimeoutMillis: connectTimeoutMs,
    // The server gives up first; this is for a server, or a network, that has gone silent.
    ...(limits.statementTimeoutMs > 0 && { query_timeout: limits.statementTimeoutMs + connectTimeoutMs }),
    keepAlive: true,
    fallback_application_name: 'assize',
    types: { getTypeParser: getTypeParser as typeof pg.types.getTypeParser },
    onConnect: (client) => prepareConnection(client as pg.Client, limits),
  })
  // The pool has dropped the idle connection that was lost; without a listener, the process would end.
  pool.on('error', () => {})
  return {
    dialect: new PostgresDialect({ pool }),
    poolNow: () => ({ open: pool.totalCount, idle: pool.idleCount, waiting: pool.waitingCount }),
  }
}

function refuseMalformed(url: string): void {
  try {
    new pg.Client({ connectionString: url })
  } catch {
    throw new ConfigError(
      "The database's URL can't be read; expected postgres://USER:PASSWORD@HOST:PORT/DATABASE, with special characters percent-encoded.",
    )
  }
}

/** Times and counts are int8, and stay far below what a JavaScript number holds exactly. */
function getTypeParser(oid: number, format?: 'text'): (text: string) => unknown {
  return oid === int8Oid ? Number : pg.types.getTypeParser(oid, format)
}

async function prepareConnection(client: pg.Client, limits: PostgresLimits): Promise<void> {
  // A connection can also be lost between two queries of a transaction: the next query reports it.
  client.on('error', () => {})
  endWhenSilent(client)
  // Not in the connection's startup message, where poolers such as PgBouncer refuse them.
  await client.query(
    `set statement_timeout = ${limits.statementTimeoutMs}; set idle_in_transaction_session_timeout = ${idleTransactionTimeoutMs}`,
  )
}

/** A connection whose reply never came would fail every later query too, each after the whole timeout. */
function endWhenSilent(client: pg.Client): void {
  const query = client.query.bind(client) as (...parameters: unknown[]) => Promise<unknown>
  const queryOrEnd = async (...parameters: unknown[]) => {
    try {
      return await query(...parameters)
    } catch (error) {
      if ((error as Error).message === 'Query read timeout') void client.end()
      throw error
    }
  }
  client.query = queryOrEnd as typeof client.query
}
