import { ModelFailure } from '../judging/model.ts'
import type { LimitAsk, LimitStore, ProviderLimits } from '../judging/provider-limits.ts'
import { usableMs } from '../judging/share-limits.ts'
import { ReadyCalls } from './ready-calls.ts'
import { WaitingLine } from './waiting-line.ts'

export interface SharedLimitSettings {
  readonly provider: string
  readonly limits: ProviderLimits
  readonly store: LimitStore
  readonly processId: string
  /** Milliseconds on a clock that never goes back. */
  readonly elapsedMs: () => number
  /** Resolves early, without an error, once the signal is aborted. */
  readonly pause: (ms: number, ended: AbortSignal) => Promise<void>
  /** Told of the first of several failures to ask. */
  readonly onFailure: (error: unknown) => void
}

/** Between two asks at least; while somebody waits; and while all goes well. */
const gapMs = 50
const waitingMs = 150
const restMs = 400

/**
 * This process's part of what all may ask of a provider. It asks ahead, so that a call waits for the store only when
 * it is the first for a while, or when the limit is reached; then first come, first served.
 */
export class SharedLimit implements AsyncDisposable {
  readonly #settings: SharedLimitSettings
  readonly #ready = new ReadyCalls()
  /** Each with the tokens that it will take. */
  readonly #waiting = new WaitingLine<number>()
  #allowed = 0
  #usableUntilMs = -Infinity
  #pausedUntilMs = -Infinity
  #pauseToTellMs = 0
  #inFlight = 0
  /** Since the last ask. */
  #peak = 0
  #used = { requests: 0, tokens: 0 }
  #hasFailed = false
  #isClosed = false
  #rest = new AbortController()
  #working: Promise<void> | undefined

  constructor(settings: SharedLimitSettings) {
    this.#settings = settings
  }

  /**
   * Resolves when a call may begin; `end` must follow. Throws `rate_limited` when the signal is aborted before.
   * @param tokens what the call will take, as far as one can tell
   */
  async begin(tokens: number, signal: AbortSignal): Promise<void> {
    if (this.#waiting.length === 0 && this.#mayBegin(tokens)) this.#enter(tokens)
    else await this.#turn(tokens, signal)
    this.#working ??= this.#work()
  }

  /** @param unusedTokens of what it was thought to take; below 0: it took more */
  end(unusedTokens: number): void {
    this.#inFlight -= 1
    this.#ready.settle(unusedTokens)
    this.#letIn()
  }

  /** The provider wants no calls for so long: nobody's. */
  pauseAll(ms: number): void {
    this.#pausedUntilMs = Math.max(this.#pausedUntilMs, this.#settings.elapsedMs() + ms)
    this.#pauseToTellMs = Math.max(this.#pauseToTellMs, ms)
    this.#rest.abort()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true
    this.#rest.abort()
    await this.#working
  }

  #mayBegin(tokens: number): boolean {
    const nowMs = this.#settings.elapsedMs()
    if (nowMs >= this.#usableUntilMs || nowMs < this.#pausedUntilMs) return false
    const { requestsPerMinute, tokensPerMinute } = this.#settings.limits
    const ready = this.#ready.ready(nowMs)
    if (requestsPerMinute !== undefined && ready.requests < 1) return false
    if (tokensPerMinute !== undefined && ready.tokens < tokens) return false
    return this.#inFlight < this.#allowed
  }

  #enter(tokens: number): void {
    this.#inFlight += 1
    this.#peak = Math.max(this.#peak, this.#inFlight)
    this.#used = { requests: this.#used.requests + 1, tokens: this.#used.tokens + tokens }
    this.#ready.take(1, tokens)
  }

  #letIn(): void {
    this.#waiting.letIn((tokens) => {
      if (!this.#mayBegin(tokens)) return false
      this.#enter(tokens)
      return true
    })
  }

  #turn(tokens: number, signal: AbortSignal): Promise<void> {
    const turn = this.#waiting.wait(tokens, signal, () => limitReached(this.#settings.provider, signal))
    if (signal.aborted) return turn
    this.#rest.abort()
    this.#working ??= this.#work()
    return turn
  }

  async #work(): Promise<void> {
    const { pause } = this.#settings
    for (let idle = 0; ; ) {
      idle = this.#inFlight > 0 || this.#waiting.length > 0 ? 0 : idle + 1
      const isLeaving = this.#isClosed || idle > 1
      this.#rest = new AbortController()
      await this.#ask(isLeaving)
      this.#letIn()
      if (this.#isClosed || (isLeaving && this.#inFlight === 0 && this.#waiting.length === 0)) break
      await pause(gapMs, new AbortController().signal)
      await pause(this.#waiting.length > 0 ? waitingMs : restMs, this.#rest.signal)
    }
    this.#working = undefined
  }

  async #ask(isLeaving: boolean): Promise<void> {
    const { store, provider, limits, elapsedMs, onFailure } = this.#settings
    const askedMs = elapsedMs()
    const ask = this.#whatToAsk(isLeaving, askedMs)
    try {
      const grant = await store.ask(provider, limits, ask)
      this.#hasFailed = false
      this.#allowed = isLeaving ? 0 : grant.inFlight
      this.#usableUntilMs = askedMs + usableMs
      this.#pausedUntilMs = Math.max(this.#pausedUntilMs, elapsedMs() + grant.pauseMs)
      this.#ready.add(grant.requests, grant.tokens, askedMs)
    } catch (error) {
      this.#ready.settle(Math.min(0, ask.unusedTokens))
      this.#pauseToTellMs = Math.max(this.#pauseToTellMs, ask.pauseMs)
      if (!this.#hasFailed) onFailure(error)
      this.#hasFailed = true
    }
  }

  #whatToAsk(isLeaving: boolean, nowMs: number): LimitAsk {
    if (isLeaving) {
      this.#allowed = 0
      this.#ready.giveUpAll()
    }
    const isUsable = nowMs < this.#usableUntilMs
    const waiting = [...this.#waiting].slice(0, 1000)
    const waitingTokens = waiting.reduce((sum, tokens) => sum + tokens, 0)
    const ready = this.#ready.ready(nowMs)
    const unused = this.#ready.takeUnused(nowMs)
    const missing = (wanted: number, had: number): number =>
      isLeaving ? 0 : Math.max(0, Math.ceil(wanted - had))
    const ask = {
      processId: this.#settings.processId,
      holding: Math.max(isUsable ? this.#allowed : 0, this.#inFlight),
      wanted: isLeaving ? 0 : this.#peak + Math.ceil(this.#peak / 4) + waiting.length,
      requests: missing(waiting.length + this.#used.requests * 1.5, ready.requests),
      tokens: missing(waitingTokens + this.#used.tokens * 1.5, ready.tokens),
      nextTokens: missing(waiting[0] ?? 0, ready.tokens),
      unusedRequests: unused.requests,
      unusedTokens: unused.tokens,
      pauseMs: this.#pauseToTellMs,
    }
    this.#pauseToTellMs = 0
    this.#peak = this.#inFlight
    this.#used = { requests: 0, tokens: 0 }
    return ask
  }
}

function limitReached(provider: string, { reason }: AbortSignal): ModelFailure {
  const message = `The limit that is configured for the provider ${JSON.stringify(provider)} was reached all the time.`
  return new ModelFailure('rate_limited', message, { cause: reason, isRetryable: false, attempts: 0 })
}
