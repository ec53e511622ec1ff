import type { Output } from '../judges/definition.ts'
import type { Difference } from './run-comparison.ts'

interface ComparedOptions {
  readonly type: 'CLASSIFICATION'
  readonly options: readonly string[]
}

interface ComparedScale {
  readonly type: 'REGRESSION'
  readonly min: number
  readonly max: number
}

/** What answers are measured by. Descriptions are not: they are a part of what is compared. */
export type ComparedOutput = ComparedOptions | ComparedScale

/** What is known of one side before its judgments are read. */
export interface ComparedSide {
  readonly output: ComparedOutput
  /** What may differ, by its name: the revision, the model. */
  readonly traits: Readonly<Record<string, string | null>>
}

export function toComparedOutput(output: Output): ComparedOutput {
  if (output.type === 'REGRESSION') return { type: output.type, min: output.min, max: output.max }
  return { type: output.type, options: output.options.map(({ value }) => value) }
}

/** Why answers of two outputs are not measured alike; undefined where they are. */
export function whyIncomparable(first: ComparedOutput, second: ComparedOutput): string | undefined {
  if (first.type === 'CLASSIFICATION' && second.type === 'CLASSIFICATION') return whyOptions(first, second)
  if (first.type === 'REGRESSION' && second.type === 'REGRESSION') return whyScales(first, second)
  return `the first answers with ${kindOf(first)}, the second with ${kindOf(second)}`
}

function kindOf(output: ComparedOutput): string {
  return output.type === 'CLASSIFICATION' ? 'one of its options' : 'a number'
}

function whyOptions(
  { options: firsts }: ComparedOptions,
  { options: seconds }: ComparedOptions,
): string | undefined {
  const onlyFirst = firsts.filter((value) => !seconds.includes(value))
  const onlySecond = seconds.filter((value) => !firsts.includes(value))
  if (onlyFirst.length === 0 && onlySecond.length === 0) return undefined
  const parts = [
    ...(onlyFirst.length === 0 ? [] : [`only the first has ${listed(onlyFirst)}`]),
    ...(onlySecond.length === 0 ? [] : [`only the second has ${listed(onlySecond)}`]),
  ]
  return `the options differ: ${parts.join(', ')}`
}

function whyScales(first: ComparedScale, second: ComparedScale): string | undefined {
  if (first.min === second.min && first.max === second.max) return undefined
  return `the scales differ: the first goes from ${first.min} to ${first.max}, the second from ${second.min} to ${second.max}`
}

const mostListed = 10

function listed(values: readonly string[]): string {
  const shown = values.slice(0, mostListed).map((value) => JSON.stringify(value))
  const rest = values.length - shown.length
  return rest === 0 ? shown.join(', ') : `${shown.join(', ')} and ${rest} more`
}

/** What differs between two sides, in the order in which the first has it. */
export function differencesOf(first: ComparedSide, second: ComparedSide): readonly Difference[] {
  const names = [...new Set([...Object.keys(first.traits), ...Object.keys(second.traits)])]
  return names.flatMap((what) => {
    const [one, other] = [first.traits[what] ?? null, second.traits[what] ?? null]
    return one === other ? [] : [{ what, first: unlessLong(one), second: unlessLong(other) }]
  })
}

const longestShown = 200

function unlessLong(value: string | null): string | null {
  return value !== null && value.length > longestShown ? null : value
}
