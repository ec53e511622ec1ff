import { AssizeError } from '../errors.ts'
import { isDeeperThan, mostLevels, readConversation } from '../judging/conversation.ts'
import type { RecordContent } from './dataset.ts'

/** Of a record's payload and properties together, as JSON. */
export const mostRecordBytes = 4_000_000

/**
 * Checks what a record is to hold, so that whatever is kept can be judged.
 * @param content as it was written; left out or null, `properties` are none
 * @throws AssizeError `dataset_record_invalid` with the place that is wrong
 */
export function checkRecordContent(content: {
  readonly payload: unknown
  readonly properties?: unknown
}): RecordContent {
  const { payload, properties = null } = content
  if (!isObject(payload)) throw invalid('payload', `is ${kindOf(payload)}`, 'an object with messages')
  if (properties !== null && !isObject(properties)) {
    throw invalid('properties', `is ${kindOf(properties)}`, 'an object')
  }
  const { messages } = payload
  if (!Array.isArray(messages)) {
    throw invalid('payload.messages', `is ${kindOf(messages)}`, 'an array of chat messages')
  }
  if (isDeeperThan(mostLevels, payload))
    throw invalid('payload', 'nests too deep', `at most ${mostLevels} levels`)
  const checked = { payload, properties: properties ?? {} }
  checkConversation(messages, checked.properties)
  checkSize(checked)
  return checked
}

function checkConversation(messages: readonly unknown[], properties: RecordContent['properties']): void {
  try {
    readConversation(messages, properties)
  } catch (error) {
    if (!(error instanceof AssizeError) || error.situation !== 'conversation_invalid') throw error
    // The conversation's reader says `messages[0].role ...` or `properties ...`.
    const place = error.message.startsWith('messages') ? 'payload.' : ''
    throw new AssizeError('dataset_record_invalid', `${place}${error.message}`, { cause: error })
  }
}

function checkSize(content: RecordContent): void {
  const bytes =
    Buffer.byteLength(JSON.stringify(content.payload)) + Buffer.byteLength(JSON.stringify(content.properties))
  if (bytes <= mostRecordBytes) return
  throw invalid(
    'payload and properties',
    `have ${bytes.toLocaleString('en')} bytes as JSON`,
    `at most ${mostRecordBytes.toLocaleString('en')} together`,
  )
}

function invalid(place: string, found: string, expected: string): AssizeError {
  return new AssizeError('dataset_record_invalid', `${place} ${found}; expected ${expected}.`)
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function kindOf(value: unknown): string {
  if (value === null) return 'null'
  if (value === undefined) return 'missing'
  if (Array.isArray(value)) return 'an array'
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`
}
