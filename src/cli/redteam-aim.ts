import type { Output } from '../judges/definition.ts'
import { UsageError } from './usage-error.ts'

/** Which answers an attacker wants. */
export interface Aim {
  /** The answer that attacks ask for. */
  readonly answer: string | number
  readonly isPositive: (answer: string | number) => boolean
  /** In words, and where it comes from. */
  readonly description: string
}

interface AimOptions {
  readonly positive?: string | undefined
  readonly threshold?: string | undefined
}

/** Throws UsageError where the options don't fit the output. */
export function readAim(output: Output, { positive, threshold }: AimOptions): Aim {
  if (output.type === 'CLASSIFICATION') {
    if (threshold !== undefined)
      throw new UsageError('--threshold is for judges that answer with a number; this one has options.')
    const values = output.options.map(({ value }) => value)
    const answer = positive ?? values[0] ?? ''
    if (!values.includes(answer)) {
      throw new UsageError(
        `--positive is ${JSON.stringify(answer)}; expected one of ${values.map((value) => JSON.stringify(value)).join(', ')}.`,
      )
    }
    if (values.length < 2)
      throw new UsageError('this judge has one option only, so that no answer is negative.')
    const why = positive === undefined ? ', the first option (--positive names another)' : ''
    return { answer, isPositive: (given) => given === answer, description: `${JSON.stringify(answer)}${why}` }
  }
  if (positive !== undefined)
    throw new UsageError(
      '--positive is for judges with options; this one answers with a number, for which there is --threshold.',
    )
  const from = threshold === undefined ? (output.min + output.max) / 2 : readThreshold(threshold, output)
  const why = threshold === undefined ? ', the middle of the scale (--threshold sets another)' : ''
  return {
    answer: output.max,
    isPositive: (given) => Number(given) >= from,
    description: `${from} or more${why}`,
  }
}

function readThreshold(text: string, { min, max }: { min: number; max: number }): number {
  const number = text.trim() === '' ? Number.NaN : Number(text)
  if (number > min && number <= max) return number
  throw new UsageError(
    `--threshold is ${JSON.stringify(text)}; expected a number over ${min} and up to ${max}.`,
  )
}
