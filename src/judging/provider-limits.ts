/** What all processes together may ask of one provider; absent: as much as they like. */
export interface ProviderLimits {
  /** Calls at once. */
  readonly inFlight?: number
  readonly requestsPerMinute?: number
  /** Tokens of prompts and replies. */
  readonly tokensPerMinute?: number
}

/** What one process tells and wants, about one provider. Units are calls and tokens, times are in milliseconds. */
export interface LimitAsk {
  readonly processId: string
  /** Calls that it has under way, and may still begin before it is answered. */
  readonly holding: number
  /** Calls that it would have under way, if it could. */
  readonly wanted: number
  /** Requests that it would like to have ready. */
  readonly requests: number
  /** Tokens that it would like to have ready, and those that its next call needs. */
  readonly tokens: number
  readonly nextTokens: number
  /** What it had ready and didn't use. */
  readonly unusedRequests: number
  /** Tokens that it had ready and didn't use; below 0, what it used beyond. */
  readonly unusedTokens: number
  /** For how long the provider wants no calls, as it told this process; 0: it said nothing. */
  readonly pauseMs: number
}

/** What one process may do until it asks again. */
export interface LimitGrant {
  readonly inFlight: number
  readonly requests: number
  readonly tokens: number
  /** For how long nobody is to begin a call. */
  readonly pauseMs: number
}

/** Where the processes meet. */
export interface LimitStore {
  /** Asks happen one after another, over all processes. Throws `database_unavailable`. */
  ask(provider: string, limits: ProviderLimits, ask: LimitAsk): Promise<LimitGrant>
}
