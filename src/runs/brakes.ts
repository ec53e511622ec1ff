import { AssizeError } from '../errors.ts'
import type { FlaggedJudgment, Outcome } from '../judging/judgment.ts'

/** After so many judgments in a row that failed by the provider, a run stops: the others would fail too. */
const mostInARow = 100

/** The provider, its key, or what it is asked for is at fault. */
const failures: readonly Outcome[] = ['provider_failed', 'timed_out', 'rate_limited', 'invalid_request']

/** These say nothing of the provider. */
const neither: readonly Outcome[] = ['context_overflow', 'tool_failed']

/** A provider may ask to be left alone for longer; it is asked all the same. */
const longestPauseMs = 3_600_000

/** How long to wait where storage can't be reached. */
const storagePauseMs = 1000

/** What keeps a run from beginning more judgments: a provider that asks to wait, or that all of them would fail. */
export class Brakes {
  readonly #elapsedMs: () => number
  #failuresInARow = 0
  #pausedUntilMs = -Infinity
  #fault: string | undefined

  /** @param elapsedMs milliseconds on a clock that never goes back */
  constructor(elapsedMs: () => number) {
    this.#elapsedMs = elapsedMs
  }

  /** Whether nothing is to be begun now. */
  areOn(): boolean {
    return this.#fault !== undefined || this.#elapsedMs() < this.#pausedUntilMs
  }

  /** Why the run can't go on; undefined while it can. */
  fault(): string | undefined {
    return this.#fault
  }

  /** Learns how a judgment ended. */
  judged(judgment: FlaggedJudgment): void {
    const { outcome } = judgment
    if (!neither.includes(outcome))
      this.#failuresInARow = failures.includes(outcome) ? this.#failuresInARow + 1 : 0
    if (outcome === 'answered') return
    if (this.#failuresInARow >= mostInARow) {
      this.#fault ??= `${mostInARow} judgments in a row failed; the last one: ${judgment.reason}`
    }
    if (outcome === 'rate_limited' && judgment.retryAfterMs !== undefined) {
      this.#pause(Math.min(judgment.retryAfterMs, longestPauseMs))
    }
  }

  /** Learns why a judgment could not be made at all. */
  stumbled(error: unknown): void {
    if (!(error instanceof AssizeError))
      this.#fault ??= 'Something went wrong on this server; its log has more.'
    else if (error.situation === 'database_unavailable') this.#pause(storagePauseMs)
    else this.#fault ??= error.message
  }

  #pause(ms: number): void {
    this.#pausedUntilMs = Math.max(this.#pausedUntilMs, this.#elapsedMs() + ms)
  }
}
