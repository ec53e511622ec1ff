import type { RecordContent } from '../dataset.ts'
import { type ColumnMapping, hiddenFields, mappedFields } from './column-mapping.ts'
import { type Fields, fault, propertiesOf, readJson, without } from './row-fields.ts'

/**
 * A conversation of one question and its answer, each in a field of its own. What becomes neither message nor property
 * stays in the payload, where no judge sees it.
 * @throws RowFault
 */
export function readColumns(row: Fields, mapping: ColumnMapping): RecordContent {
  const read = withJson(row, mapping.json ?? [])
  const { roles } = mappedFields(mapping)
  const rest = without(read, ...roles)
  const messages = messagesOf(read, mapping)
  if (mapping.properties !== undefined) {
    const named = mapping.properties.flatMap((field) => (field in read ? [[field, read[field]]] : []))
    return {
      payload: { ...without(rest, ...mapping.properties), messages },
      properties: Object.fromEntries(named),
    }
  }
  const hidden = Object.entries(rest).filter(([field]) => hiddenFields.includes(field))
  return {
    payload: { ...Object.fromEntries(hidden), messages },
    properties: { ...without(rest, 'properties', ...hiddenFields), ...propertiesOf(rest) },
  }
}

function withJson(row: Fields, json: readonly string[]): Fields {
  if (json.length === 0) return row
  const read = Object.entries(row).flatMap(([field, value]) => {
    if (!json.includes(field) || typeof value !== 'string') return [[field, value]]
    // An empty cell is how a table says that there is nothing.
    return value.trim() === '' ? [] : [[field, readJson(field, value)]]
  })
  return Object.fromEntries(read)
}

function messagesOf(row: Fields, { input, context, output, system }: ColumnMapping): unknown[] {
  const asked = said(row, input)
  const added = context === undefined ? '' : said(row, context, '')
  const instructions = system === undefined ? '' : said(row, system, '')
  return [
    ...(instructions === '' ? [] : asMessages('system', instructions)),
    ...asMessages('user', typeof asked === 'string' && added !== '' ? `${asked}\n\n${added}` : asked),
    ...(output === undefined ? [] : asMessages('assistant', said(row, output))),
  ]
}

/** What a field says: text, a number or a truth value as text, or messages. */
function said(row: Fields, field: string, otherwise?: string): string | readonly unknown[] {
  const value = row[field] ?? otherwise
  if (typeof value === 'string' || Array.isArray(value)) return value
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  throw fault(JSON.stringify(field), value, 'a text')
}

function asMessages(role: string, content: string | readonly unknown[]): readonly unknown[] {
  return typeof content === 'string' ? [{ role, content }] : content
}
