import { type RawBuilder, sql } from 'kysely'

/** What an insert does that meets a row of the same key: it adds these columns to those of that row. */
export function adding<Column extends string>(
  table: string,
  columns: readonly Column[],
): Record<Column, RawBuilder<number>> {
  const sums = columns.map((column) => [
    column,
    sql<number>`${sql.ref(`${table}.${column}`)} + ${sql.ref(`excluded.${column}`)}`,
  ])
  return Object.fromEntries(sums) as Record<Column, RawBuilder<number>>
}
