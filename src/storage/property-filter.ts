import { type RawBuilder, sql } from 'kysely'
import type { PropertyFilter, PropertyValue } from '../runs/run.ts'
import { keptJson, keptText } from './kept-text.ts'

type Condition = RawBuilder<unknown>

/** Whether a property in a column of JSON, as `table.column`, is one of these values; of no values, none is. */
export type HasProperty = (column: string, name: string, values: readonly PropertyValue[]) => Condition

/** Whether the properties in a column of JSON, as `table.column`, are what a filter asks for. */
export function hasProperties(
  column: string,
  filter: PropertyFilter | null,
  hasProperty: HasProperty,
): Condition {
  const conditions = Object.entries(filter ?? {}).map(([name, wanted]) => {
    const values = Array.isArray(wanted) ? (wanted as readonly PropertyValue[]) : [wanted as PropertyValue]
    return values.length === 0 ? sql`false` : hasProperty(column, keptText(name), values)
  })
  return conditions.length === 0 ? sql`true` : sql.join(conditions, sql` and `)
}

/** By the rows of `json_each`, for a path would have to spell the name, and `->>` forgets what is text. */
export const sqliteHasProperty: HasProperty = (column, name, values) => {
  const strings = values.filter((value) => typeof value === 'string').map(keptText)
  const numbers = values.filter((value) => typeof value === 'number')
  const words = values.filter((value) => value === null || typeof value === 'boolean').map(String)
  const isAny = [
    ...(strings.length > 0
      ? [sql`(property.type = 'text' and property.atom in (${sql.join(strings)}))`]
      : []),
    ...(numbers.length > 0
      ? [sql`(property.type in ('integer', 'real') and property.atom in (${sql.join(numbers)}))`]
      : []),
    ...(words.length > 0 ? [sql`property.type in (${sql.join(words)})`] : []),
  ]
  return sql`exists (
    select 1 from json_each(${sql.ref(column)}) as property
    where property.key = ${name} and (${sql.join(isAny, sql` or `)})
  )`
}

/** As JSON, whose strings, numbers and words are never equal to each other. */
export const postgresHasProperty: HasProperty = (column, name, values) => {
  const wanted = values.map((value) => sql`${keptJson(value)}::jsonb`)
  return sql`${sql.ref(column)}::jsonb -> ${name}::text in (${sql.join(wanted)})`
}
