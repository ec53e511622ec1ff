/** A row that is an object. */
export type Fields = Readonly<Record<string, unknown>>

/** What is wrong with a row, as a whole sentence. */
export class RowFault extends Error {
  override readonly name = 'RowFault'
}

export function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** @example shownKind(null) // "null" */
export function shownKind(value: unknown): string {
  if (value === null) return 'null'
  if (value === undefined) return 'missing'
  if (Array.isArray(value)) return 'an array'
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`
}

export function fault(place: string, value: unknown, expected: string): RowFault {
  return new RowFault(`${place} is ${shownKind(value)}; expected ${expected}.`)
}

/**
 * A field that is no text in itself. A CSV has nothing but text, and so have other files that were made of tables:
 * text is read as JSON.
 * @throws RowFault
 */
export function structured(row: Fields, field: string): unknown {
  const value = row[field]
  if (typeof value !== 'string') return value
  if (value.trim() === '') return undefined
  return readJson(field, value)
}

/** @throws RowFault */
export function readJson(field: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new RowFault(`${field} is text that is no JSON: ${(error as Error).message}.`)
  }
}

/** @throws RowFault */
export function propertiesOf(row: Fields): Fields {
  const properties = structured(row, 'properties') ?? {}
  if (!isObject(properties)) throw fault('properties', properties, 'an object')
  return properties
}

export function without(row: Fields, ...fields: readonly string[]): Fields {
  return Object.fromEntries(Object.entries(row).filter(([field]) => !fields.includes(field)))
}
