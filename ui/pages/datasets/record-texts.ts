import { readMessages } from '../../components/conversation/read-messages.ts'

const mostCharacters = 300

/** The beginning of what a role said last, on one line; empty where it said nothing. */
export function lastSaid(messages: readonly unknown[], role: string): string {
  const message = readMessages(messages).findLast((one) => one.role === role)
  if (message === undefined) return ''
  const texts = message.parts.flatMap((part) => (part.kind === 'text' ? [part.text] : []))
  const said = texts.join(' ').slice(0, mostCharacters).replaceAll(/\s+/g, ' ')
  const calls = message.toolCalls.map(({ name }) => `calls ${name}`).join(', ')
  return [said, calls].filter((text) => text !== '').join(' · ')
}

/** A property's value on one line. */
export function shortValue(value: unknown): string {
  if (value === undefined) return ''
  return (typeof value === 'string' ? value : JSON.stringify(value)).slice(0, mostCharacters)
}
