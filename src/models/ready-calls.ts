import { readyMs } from '../judging/share-limits.ts'

interface Lot {
  requests: number
  tokens: number
  readonly untilMs: number
}

/** Requests and tokens that are ready to be used, for a while. */
export class ReadyCalls {
  #lots: Lot[] = []
  /** Of what was not used in time; tokens below 0 were used beyond what was ready. */
  #unusedRequests = 0
  #unusedTokens = 0

  /** @param askedMs when it was asked for: what is ready is so from then on */
  add(requests: number, tokens: number, askedMs: number): void {
    if (requests > 0 || tokens > 0) this.#lots.push({ requests, tokens, untilMs: askedMs + readyMs })
  }

  ready(nowMs: number): { readonly requests: number; readonly tokens: number } {
    this.#dropOld(nowMs)
    return {
      requests: this.#lots.reduce((sum, lot) => sum + lot.requests, 0),
      tokens: this.#lots.reduce((sum, lot) => sum + lot.tokens, 0),
    }
  }

  /** Uses what is ready, the oldest first. */
  take(requests: number, tokens: number): void {
    for (const lot of this.#lots) {
      const fromLot = { requests: Math.min(requests, lot.requests), tokens: Math.min(tokens, lot.tokens) }
      lot.requests -= fromLot.requests
      lot.tokens -= fromLot.tokens
      requests -= fromLot.requests
      tokens -= fromLot.tokens
    }
  }

  /** @param tokens that a call took less than was thought; below 0: more */
  settle(tokens: number): void {
    this.#unusedTokens += tokens
  }

  /** What is to be given back, once. */
  takeUnused(nowMs: number): { readonly requests: number; readonly tokens: number } {
    this.#dropOld(nowMs)
    const unused = { requests: this.#unusedRequests, tokens: this.#unusedTokens }
    this.#unusedRequests = 0
    this.#unusedTokens = 0
    return unused
  }

  giveUpAll(): void {
    this.#dropOld(Infinity)
  }

  #dropOld(nowMs: number): void {
    for (const lot of this.#lots.filter(({ untilMs }) => untilMs <= nowMs)) {
      this.#unusedRequests += lot.requests
      this.#unusedTokens += lot.tokens
    }
    this.#lots = this.#lots.filter(({ untilMs }) => untilMs > nowMs)
  }
}
