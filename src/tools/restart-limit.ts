const mostFailures = 3
const firstPauseMs = 200
const giveUpMs = 30_000
/** What lives so long did not fail by its start. */
const longLifeMs = 10_000

/**
 * Says when a server that fails may be started again: after a pause that doubles, and after three failures not for
 * half a minute, so that neither the machine nor a judgment spends its time on it. Times are milliseconds on a clock
 * that never goes back.
 */
export class RestartLimit {
  #failures = 0
  #failedAtMs = 0
  #reason = ''

  /** @param isFinal whether trying again soon is sure to fail */
  noteFailure(nowMs: number, reason: string, isFinal = false): void {
    this.#failures = isFinal ? mostFailures : this.#failures + 1
    this.#failedAtMs = nowMs
    this.#reason = reason
  }

  /** A server that had started ended by itself. */
  noteEnd(nowMs: number, startedAtMs: number, reason: string): void {
    if (nowMs - startedAtMs >= longLifeMs) this.#failures = 0
    this.noteFailure(nowMs, reason)
  }

  /** Why it may not be started now; undefined when it may. */
  refusal(nowMs: number): string | undefined {
    const isOver = nowMs - this.#failedAtMs >= giveUpMs
    return this.#failures >= mostFailures && !isOver ? this.#reason : undefined
  }

  /** How long a start must wait. */
  pauseMs(nowMs: number): number {
    if (this.#failures === 0) return 0
    const pauseMs = firstPauseMs * 2 ** Math.min(this.#failures - 1, mostFailures)
    return Math.max(0, pauseMs - (nowMs - this.#failedAtMs))
  }
}
