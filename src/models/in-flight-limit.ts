import { WaitingLine } from './waiting-line.ts'

/**
 * Lets so many through at once; the others wait, first come, first served. Where a provider limits the rate,
 * fewer are let through, until it takes more again.
 */
export class InFlightLimit {
  readonly #most: number
  /** Grows by parts of one; what is whole of it counts. */
  #allowed: number
  #inFlight = 0
  #slowdowns = 0
  readonly #waiting = new WaitingLine<undefined>()

  constructor(most: number) {
    this.#most = most
    this.#allowed = most
  }

  /** How many are let through at once now. */
  allowedNow(): number {
    return Math.floor(this.#allowed)
  }

  /**
   * Runs `work` when it is its turn. Throws the signal's reason when it is aborted before.
   * @param isRateLimited whether the work's result says that too many were let through
   */
  async run<Result>(
    signal: AbortSignal,
    work: () => Promise<Result>,
    isRateLimited: (result: Result) => boolean = () => false,
  ): Promise<Result> {
    signal.throwIfAborted()
    if (this.#waiting.length === 0 && this.#hasRoom()) this.#inFlight += 1
    else await this.#waiting.wait(undefined, signal)
    const slowdowns = this.#slowdowns
    try {
      const result = await work()
      if (!isRateLimited(result)) this.#allowMore()
      else if (slowdowns === this.#slowdowns) this.#allowLess()
      return result
    } finally {
      this.#inFlight -= 1
      this.#letIn()
    }
  }

  #hasRoom(): boolean {
    return this.#inFlight < this.allowedNow()
  }

  #allowMore(): void {
    if (this.#allowed < this.#most) this.#allowed = Math.min(this.#most, this.#allowed + 1 / this.#allowed)
  }

  /** Once for all that were under way together: what they met is one limit. */
  #allowLess(): void {
    this.#slowdowns += 1
    this.#allowed = Math.max(1, this.#allowed / 2)
  }

  #letIn(): void {
    this.#waiting.letIn(() => {
      if (!this.#hasRoom()) return false
      this.#inFlight += 1
      return true
    })
  }
}
