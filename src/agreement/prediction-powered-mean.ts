import { studentQuantile } from './student-t.ts'
import { mean, sum } from './sums.ts'

/** Records of a run whose answers are numbers. */
export interface NumberStratum {
  /** Of the records that people labelled: the label, and the judge's answer. */
  readonly labelled: readonly (readonly [label: number, answer: number])[]
  /** The judge's answers on the others. */
  readonly unlabelled: readonly number[]
}

/** What the mean of people's labels over all answered records is, with a 95% interval; in units of the scale. */
export interface MeanEstimate {
  readonly mean: number
  readonly low: number
  readonly high: number
  /** The standard error. */
  readonly error: number
  /** How much of the judge's answers is used, from 0 (nothing: the labels alone) to 1; the mean over strata. */
  readonly power: number
}

/**
 * The mean label over all answered records: the judge's mean on the unlabelled ones, corrected by how far labels and
 * answers are apart on the labelled ones. Power tuning weighs the judge by how much it tells, so that the interval is
 * never wider than that of the labels alone but by chance. With several strata, each is estimated by itself and
 * weighed by its size; inside a stratum the labelled records must have been picked by chance. The interval is that of
 * Student's distribution, where the paper takes the normal one: with few labels the latter holds too seldom.
 * @param strata each with two labelled records at least
 * @see Angelopoulos, Duchi and Zrnic (2023), PPI++: efficient prediction-powered inference, arXiv 2311.01453, section
 *   6.1; Fisch and others (2024), Stratified prediction-powered inference, arXiv 2406.04291
 */
export function predictionPoweredMean(strata: readonly NumberStratum[]): MeanEstimate {
  const total = sum(strata.map(sizeOf))
  let [mean, variance, power] = [0, 0, 0]
  for (const stratum of strata) {
    const weight = sizeOf(stratum) / total
    const estimate = estimateOf(stratum)
    mean += weight * estimate.mean
    variance += weight ** 2 * estimate.variance
    power += weight * estimate.power
  }
  const error = Math.sqrt(variance)
  const labels = sum(strata.map(({ labelled }) => labelled.length))
  const halfWidth = error * studentQuantile(Math.max(1, labels - strata.length))
  return { mean, low: mean - halfWidth, high: mean + halfWidth, error, power }
}

function sizeOf({ labelled, unlabelled }: NumberStratum): number {
  return labelled.length + unlabelled.length
}

function estimateOf({ labelled, unlabelled }: NumberStratum): {
  mean: number
  variance: number
  power: number
} {
  const labels = labelled.map(([label]) => label)
  if (unlabelled.length === 0) {
    return { mean: mean(labels), variance: varianceOf(labels) / labels.length, power: 0 }
  }
  const answers = labelled.map(([, answer]) => answer)
  const power = tunedPower(labels, answers, unlabelled)
  const rectified = labelled.map(([label, answer]) => label - power * answer)
  return {
    mean: power * mean(unlabelled) + mean(rectified),
    variance:
      (power ** 2 * varianceOf(unlabelled)) / unlabelled.length + varianceOf(rectified) / rectified.length,
    power,
  }
}

/** The power with the least variance: the labels' covariance with the answers, over the answers' variance, shrunk. */
function tunedPower(
  labels: readonly number[],
  answers: readonly number[],
  unlabelled: readonly number[],
): number {
  const spread = varianceOf([...answers, ...unlabelled])
  if (!(spread > 0)) return 0
  const power = covarianceOf(labels, answers) / ((1 + labels.length / unlabelled.length) * spread)
  return Math.min(1, Math.max(0, power))
}

function varianceOf(numbers: readonly number[]): number {
  return covarianceOf(numbers, numbers)
}

/** Of a sample: divided by one less than its count. */
function covarianceOf(left: readonly number[], right: readonly number[]): number {
  if (left.length < 2) return 0
  const [leftMean, rightMean] = [mean(left), mean(right)]
  const products = left.map((number, at) => (number - leftMean) * ((right[at] ?? Number.NaN) - rightMean))
  return sum(products) / (left.length - 1)
}
