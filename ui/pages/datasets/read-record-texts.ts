import type { RecordContent } from '../../api/records.ts'

/**
 * A record as it was written by hand.
 * @throws Error which says which part is no JSON object
 */
export function readRecordTexts({
  payload,
  properties,
}: Readonly<Record<keyof RecordContent, string>>): RecordContent {
  return {
    payload: readObject(payload, 'The messages'),
    properties: readObject(properties, 'The properties'),
  }
}

function readObject(text: string, what: string): Readonly<Record<string, unknown>> {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw new Error(`${what} are no JSON: ${(cause as Error).message}`, { cause })
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>
  throw new Error(`${what} are no object; expected {...}.`)
}
