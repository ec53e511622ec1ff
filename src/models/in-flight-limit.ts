/** Lets so many through at once; the others wait, first come, first served. */
export class InFlightLimit {
  readonly #max: number
  #inFlight = 0
  readonly #waiting = new Set<() => void>()

  constructor(max: number) {
    this.#max = max
  }

  /** Runs `work` when it is its turn. Throws the signal's reason when it is aborted before. */
  async run<Result>(signal: AbortSignal, work: () => Promise<Result>): Promise<Result> {
    signal.throwIfAborted()
    if (this.#inFlight < this.#max) this.#inFlight += 1
    else await this.#turn(signal)
    try {
      return await work()
    } finally {
      this.#passOn()
    }
  }

  /** The one who leaves hands its place on, so that nobody who comes later can take it. */
  #passOn(): void {
    const [next] = this.#waiting
    if (next === undefined) this.#inFlight -= 1
    else next()
  }

  #turn(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        this.#waiting.delete(enter)
        signal.removeEventListener('abort', giveUp)
      }
      const enter = (): void => {
        leave()
        resolve()
      }
      const giveUp = (): void => {
        leave()
        reject(signal.reason)
      }
      this.#waiting.add(enter)
      signal.addEventListener('abort', giveUp, { once: true })
    })
  }
}
