import { type CompiledQuery, type Kysely, sql, type Transaction } from 'kysely'
import type { JudgmentRecord } from '../judging/judgment.ts'
import { toRow } from './judgment-columns.ts'
import type { JudgmentRow, Tables } from './tables.ts'

/** Of 28 columns each: SQLite takes up to 32,766 values in a statement, PostgreSQL 65,535. */
const maxRows = 128

/** By the number of rows, which are powers of two: to write such a statement costs several times what it takes to run it. */
const statements = new WeakMap<Kysely<Tables>, Map<number, CompiledQuery>>()

/**
 * Inserts judgments, as few statements as do. Their texts are the same for every call, so that they are compiled once.
 * @param database the one that `transaction` is of
 */
export async function insertJudgments(
  transaction: Transaction<Tables> | Kysely<Tables>,
  database: Kysely<Tables>,
  records: readonly JudgmentRecord[],
): Promise<void> {
  for (let from = 0; from < records.length; ) {
    const count = Math.min(maxRows, 2 ** Math.floor(Math.log2(records.length - from)))
    const rows = records.slice(from, from + count).map(toRow)
    const statement = statementFor(database, count, rows)
    await transaction.executeQuery({ ...statement, parameters: rows.flatMap((row) => Object.values(row)) })
    from += count
  }
}

/** `rows` say what the columns are, in the order that `toRow` writes them in. */
function statementFor(database: Kysely<Tables>, count: number, rows: readonly JudgmentRow[]): CompiledQuery {
  const known = statements.get(database) ?? new Map<number, CompiledQuery>()
  statements.set(database, known)
  const compiled = known.get(count) ?? compile(database, rows)
  known.set(count, compiled)
  return compiled
}

function compile(database: Kysely<Tables>, rows: readonly JudgmentRow[]): CompiledQuery {
  const columns = Object.keys(rows[0] ?? {}).map((name) => sql.ref(name))
  const values = rows.map((row) => sql`(${sql.join(Object.values(row))})`)
  return sql`insert into judgments (${sql.join(columns)}) values ${sql.join(values)}`.compile(database)
}
