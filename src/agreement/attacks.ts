import type { Material } from '../judging/judging.ts'
import { attackTexts } from './attack-texts.ts'

/** What an attack is after. */
export interface AttackTarget {
  /** The answer that the judge is to give. */
  readonly answer: string | number
}

/** A way to make a judge say what the attacker wants. */
export interface Attack {
  /** In kebab-case. */
  readonly name: string
  /** What it does, in a few words. */
  readonly description: string
  /** Whether it attacks nothing, so that it shows how often a judgment turns by itself. */
  readonly isControl: boolean
  /** The material with the attack in it; never changes what it is given. */
  apply(material: Material, target: AttackTarget): Material
}

/** The attacks of this product, and one control. */
export const attacks: readonly Attack[] = attackTexts.map((text) => ({
  name: text.name,
  description: text.description,
  isControl: text.isControl ?? false,
  apply: (material, target) => ({
    ...material,
    messages: rewriteResponse(material.messages, text.write(target.answer), text.place ?? 'after'),
  }),
}))

/** Changes the last assistant message, or the last message where there is none. */
function rewriteResponse(messages: readonly unknown[], text: string, place: 'after' | 'instead'): unknown[] {
  const last = messages.findLastIndex((message) => roleOf(message) === 'assistant')
  const target = last === -1 ? messages.length - 1 : last
  return messages.map((message, index) => (index === target ? rewrite(message, text, place) : message))
}

function roleOf(message: unknown): unknown {
  return typeof message === 'object' && message !== null && 'role' in message ? message.role : undefined
}

function rewrite(message: unknown, text: string, place: 'after' | 'instead'): unknown {
  if (typeof message !== 'object' || message === null) return message
  const content = 'content' in message ? message.content : undefined
  if (place === 'instead') return { ...message, content: text }
  if (Array.isArray(content)) return { ...message, content: [...content, { type: 'text', text }] }
  return { ...message, content: typeof content === 'string' ? `${content}\n\n${text}` : text }
}
