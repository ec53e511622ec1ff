import type { RecordContent } from '../datasets/dataset.ts'
import { AssizeError } from '../errors.ts'
import type { Output } from '../judges/definition.ts'

/** What a person says to a judge's question on a record; null: that it can't be told. */
export type LabelValue = string | number | null

/** One person's label on one record, for one judge's question. */
export interface Label {
  readonly id: string
  readonly workspaceId: string
  readonly judgeId: string
  readonly recordId: string
  /** Whose label it is: a name, as the person or the import gave it. */
  readonly author: string
  readonly value: LabelValue
  readonly createdAt: Date
}

/**
 * Checks a label as an answer is checked, and gives it as the output spells it: an option whole, a number on the scale.
 * @param place where the label stands, for the message
 * @throws AssizeError `request_invalid`, which names what would be right
 */
export function checkLabel(value: unknown, output: Output, place: string): LabelValue {
  const known = labelOf(value, output)
  if (known !== undefined) return known
  const expected =
    output.type === 'CLASSIFICATION'
      ? `one of ${output.options.map((option) => JSON.stringify(option.value)).join(', ')}`
      : `a number from ${output.min} to ${output.max}`
  throw new AssizeError(
    'request_invalid',
    `${place}: expected ${expected}, or null where it can't be told; found ${JSON.stringify(value)}.`,
  )
}

/** A value as a label of this output; undefined where it is none, as after the judge's options changed. */
export function labelOf(value: unknown, output: Output): LabelValue | undefined {
  if (value === null) return null
  if (output.type === 'CLASSIFICATION') {
    return output.options.find((option) => option.value === value)?.value
  }
  const isOnScale = typeof value === 'number' && value >= output.min && value <= output.max
  return isOnScale ? value : undefined
}

/** A field of a record: of its payload, where judges don't see it, or else among its properties. Undefined without. */
export function fieldOf({ payload, properties }: RecordContent, field: string): unknown {
  if (Object.hasOwn(payload, field)) return payload[field]
  return Object.hasOwn(properties, field) ? properties[field] : undefined
}

/**
 * The labels that stand in a field: one, or an array of several people's. Those of an array are told apart by their
 * place: `author 1`, `author 2`.
 */
export function labelsIn(
  value: unknown,
  author: string,
): readonly { readonly author: string; readonly value: unknown }[] {
  if (!Array.isArray(value)) return [{ author, value }]
  return value.map((one, at) => ({ author: `${author} ${at + 1}`, value: one }))
}

/** What several people say together of one record. */
export type Consensus =
  | { readonly kind: 'label'; readonly value: string | number }
  /** Options with as many votes each, so that none is the majority. */
  | { readonly kind: 'tied' }
  /** Everybody says that it can't be told. */
  | { readonly kind: 'cannot_tell' }

/**
 * The label that several people give together: of options the one that most give, of numbers their mean. Those who
 * can't tell are left out.
 * @param values valid by the output, at least one
 */
export function consensusOf(values: readonly LabelValue[], output: Output): Consensus {
  const told = values.filter((value) => value !== null)
  if (told.length === 0) return { kind: 'cannot_tell' }
  if (output.type === 'REGRESSION') {
    return { kind: 'label', value: told.reduce((sum: number, value) => sum + Number(value), 0) / told.length }
  }
  const counts = new Map<string | number, number>()
  for (const value of told) counts.set(value, (counts.get(value) ?? 0) + 1)
  const most = Math.max(...counts.values())
  const [first, second] = [...counts].filter(([, count]) => count === most)
  return first === undefined || second !== undefined ? { kind: 'tied' } : { kind: 'label', value: first[0] }
}
