import type { Output } from '../judges/definition.ts'

/** How several answers become one: options by how many agree, numbers by what lies in their middle. */
export interface Rule {
  readonly options: 'majority' | 'unanimous'
  readonly numbers: 'mean' | 'median'
}

export const majorityAndMean: Rule = { options: 'majority', numbers: 'mean' }

/** How many of those asked must give the same option, or for numbers any answer, before there is one. */
function quorum(asked: number, output: Output, rule: Rule): number {
  return output.type === 'CLASSIFICATION' && rule.options === 'unanimous' ? asked : Math.floor(asked / 2) + 1
}

/**
 * The one answer that several give. Those who were asked and gave none abstain: they stay in the denominator.
 * @param answers those that were given, each valid by the output
 * @param asked how many were asked, no fewer than `answers`
 * @returns an option that a strict majority of all asked gave (or all of them), or the mean or median of numbers
 *   that a strict majority gave; undefined where there is none
 */
export function decide(
  answers: readonly (string | number)[],
  asked: number,
  output: Output,
  rule: Rule = majorityAndMean,
): string | number | undefined {
  const needed = quorum(asked, output, rule)
  if (output.type === 'CLASSIFICATION') {
    return [...countAnswers(answers)].find(([, count]) => count >= needed)?.[0]
  }
  if (answers.length < needed) return undefined
  const numbers = answers.map(Number).sort((one, other) => one - other)
  return rule.numbers === 'median' ? medianOf(numbers) : meanOf(numbers)
}

/** How often each answer was given. */
export function countAnswers(answers: readonly (string | number)[]): ReadonlyMap<string | number, number> {
  const counts = new Map<string | number, number>()
  for (const answer of answers) counts.set(answer, (counts.get(answer) ?? 0) + 1)
  return counts
}

/**
 * How many more samples to draw at once, so that none is drawn that could not matter: as many as the leading option
 * needs for its majority. 0 once the lead can't be overturned, or no option can reach a majority any more. Numbers
 * need all samples.
 * @param drawn how many ended so far, those without an answer included
 */
export function samplesNeeded(
  answers: readonly (string | number)[],
  drawn: number,
  asked: number,
  output: Output,
): number {
  const left = asked - drawn
  if (output.type === 'REGRESSION') return left
  const lead = Math.max(0, ...countAnswers(answers).values())
  const missing = quorum(asked, output, majorityAndMean) - lead
  return missing > left ? 0 : Math.max(0, missing)
}

/**
 * How far answers agree, from 0 to 1; null for fewer than two. For options the share of the most frequent one. For
 * numbers 1 less the standard deviation over the largest that the scale allows, which is half its width.
 * @see https://en.wikipedia.org/wiki/Popoviciu%27s_inequality_on_variances
 */
export function agreementOf(answers: readonly (string | number)[], output: Output): number | null {
  if (answers.length < 2) return null
  if (output.type === 'CLASSIFICATION') {
    return Math.max(...countAnswers(answers).values()) / answers.length
  }
  const mean = answers.reduce<number>((sum, answer) => sum + Number(answer), 0) / answers.length
  const variance =
    answers.reduce<number>((sum, answer) => sum + (Number(answer) - mean) ** 2, 0) / answers.length
  return 1 - Math.min(1, Math.sqrt(variance) / ((output.max - output.min) / 2))
}

/** Never outside of what it is the mean of, whatever rounding does. */
function meanOf(sorted: readonly number[]): number {
  const mean = sorted.reduce((sum, number) => sum + number, 0) / sorted.length
  return Math.min(Math.max(mean, sorted[0] ?? mean), sorted.at(-1) ?? mean)
}

function medianOf(sorted: readonly number[]): number {
  const upper = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
  const lower = sorted[Math.floor((sorted.length - 1) / 2)] ?? Number.NaN
  return lower + (upper - lower) / 2
}
