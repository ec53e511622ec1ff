import type { Material } from '../../api/shapes.ts'

/** A conversation to try a judge on. */
export interface Sample extends Material {
  readonly id: string
  /** Where it comes from, for people. */
  readonly title: string
}

/**
 * Conversations from pasted text: a JSON array of messages, an object with `messages`, an array of such objects, or one a line.
 * @throws Error which says what was found and what would be right
 */
export function readPasted(text: string): Material[] {
  const whole = parsed(text)
  const values = whole === undefined ? text.split('\n').filter(isWritten).map(parsedLine) : listed(whole)
  if (values.length === 0) throw new Error('There is nothing; expected a conversation as JSON.')
  return values.map(toMaterial)
}

function isWritten(line: string): boolean {
  return line.trim() !== ''
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function parsedLine(line: string, index: number): unknown {
  const value = parsed(line)
  if (value === undefined) throw new Error(`Line ${index + 1} is no JSON; expected one conversation a line.`)
  return value
}

/** An array of messages is one conversation, one of conversations several. */
function listed(value: unknown): unknown[] {
  if (!Array.isArray(value)) return [value]
  return value.some((item) => typeof item === 'object' && item !== null && 'role' in item) ? [value] : value
}

function toMaterial(value: unknown, index: number): Material {
  const place = `Conversation ${index + 1}`
  if (Array.isArray(value)) return { messages: value }
  if (typeof value !== 'object' || value === null)
    throw new Error(`${place} is no object; expected {"messages": [...]} or an array of messages.`)
  const { payload = value, properties } = value as { payload?: object; properties?: Material['properties'] }
  const { messages } = payload as { messages?: unknown }
  if (!Array.isArray(messages))
    throw new Error(
      `${place} has no messages; expected {"messages": [{"role": "user", "content": "..."}, ...]}.`,
    )
  return { messages, ...(properties !== undefined && { properties }) }
}

/** The beginning of what was said last, to tell conversations apart. */
export function titleOf({ messages }: Material): string {
  const texts = messages.flatMap((message) => {
    const { content } = (message ?? {}) as { content?: unknown }
    return typeof content === 'string' && content.trim() !== '' ? [content.trim()] : []
  })
  const last = texts.at(-1) ?? 'a conversation without text'
  return last.length > 80 ? `${last.slice(0, 80)}…` : last
}
