import type { DifferenceInterval } from './paired-shares.ts'
import { studentQuantile, studentTail } from './student-t.ts'

/** What is known of numbers that the same records have on two sides; differences are the second less the first. */
export interface PairedNumbersSummary {
  readonly count: number
  readonly means: { readonly first: number; readonly second: number }
  readonly difference: number
  /**
   * Where the true mean difference lies with 95% confidence, by Student's distribution; undefined for fewer than two
   * records, and where all differences are the same, so that nothing tells how far they vary.
   */
  readonly interval: DifferenceInterval | undefined
  /** Of the paired t-test, two-sided; undefined where the interval is. */
  readonly pValue: number | undefined
  /** Of the differences, divided by one less than their count; undefined for fewer than two. */
  readonly standardDeviation: number | undefined
  readonly meanAbsoluteDifference: number
  /** Pearson's, from -1 to 1; undefined where one side never changes. */
  readonly correlation: number | undefined
}

/**
 * Takes pairs of numbers one by one and keeps sums alone, so that there may be any number of them. Sums of squares
 * are kept about the running mean, which saves digits that plain sums of squares would lose.
 * @see Welford (1962), "Note on a method for calculating corrected sums of squares and products", Technometrics 4,
 *   419-420; Student (1908), "The probable error of a mean", Biometrika 6, 1-25, for the interval and the test
 */
export class PairedNumbers {
  #count = 0
  #absolute = 0
  readonly #first = new RunningMoments()
  readonly #second = new RunningMoments()
  readonly #difference = new RunningMoments()
  #coMoment = 0
  #largest = 0

  add(first: number, second: number): void {
    const beforeFirst = first - this.#first.mean
    this.#count += 1
    this.#absolute += Math.abs(second - first)
    this.#largest = Math.max(this.#largest, Math.abs(first), Math.abs(second))
    this.#first.add(first)
    this.#second.add(second)
    this.#difference.add(second - first)
    this.#coMoment += beforeFirst * (second - this.#second.mean)
  }

  /** Undefined without any pair. */
  summary(): PairedNumbersSummary | undefined {
    if (this.#count === 0) return undefined
    const count = this.#count
    const difference = this.#difference.mean
    const standardDeviation = count < 2 ? undefined : Math.sqrt(this.#difference.squares / (count - 1))
    return {
      count,
      means: { first: this.#first.mean, second: this.#second.mean },
      difference,
      ...studentTest(difference, this.#isConstant() ? undefined : standardDeviation, count),
      standardDeviation,
      meanAbsoluteDifference: this.#absolute / count,
      correlation: this.#correlation(),
    }
  }

  /** 0.3 - 0.2 and 0.4 - 0.3 are the same difference but for rounding, which is no spread to build on. */
  #isConstant(): boolean {
    return Math.sqrt(this.#difference.squares / this.#count) <= 8 * Number.EPSILON * this.#largest
  }

  #correlation(): number | undefined {
    if (this.#first.isConstant || this.#second.isConstant) return undefined
    const spread = Math.sqrt(this.#first.squares) * Math.sqrt(this.#second.squares)
    return spread > 0 ? Math.min(1, Math.max(-1, this.#coMoment / spread)) : undefined
  }
}

function studentTest(
  difference: number,
  standardDeviation: number | undefined,
  count: number,
): Pick<PairedNumbersSummary, 'interval' | 'pValue'> {
  if (standardDeviation === undefined) return { interval: undefined, pValue: undefined }
  const standardError = standardDeviation / Math.sqrt(count)
  const halfWidth = studentQuantile(count - 1) * standardError
  return {
    interval: { difference, low: difference - halfWidth, high: difference + halfWidth },
    pValue: studentTail(difference / standardError, count - 1),
  }
}

class RunningMoments {
  mean = 0
  /** The sum of squared distances from the mean. */
  squares = 0
  isConstant = true
  #count = 0
  #firstNumber = 0

  add(number: number): void {
    this.#count += 1
    if (this.#count === 1) this.#firstNumber = number
    this.isConstant &&= number === this.#firstNumber
    const before = number - this.mean
    this.mean += before / this.#count
    this.squares += before * (number - this.mean)
  }
}
