import { hash } from 'node:crypto'
import type { RecordContent } from '../datasets/dataset.ts'
import type { Definition } from '../judges/definition.ts'
import { fromDefinition } from '../judges/definition-document.ts'
import type { Material } from '../judging/judging.ts'

/** A record of a file that is to be judged. */
export interface RunItem {
  /** From 1. */
  readonly line: number
  /** The record's own, or its line. */
  readonly id: string | number
  readonly content: RecordContent
  /** What judges see of it. */
  readonly material: Material
  /** The same for records that say the same under the same id. */
  readonly fingerprint: string
}

/** A line that holds no record. */
export interface RefusedLine {
  readonly line: number
  /** A sentence. */
  readonly reason: string
}

/** What judges see of a record, and which one it is: its field or property `id`, where that is text or a number. */
export function toItem(line: number, content: RecordContent): RunItem {
  const { payload, properties } = content
  const material = { messages: payload.messages as readonly unknown[], properties }
  const id = [payload.id, properties.id].find(isId) ?? line
  return { line, id, content, material, fingerprint: fingerprintOf([id, material]) }
}

function isId(value: unknown): value is string | number {
  return typeof value === 'number' || (typeof value === 'string' && value !== '')
}

/** Of what decides a judge's answers: its name and description don't. */
export function judgeFingerprint(definition: Definition, samples: number): string {
  const { name, description, ...rest } = fromDefinition(definition)
  return fingerprintOf([rest, samples])
}

/** Shortened SHA-256 in hexadecimal digits: enough to tell what differs apart. */
function fingerprintOf(value: unknown): string {
  return hash('sha256', JSON.stringify(value), 'hex').slice(0, 32)
}
