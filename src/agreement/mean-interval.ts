import { studentQuantile } from './student-t.ts'

/** A mean, and where the true mean lies with 95% confidence. */
export interface MeanInterval {
  readonly mean: number
  readonly low: number
  readonly high: number
}

/** Adds numbers up one by one, and keeps none of them. */
export class MeanTally {
  #count = 0
  #mean = 0
  #squares = 0

  /** @see Welford (1962), "Note on a method for calculating corrected sums of squares and products", Technometrics 4 */
  add(number: number): void {
    this.#count += 1
    const distance = number - this.#mean
    this.#mean += distance / this.#count
    this.#squares += distance * (number - this.#mean)
  }

  get count(): number {
    return this.#count
  }

  /** Undefined where there are no numbers. */
  get mean(): number | undefined {
    return this.#count === 0 ? undefined : this.#mean
  }

  /**
   * Student's interval of the mean; undefined of fewer than two numbers, and of numbers that are all the same: how far
   * others would spread is not known then.
   * @see Student (1908), "The probable error of a mean", Biometrika 6
   */
  interval(): MeanInterval | undefined {
    if (this.#count < 2 || this.#squares === 0) return undefined
    const standardError = Math.sqrt(this.#squares / (this.#count - 1) / this.#count)
    const halfWidth = studentQuantile(this.#count - 1) * standardError
    return { mean: this.#mean, low: this.#mean - halfWidth, high: this.#mean + halfWidth }
  }
}
