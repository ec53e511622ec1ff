import { type Kysely, type RawBuilder, sql } from 'kysely'
import pg from 'pg'
import type { DatabaseLocation } from '../config.ts'
import { type HasProperty, postgresHasProperty, sqliteHasProperty } from './property-filter.ts'
import type { Tables } from './tables.ts'

/** A unique index by the names that the two engines use when they refuse a row. */
export interface UniqueIndex {
  readonly name: string
  /** `table.column, table.column`. */
  readonly columns: string
}

/** The parts of a query over `judges`. */
export interface Search {
  readonly from: RawBuilder<unknown>
  readonly where: RawBuilder<unknown>
}

/** All that differs between the engines. */
export interface Engine {
  readonly name: DatabaseLocation['engine']
  readonly columnTypes: {
    readonly id: RawBuilder<unknown>
    readonly sequence: RawBuilder<unknown>
    readonly bytes: RawBuilder<unknown>
  }
  /** Whether the driver's error says that the database can't be reached, or can't work for now. */
  isUnavailable(error: unknown): boolean
  /** Whether the engine ended a transaction because of another one, so that the same may succeed now. */
  isConflict(error: unknown): boolean
  violates(error: unknown, index: UniqueIndex): boolean
  /** Looks up the living judges that have all of these texts in an index, each of three characters or more. */
  lookUp(texts: readonly string[]): Search
  /** Whether a column of text, as `table.column`, holds this text. */
  holds(column: string, text: string): RawBuilder<unknown>
  readonly hasProperty: HasProperty
  /** A table with a row `number, id` for each pair. */
  pairs(pairs: readonly NumberedId[]): RawBuilder<unknown>
  /** The id of the pair whose number is in this column, as `table.column`. */
  idOf(column: string, pairs: readonly NumberedId[]): RawBuilder<unknown>
  /** Whether a column of numbers has one of these; the text is the same, however many they are. */
  isAmong(column: string, numbers: readonly number[]): RawBuilder<unknown>
  /** At the end of a query: takes no rows that another transaction is changing. */
  readonly skipLocked: RawBuilder<unknown>
  /** The database's clock, in milliseconds since 1970. */
  readonly nowMs: RawBuilder<unknown>
  /** Waits for, and keeps out, every other transaction that would add a workspace. */
  lockWorkspaces(transaction: Kysely<Tables>): Promise<void>
}

export type NumberedId = readonly [number: number, id: string]

/** SQLite's result codes about the file and its locks: busy, locked, readonly, ioerr, full, cantopen, protocol. */
const unavailableSqliteCodes = [5, 6, 8, 10, 13, 14, 15]

/**
 * Connection exceptions (08), refused logins (28), insufficient resources (53) and shutdowns (57P); a database
 * that doesn't exist, a standby that can't write yet, a statement that took too long, and errors of the disk.
 */
const unavailableSqlStates = /^(08|28|53|57P|3D000|25006|57014|58000|58030)/

const sqlite: Engine = {
  name: 'sqlite',
  columnTypes: { id: sql`text`, sequence: sql`integer primary key autoincrement`, bytes: sql`blob` },
  isUnavailable: isSqliteUnavailable,
  isConflict: () => false,
  violates: (error, index) => messageOf(error) === `UNIQUE constraint failed: ${index.columns}`,
  lookUp: lookUpInSqlite,
  holds: (column, text) => sql`instr(${sql.ref(column)}, ${text}) > 0`,
  hasProperty: sqliteHasProperty,
  pairs: (pairs) =>
    sql`(select value ->> 0 as number, value ->> 1 as id from json_each(${JSON.stringify(pairs)}))`,
  idOf: (column, pairs) =>
    sql`${JSON.stringify(Object.fromEntries(pairs))} ->> cast(${sql.ref(column)} as text)`,
  isAmong: (column, numbers) =>
    sql`${sql.ref(column)} in (select value from json_each(${JSON.stringify(numbers)}))`,
  skipLocked: sql``,
  nowMs: sql`cast(unixepoch('subsec') * 1000 as integer)`,
  // Every transaction has taken the database's only write lock when it began.
  lockWorkspaces: async () => {},
}

const postgres: Engine = {
  name: 'postgres',
  columnTypes: {
    id: sql`uuid`,
    sequence: sql`bigint generated always as identity primary key`,
    bytes: sql`bytea`,
  },
  isUnavailable: isPostgresUnavailable,
  isConflict: (error) => error instanceof pg.DatabaseError && /^40/.test(error.code ?? ''),
  violates: (error, index) => error instanceof pg.DatabaseError && error.constraint === index.name,
  lookUp: lookUpInPostgres,
  holds: (column, text) => sql`strpos(${sql.ref(column)}, ${text}) > 0`,
  hasProperty: postgresHasProperty,
  pairs: (pairs) =>
    sql`(
      select number, id from unnest(
        ${pairs.map(([number]) => number)}::integer[], ${pairs.map(([, id]) => id)}::uuid[]
      ) as pair (number, id)
    )`,
  idOf: (column, pairs) =>
    sql`(${pairs.map(([, id]) => id)}::uuid[])[
      array_position(${pairs.map(([number]) => number)}::integer[], ${sql.ref(column)})
    ]`,
  isAmong: (column, numbers) => sql`${sql.ref(column)} = any (${numbers}::integer[])`,
  skipLocked: sql`for update skip locked`,
  nowMs: sql`floor(extract(epoch from clock_timestamp()) * 1000)`,
  lockWorkspaces: async (transaction) => {
    await sql`lock table workspaces in share row exclusive mode`.execute(transaction)
  },
}

export const engines: Readonly<Record<DatabaseLocation['engine'], Engine>> = { sqlite, postgres }

function isSqliteUnavailable(error: unknown): boolean {
  const { code, errcode } = error as { code?: unknown; errcode?: unknown }
  if (code === 'ERR_INVALID_STATE') return true
  // The low byte is the kind; the rest says more about it.
  return typeof errcode === 'number' && unavailableSqliteCodes.includes(errcode & 0xff)
}

/** What the driver throws without a word from the server is about the connection, if it is no slip of ours. */
function isPostgresUnavailable(error: unknown): boolean {
  if (error instanceof pg.DatabaseError) return unavailableSqlStates.test(error.code ?? '')
  return error instanceof Error && !(error instanceof TypeError) && !(error instanceof RangeError)
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : ''
}

function lookUpInSqlite(texts: readonly string[]): Search {
  // A quoted text has no operators: all but the quote stands for itself.
  const query = texts.map((text) => `"${text.replaceAll('"', '""')}"`).join(' AND ')
  return {
    // `cross join` keeps SQLite from walking the workspace's judges and looking each up in the index of trigrams.
    from: sql`judges_search cross join judges on judges.seq = judges_search.rowid`,
    where: sql`judges_search match ${query}`,
  }
}

function lookUpInPostgres(texts: readonly string[]): Search {
  const patterns = texts.map((text) => `%${text.replaceAll(/[\\%_]/g, '\\$&')}%`)
  const conditions = patterns.map((pattern) => sql`judges.search_text like ${pattern} escape '\\'`)
  return { from: sql`judges`, where: sql.join(conditions, sql` and `) }
}
