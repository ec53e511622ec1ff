import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite'
import { setTimeout as delay } from 'node:timers/promises'
import {
  type DatabaseConnection,
  type Dialect,
  SqliteAdapter,
  type SqliteDatabase,
  SqliteDriver,
  SqliteIntrospector,
  SqliteQueryCompiler,
  type SqliteStatement,
} from 'kysely'

/** SQLite's result code for a lock that someone else holds. */
export const sqliteBusy = 5

const maxCachedStatements = 200

/** How long a statement waits for a lock that another process holds. */
const lockTimeoutMs = 10_000

/** SQLite waits with the whole process, so it is left to wait only for as long as a commit takes. */
const blockingTimeoutMs = 5

const retryAfterMs = 5

/** A database file of Node's own SQLite, with the interface that Kysely expects. */
export class NodeSqliteDatabase implements SqliteDatabase {
  readonly #database: DatabaseSync
  /** Least recently used first. */
  readonly #statements = new Map<string, SqliteStatement>()

  /** Throws what SQLite throws when the file can't be opened. */
  constructor(path: string) {
    this.#database = new DatabaseSync(path, {
      timeout: blockingTimeoutMs,
      enableForeignKeyConstraints: true,
      enableDoubleQuotedStringLiterals: false,
    })
  }

  prepare(sql: string): SqliteStatement {
    // SQLite ends a transaction itself on some errors (a full disk, for one). Kysely then rolls back once more,
    // and the complaint about that would hide the error that matters.
    if (sql === 'rollback' && !this.#database.isTransaction) return this.#cached('select 1')
    // A transaction that reads before it writes would have to upgrade its lock, and SQLite refuses that at once,
    // without waiting, when another process has written meanwhile. Taking the write lock first waits instead.
    return this.#cached(sql === 'begin' ? 'begin immediate' : sql)
  }

  close(): void {
    this.#statements.clear()
    this.#database.close()
  }

  #cached(sql: string): SqliteStatement {
    const statement = this.#statements.get(sql) ?? toKyselyStatement(this.#database.prepare(sql))
    this.#statements.delete(sql)
    this.#statements.set(sql, statement)
    if (this.#statements.size > maxCachedStatements) {
      const [oldest] = this.#statements.keys()
      if (oldest !== undefined) this.#statements.delete(oldest)
    }
    return statement
  }
}

function toKyselyStatement(statement: StatementSync): SqliteStatement {
  return {
    reader: statement.columns().length > 0,
    all: (parameters) => statement.all(...(parameters as SQLInputValue[])),
    run: (parameters) => statement.run(...(parameters as SQLInputValue[])),
    iterate: (parameters) => statement.iterate(...(parameters as SQLInputValue[])),
  }
}

/**
 * Kysely's driver, which waits for the locks of other processes without stopping this one. It hands its one
 * connection on in the order of asking: Kysely's own mutex wakes all that wait each time, of whom one gets it.
 */
class PatientDriver extends SqliteDriver {
  #connection: DatabaseConnection | undefined
  #isTaken = false
  readonly #waiting: (() => void)[] = []

  override async acquireConnection(): Promise<DatabaseConnection> {
    if (this.#isTaken) await new Promise<void>((resolve) => this.#waiting.push(resolve))
    this.#isTaken = true
    this.#connection ??= waitForLocks(await super.acquireConnection())
    return this.#connection
  }

  /** The connection stays taken when it is handed on, so that nobody who asks meanwhile gets it. */
  override async releaseConnection(): Promise<void> {
    const next = this.#waiting.shift()
    if (next === undefined) this.#isTaken = false
    else next()
  }
}

/** A statement that met a lock has done nothing yet, so it can be run again. */
function waitForLocks(connection: DatabaseConnection): DatabaseConnection {
  const executeQuery = connection.executeQuery.bind(connection)
  const executeQueryPatiently: typeof executeQuery = async (query, options) => {
    const giveUpAtMs = performance.now() + lockTimeoutMs
    for (;;) {
      try {
        return await executeQuery(query, options)
      } catch (error) {
        const isBusy = (error as { errcode?: unknown }).errcode === sqliteBusy
        if (!isBusy || performance.now() > giveUpAtMs) throw error
        await delay(retryAfterMs)
      }
    }
  }
  connection.executeQuery = executeQueryPatiently
  return connection
}

class NodeSqliteAdapter extends SqliteAdapter {
  /** SQLite rolls back changes of the schema too, so that migrations run in one transaction. */
  override get supportsTransactionalDdl(): boolean {
    return true
  }

  /** The driver sees to it that its one connection is used by one at a time. */
  override get supportsMultipleConnections(): boolean {
    return true
  }
}

/** Kysely's dialect for a database that is open; Kysely closes it when it is destroyed. */
export function createSqliteDialect(database: NodeSqliteDatabase): Dialect {
  return {
    createAdapter: () => new NodeSqliteAdapter(),
    createDriver: () => new PatientDriver({ database }),
    createQueryCompiler: () => new SqliteQueryCompiler(),
    createIntrospector: (kysely) => new SqliteIntrospector(kysely),
  }
}
