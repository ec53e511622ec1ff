import { AssizeError } from '../errors.ts'
import type { RecordContent } from './dataset.ts'
import { type ColumnMapping, knownMapping, mappedFields } from './forms/column-mapping.ts'
import { readColumns } from './forms/columns-form.ts'
import { readMessagesForm, readPayloadForm } from './forms/messages-form.ts'
import { type Fields, isObject, RowFault, shownKind } from './forms/row-fields.ts'
import { readSharegptForm } from './forms/sharegpt-form.ts'
import { checkRecordContent } from './record-content.ts'
import type { Row } from './rows/row.ts'

/** How a row says a conversation; one for all rows of a file. */
export type RecordForm =
  | { readonly kind: 'payload' | 'messages' | 'sharegpt' }
  | { readonly kind: 'columns'; readonly mapping: ColumnMapping }

/** Why a row can't become a record: what, where, and what would be right. */
export interface Refusal {
  readonly reason: string
}

/**
 * Makes a row the content of a record.
 * @param value of one row, as `readRows` gives it
 */
export function toRecordContent(value: unknown, form: RecordForm): RecordContent | Refusal {
  if (!isObject(value)) return { reason: `The row is ${shownKind(value)}; expected an object.` }
  try {
    const content = readForm(value, form)
    return checkRecordContent(content)
  } catch (error) {
    if (error instanceof RowFault) return { reason: error.message }
    const isRefused = error instanceof AssizeError && error.situation === 'dataset_record_invalid'
    if (!isRefused) throw error
    // Only the form with a payload has a place of that name.
    return {
      reason: form.kind === 'payload' ? error.message : error.message.replace(/^payload\.(?=messages)/, ''),
    }
  }
}

function readForm(row: Fields, form: RecordForm): RecordContent {
  switch (form.kind) {
    case 'payload':
      return readPayloadForm(row)
    case 'messages':
      return readMessagesForm(row)
    case 'sharegpt':
      return readSharegptForm(row)
    case 'columns':
      return readColumns(row, form.mapping)
  }
}

/** The form of one row by the names of its fields, if it has a known one. */
function formOf(row: Fields): RecordForm | undefined {
  if ('payload' in row) return { kind: 'payload' }
  if ('messages' in row) return { kind: 'messages' }
  if ('conversations' in row) return { kind: 'sharegpt' }
  const mapping = knownMapping(new Set(Object.keys(row)))
  return mapping && { kind: 'columns', mapping }
}

/**
 * The form that most of these rows have, the first of those with as many.
 * @param mapping makes it columns; without it, the names of the fields say the form
 * @throws RowFault where no row has a known form, or the fields that the mapping names
 */
export function chooseForm(rows: readonly Row[], mapping?: ColumnMapping): RecordForm {
  const read = rows.flatMap((row) => ('value' in row && isObject(row.value) ? [row.value] : []))
  const fields = [...new Set(read.flatMap(Object.keys))]
  if (mapping !== undefined) {
    checkMapping(mapping, read, fields)
    return { kind: 'columns', mapping }
  }
  const counts = new Map<string, number>()
  for (const row of read) {
    const form = JSON.stringify(formOf(row) ?? null)
    if (form !== 'null') counts.set(form, (counts.get(form) ?? 0) + 1)
  }
  const [most] = [...counts].sort(([, one], [, other]) => other - one)
  if (most !== undefined) return JSON.parse(most[0])
  throw new RowFault(unknownForm(rows, fields))
}

function checkMapping(mapping: ColumnMapping, rows: readonly Fields[], fields: readonly string[]): void {
  const { input, output = input } = mapping
  // In a table each row has every column; elsewhere, what is seldom there may come later.
  const isTable = rows.every((row) => Object.keys(row).length === fields.length)
  const needed = isTable ? mappedFields(mapping).all : [input, output]
  const missing = needed.find((field) => !fields.includes(field))
  if (missing === undefined) return
  throw new RowFault(`The mapping names ${JSON.stringify(missing)}; ${tellFields(fields)}.`)
}

const mostShownFields = 30

function tellFields(fields: readonly string[]): string {
  if (fields.length === 0) return 'the first rows have no fields'
  const shown = fields.slice(0, mostShownFields).map((field) => JSON.stringify(field.slice(0, 60)))
  return `the first rows have the fields ${shown.join(', ')}${fields.length > mostShownFields ? ' and more' : ''}`
}

function unknownForm(rows: readonly Row[], fields: readonly string[]): string {
  const [first] = rows
  if (first === undefined) return 'The file has no rows.'
  if (fields.length === 0) {
    const reason = 'reason' in first ? first.reason : `It is ${shownKind(first.value)}; expected an object.`
    return `None of the first ${rows.length} rows can be read. Line ${first.line}: ${reason}`
  }
  const found = tellFields(fields)
  return `${found[0]?.toUpperCase()}${found.slice(1)}, which is no known form; expected "messages", "payload", "conversations", or a mapping that says which field is the input and which the output.`
}

/** The form in words, for people. */
export function describeForm(form: RecordForm): string {
  switch (form.kind) {
    case 'payload':
      return 'records with a payload'
    case 'messages':
      return 'chat messages'
    case 'sharegpt':
      return 'ShareGPT conversations'
    case 'columns':
      return describeMapping(form.mapping)
  }
}

function describeMapping({ input, context, output, system }: ColumnMapping): string {
  const parts = Object.entries({ system, input, context, output }).flatMap(([role, field]) =>
    field === undefined ? [] : [`${JSON.stringify(field)} as ${role}`],
  )
  return `columns, ${parts.join(', ')}`
}
