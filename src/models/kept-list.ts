import { orAborted } from './or-aborted.ts'

const askTimeoutMs = 3000
const keptMs = 300_000
/** After a failure it is asked again sooner, but not by every caller. */
const keptAfterFailureMs = 30_000

/** A list that someone else gives: kept for a while, asked for once for all who wait, and for its own good time. */
export class KeptList<Item> implements AsyncDisposable {
  readonly #ask: (signal: AbortSignal) => Promise<readonly Item[]>
  readonly #elapsedMs: () => number
  readonly #closing = new AbortController()
  #last: readonly Item[] | undefined
  #freshUntilMs = Number.NEGATIVE_INFINITY
  #asking: Promise<void> | undefined

  /** @param elapsedMs a clock that never goes back */
  constructor(
    ask: (signal: AbortSignal) => Promise<readonly Item[]>,
    elapsedMs: () => number = () => performance.now(),
  ) {
    this.#ask = ask
    this.#elapsedMs = elapsedMs
  }

  /** @returns the last list that was got; undefined when none ever was. Throws the signal's reason. */
  async get(signal: AbortSignal): Promise<readonly Item[] | undefined> {
    signal.throwIfAborted()
    if (this.#asking === undefined && this.#elapsedMs() >= this.#freshUntilMs) this.#asking = this.#refresh()
    if (this.#asking !== undefined) await orAborted(this.#asking, signal)
    return this.#last
  }

  /** The last list that was got, without waiting for a newer one, which is asked for in the background. */
  last(): readonly Item[] | undefined {
    if (this.#asking === undefined && this.#elapsedMs() >= this.#freshUntilMs) this.#asking = this.#refresh()
    return this.#last
  }

  async #refresh(): Promise<void> {
    try {
      const timeout = AbortSignal.timeout(askTimeoutMs)
      this.#last = await this.#ask(AbortSignal.any([this.#closing.signal, timeout]))
      this.#freshUntilMs = this.#elapsedMs() + keptMs
    } catch {
      this.#freshUntilMs = this.#elapsedMs() + keptAfterFailureMs
    } finally {
      this.#asking = undefined
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort()
    await this.#asking
  }
}
