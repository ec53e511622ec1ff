import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { type Dialect, Kysely, sql } from 'kysely'
import type { DatabaseLocation } from '../config.ts'
import { AssizeError } from '../errors.ts'
import { type Engine, engines } from './engines.ts'
import { migrate } from './migrate.ts'
import { createSqliteDialect, NodeSqliteDatabase, sqliteBusy } from './node-sqlite.ts'
import { createPostgresDialect, type PoolState, type PostgresLimits } from './postgres-dialect.ts'
import { reportUnavailable } from './report-unavailable.ts'
import { SoonSynced } from './sync-soon.ts'
import type { Tables } from './tables.ts'

/** An open database, up to date with this program's migrations; disposing closes it. */
export interface Database extends AsyncDisposable {
  readonly kysely: Kysely<Tables>
  readonly engine: Engine
  /** Throws `database_unavailable` unless the database answers. */
  ping(): Promise<void>
  /**
   * Brings what was committed without waiting for the disk there, soon and without anybody waiting. Absent: nothing is
   * committed so.
   */
  readonly syncSoon?: () => void
  /** How the pool of connections stands; absent: there is none. */
  readonly poolNow?: () => PoolState
}

const defaultLimits: PostgresLimits = { maxConnections: 10, statementTimeoutMs: 20_000 }

/** One connection that holds the lock, and one that looks for the tables; a large table may take its time. */
const migrationLimits: PostgresLimits = { maxConnections: 2, statementTimeoutMs: 0 }

/** How long to try again while another process sets up the same file. */
const setUpTimeoutMs = 10_000

/**
 * Opens a database, made and migrated when it needs to be; several processes may do so at once.
 * @throws ConfigError when the database can't be used: a malformed URL, or one that a newer program wrote.
 * @throws AssizeError `database_unavailable` when it can't be reached.
 */
export async function openDatabase(location: DatabaseLocation): Promise<Database> {
  const engine = engines[location.engine]
  if (location.engine === 'sqlite') {
    const kysely = createKysely(createSqliteDialect(await openSqlite(location.path)), engine)
    return withSync(await migrated(kysely, engine), new SoonSynced(`${location.path}-wal`))
  }
  {
    await using migrating = createKysely(createPostgresDialect(location.url, migrationLimits).dialect, engine)
    await migrate(migrating, engine)
  }
  const { poolSize: maxConnections = defaultLimits.maxConnections } = location
  const { dialect, poolNow } = createPostgresDialect(location.url, { ...defaultLimits, maxConnections })
  return { ...toDatabase(createKysely(dialect, engine), engine), poolNow }
}

function createKysely(dialect: Dialect, engine: Engine): Kysely<Tables> {
  return new Kysely<Tables>({ dialect: reportUnavailable(dialect, engine.isUnavailable) })
}

async function migrated(kysely: Kysely<Tables>, engine: Engine): Promise<Database> {
  try {
    await migrate(kysely, engine)
  } catch (error) {
    await kysely.destroy()
    throw error
  }
  return toDatabase(kysely, engine)
}

function withSync(database: Database, wal: SoonSynced): Database {
  return {
    ...database,
    syncSoon: () => wal.request(),
    async [Symbol.asyncDispose]() {
      await wal[Symbol.asyncDispose]()
      await database[Symbol.asyncDispose]()
    },
  }
}

function toDatabase(kysely: Kysely<Tables>, engine: Engine): Database {
  return {
    kysely,
    engine,
    ping: async () => {
      // Reads the file, or asks the server: a mere `select 1` would succeed on a file that is gone.
      await sql`select 1 from workspaces limit 1`.execute(kysely)
    },
    [Symbol.asyncDispose]: () => kysely.destroy(),
  }
}

async function openSqlite(path: string): Promise<NodeSqliteDatabase> {
  const giveUpAtMs = performance.now() + setUpTimeoutMs
  for (;;) {
    try {
      await mkdir(dirname(path), { recursive: true, mode: 0o700 })
      return setUpSqlite(path)
    } catch (error) {
      // Changing a new file to WAL doesn't wait for another process that does the same: SQLite refuses at once.
      const isBusy = (error as { errcode?: unknown }).errcode === sqliteBusy
      if (!isBusy || performance.now() > giveUpAtMs) {
        const reason = error instanceof Error ? error.message : String(error)
        throw new AssizeError('database_unavailable', `The database ${path} can't be opened: ${reason}.`, {
          cause: error,
        })
      }
      await delay(20)
    }
  }
}

function setUpSqlite(path: string): NodeSqliteDatabase {
  const database = new NodeSqliteDatabase(path)
  try {
    database.prepare('pragma journal_mode = wal').all([])
    // A commit is on disk when it returns: the default of WAL could lose the last ones with the power.
    database.prepare('pragma synchronous = full').run([])
    // To move pages to the file waits for the disk as well: four times as many at once, of which many are the same.
    database.prepare('pragma wal_autocheckpoint = 4000').all([])
    // What is deleted is overwritten: it would stay readable in the file until something else took its place.
    database.prepare('pragma secure_delete = on').all([])
    return database
  } catch (error) {
    database.close()
    throw error
  }
}
