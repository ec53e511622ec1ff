import type { Output } from '../judges/definition.ts'

/**
 * How a distribution was got: from the probabilities that the model gave the tokens of its answer, from the answers
 * of several samples of one model, or from those of a panel's members.
 */
export type DistributionMethod = 'token_probabilities' | 'samples' | 'members'

export interface ClassificationDistribution {
  readonly type: 'CLASSIFICATION'
  /** A share for every option, in the output's order; 1 together. */
  readonly shares: ReadonlyMap<string, number>
  readonly method: DistributionMethod
}

export interface RegressionDistribution {
  readonly type: 'REGRESSION'
  readonly mean: number
  /** Of the distribution itself: sums of squares are divided by the count, not by one less. */
  readonly standardDeviation: number
  readonly method: DistributionMethod
}

/** How a judgment's answer is spread over what it could have been. */
export type Distribution = ClassificationDistribution | RegressionDistribution

/** An answer and how much it weighs. */
export type WeighedAnswer = readonly [answer: string | number, weight: number]

/**
 * The distribution of answers by their weights, which need not add up to 1.
 * @param answers valid by the output; at least one of them has a weight above 0
 */
export function distributionOf(
  answers: readonly WeighedAnswer[],
  output: Output,
  method: DistributionMethod,
): Distribution {
  const total = answers.reduce((sum, [, weight]) => sum + weight, 0)
  if (output.type === 'CLASSIFICATION') {
    const shares = new Map(output.options.map(({ value }) => [value, 0]))
    for (const [answer, weight] of answers) {
      shares.set(String(answer), (shares.get(String(answer)) ?? 0) + weight / total)
    }
    return { type: 'CLASSIFICATION', shares, method }
  }
  const mean = answers.reduce((sum, [answer, weight]) => sum + Number(answer) * weight, 0) / total
  const variance =
    answers.reduce((sum, [answer, weight]) => sum + (Number(answer) - mean) ** 2 * weight, 0) / total
  return { type: 'REGRESSION', mean, standardDeviation: Math.sqrt(variance), method }
}

/**
 * The mixture of distributions, each weighing the same. Averaging what the model gave after each of several
 * analyses estimates its distribution over all analyses, with less noise than counting the drawn answers.
 * @see https://en.wikipedia.org/wiki/Mixture_distribution#Moments
 * @param distributions of one output, at least one
 */
export function mixtureOf(distributions: readonly Distribution[], method: DistributionMethod): Distribution {
  const [first] = distributions
  if (first?.type === 'CLASSIFICATION') {
    const shares = new Map(first.shares)
    for (const value of shares.keys()) {
      shares.set(value, average(distributions.map((one) => shareOf(one, value))))
    }
    return { type: 'CLASSIFICATION', shares, method }
  }
  const parts = distributions.filter((one) => one.type === 'REGRESSION')
  const mean = average(parts.map((one) => one.mean))
  const variance = average(parts.map((one) => one.standardDeviation ** 2 + (one.mean - mean) ** 2))
  return { type: 'REGRESSION', mean, standardDeviation: Math.sqrt(variance), method }
}

function shareOf(distribution: Distribution, value: string): number {
  return distribution.type === 'CLASSIFICATION' ? (distribution.shares.get(value) ?? 0) : 0
}

function average(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0) / numbers.length
}

/** As doors show it: the share of each option by its value, or `mean` and `standard_deviation`. */
export function shownDistribution(distribution: Distribution): Record<string, number> {
  if (distribution.type === 'CLASSIFICATION') return Object.fromEntries(distribution.shares)
  return { mean: distribution.mean, standard_deviation: distribution.standardDeviation }
}
