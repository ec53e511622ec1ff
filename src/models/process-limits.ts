import type { LimitAsk, LimitGrant, LimitStore, ProviderLimits } from '../judging/provider-limits.ts'
import { freshState, type LimitState, shareLimits } from '../judging/share-limits.ts'

/** Limits of one process that shares no database with others. */
export class ProcessLimits implements LimitStore {
  readonly #states = new Map<string, LimitState>()
  readonly #nowMs: () => number

  constructor(nowMs: () => number = () => performance.now()) {
    this.#nowMs = nowMs
  }

  async ask(provider: string, limits: ProviderLimits, ask: LimitAsk): Promise<LimitGrant> {
    const shared = shareLimits(this.#states.get(provider) ?? freshState, limits, ask, this.#nowMs())
    this.#states.set(provider, shared.state)
    return shared.grant
  }
}
