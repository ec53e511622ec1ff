import { mean } from './sums.ts'

/** A number that humans gave a record, and the one that a judge answered. */
export type NumberPair = readonly [label: number, answer: number]

/** The mean distance between label and answer, in units of the scale; undefined without any. */
export function meanAbsoluteError(pairs: readonly NumberPair[]): number | undefined {
  return pairs.length === 0 ? undefined : mean(pairs.map(([label, answer]) => Math.abs(label - answer)))
}

/**
 * Pearson's correlation, from -1 to 1; undefined where one side never changes.
 * @see https://en.wikipedia.org/wiki/Pearson_correlation_coefficient#For_a_sample
 */
export function pearsonCorrelation(pairs: readonly NumberPair[]): number | undefined {
  const labels = deviations(pairs.map(([label]) => label))
  const answers = deviations(pairs.map(([, answer]) => answer))
  const spread = Math.sqrt(sumOfProducts(labels, labels)) * Math.sqrt(sumOfProducts(answers, answers))
  if (!(spread > 0)) return undefined
  return Math.min(1, Math.max(-1, sumOfProducts(labels, answers) / spread))
}

/**
 * Spearman's correlation: Pearson's of the ranks, where equal numbers share the mean of theirs.
 * @see https://en.wikipedia.org/wiki/Spearman%27s_rank_correlation_coefficient
 */
export function spearmanCorrelation(pairs: readonly NumberPair[]): number | undefined {
  const labels = ranks(pairs.map(([label]) => label))
  const answers = ranks(pairs.map(([, answer]) => answer))
  return pearsonCorrelation(labels.map((label, at) => [label, answers[at] ?? Number.NaN]))
}

/** The rank of each number, from 1; equal ones share the mean of theirs. */
export function ranks(numbers: readonly number[]): readonly number[] {
  const sorted = [...numbers].sort((one, other) => one - other)
  const first = new Map<number, number>()
  const last = new Map<number, number>()
  sorted.forEach((number, at) => {
    if (!first.has(number)) first.set(number, at + 1)
    last.set(number, at + 1)
  })
  return numbers.map((number) => ((first.get(number) ?? 0) + (last.get(number) ?? 0)) / 2)
}

/** Exactly 0 for numbers that are all the same, whatever rounding does to their mean. */
function deviations(numbers: readonly number[]): readonly number[] {
  if (numbers.every((number) => number === numbers[0])) return numbers.map(() => 0)
  const middle = mean(numbers)
  return numbers.map((number) => number - middle)
}

function sumOfProducts(left: readonly number[], right: readonly number[]): number {
  return left.reduce((sum, number, at) => sum + number * (right[at] ?? Number.NaN), 0)
}
