import type { ModelRequest, ToolCall } from '../../judging/model.ts'
import { parseJson } from '../parse-json.ts'

/** The ids of all calls that a request already holds. */
export function idsOf({ messages }: Pick<ModelRequest, 'messages'>): ReadonlySet<string> {
  return new Set(messages.flatMap(({ toolCalls = [] }) => toolCalls.map(({ id }) => id)))
}

/**
 * Ids for the calls of one reply: providers match results with calls by them, and refuse one that comes twice. Those
 * that the provider gave are kept where they can be.
 * @param given as the provider gave them
 * @param taken by calls of earlier replies
 */
export function uniqueIds(
  given: readonly (string | null | undefined)[],
  taken: ReadonlySet<string>,
): readonly string[] {
  const used = new Set([...taken, ...given.filter((id) => id != null)])
  const kept = new Set(taken)
  let made = 0
  return given.map((id) => {
    if (id && !kept.has(id)) {
      kept.add(id)
      return id
    }
    // Mistral takes none but nine letters and digits.
    let next = ''
    do {
      made += 1
      next = `call${String(made).padStart(5, '0')}`
    } while (used.has(next))
    used.add(next)
    return next
  })
}

/** A call as a provider takes it back. */
interface RepeatableCall {
  readonly name: string
  readonly arguments: Readonly<Record<string, unknown>>
  /** The arguments as JSON. */
  readonly text: string
}

/**
 * Mends a call for the next request: a provider may refuse a conversation for ever in which a name or the arguments
 * are not what they must be. The model is told in the call's result what was wrong.
 */
export function repeatableCall({
  name,
  arguments: text,
}: Pick<ToolCall, 'name' | 'arguments'>): RepeatableCall {
  const args = parseJson(text)
  const isObject = typeof args === 'object' && args !== null && !Array.isArray(args) && canBeWritten(args)
  return {
    name: name.replace(/[^\w-]/g, '_').slice(0, 64) || 'unnamed',
    ...(isObject
      ? { arguments: args as Readonly<Record<string, unknown>>, text }
      : { arguments: {}, text: '{}' }),
  }
}

/** What is nested deep can be read, and not be written. */
function canBeWritten(value: unknown): boolean {
  try {
    JSON.stringify(value)
    return true
  } catch {
    return false
  }
}
