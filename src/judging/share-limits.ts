import type { LimitAsk, LimitGrant, ProviderLimits } from './provider-limits.ts'

/** How the processes stand with one provider. Times are milliseconds on one clock. */
export interface LimitState {
  readonly shares: Readonly<Record<string, Share>>
  readonly requests?: Bucket
  readonly tokens?: Bucket
  readonly pausedUntilMs: number
}

interface Share {
  readonly inFlight: number
  readonly wanted: number
  readonly untilMs: number
}

interface Bucket {
  readonly level: number
  readonly atMs: number
}

/** How long a process has what it was given, from when it was. */
const shareMs = 6000
/** How long it may use it, from when it asked: less, so that no clock needs to go exactly right. */
export const usableMs = 5000
/** How long requests and tokens stay ready: then they are given back. */
export const readyMs = 2000
/** Where there are fewer calls than processes, they take turns of this length. */
const turnMs = 2000
const minuteMs = 60_000
/** Calls at once where none are counted: more than any process has. */
const unlimited = 1_000_000
/**
 * A bucket holds a tenth of a minute's worth and fills with 85 % of it a minute. In any minute so much is used at most:
 * 0.1 + 0.85 * (60 s + what stays ready, 2 s) / 60 s = 0.98 of the limit.
 */
const heldShare = 0.1
const filledShare = 0.85

export const freshState: LimitState = { shares: {}, pausedUntilMs: 0 }

/** Gives one process what it may have now, of what all may have; the others keep what they were given. */
export function shareLimits(
  state: LimitState,
  limits: ProviderLimits,
  ask: LimitAsk,
  nowMs: number,
): { readonly state: LimitState; readonly grant: LimitGrant } {
  const others = Object.entries(state.shares).filter(
    ([id, { untilMs }]) => id !== ask.processId && untilMs > nowMs,
  )
  const inFlight = shareOfCalls(others, limits.inFlight, ask, nowMs)
  const wanting = others.filter(([, { wanted }]) => wanted > 0).length + 1
  const requests = draw(state.requests, limits.requestsPerMinute, nowMs, {
    wanted: ask.requests,
    least: Math.min(1, ask.requests),
    unused: ask.unusedRequests,
    wanting,
  })
  const tokens = draw(state.tokens, limits.tokensPerMinute, nowMs, {
    wanted: ask.tokens,
    least: ask.nextTokens,
    unused: ask.unusedTokens,
    wanting,
  })
  const pausedUntilMs = Math.max(state.pausedUntilMs, ask.pauseMs > 0 ? nowMs + ask.pauseMs : 0)
  const held = Math.max(inFlight, ask.holding)
  const isGone = held === 0 && ask.wanted === 0
  const mine: Share = { inFlight: held, wanted: ask.wanted, untilMs: nowMs + shareMs }
  const shares = Object.fromEntries(isGone ? others : [...others, [ask.processId, mine]])
  return {
    state: {
      shares,
      pausedUntilMs,
      ...(requests.bucket && { requests: requests.bucket }),
      ...(tokens.bucket && { tokens: tokens.bucket }),
    },
    grant: {
      inFlight,
      requests: requests.granted,
      tokens: tokens.granted,
      pauseMs: Math.max(0, pausedUntilMs - nowMs),
    },
  }
}

/** What is fair, as far as others have left it; what they have, they keep until they say otherwise or are gone. */
function shareOfCalls(
  others: readonly (readonly [string, Share])[],
  limit: number | undefined,
  ask: LimitAsk,
  nowMs: number,
): number {
  if (limit === undefined) return unlimited
  const taken = others.reduce((sum, [, { inFlight }]) => sum + inFlight, 0)
  const wants = [
    ...others.map(([id, { wanted }]) => ({ id, wanted })),
    { id: ask.processId, wanted: ask.wanted },
  ]
  const fair = fairShare(wants, limit, ask.processId, nowMs)
  return Math.max(0, Math.min(fair, limit - taken))
}

/** Shares the limit evenly; what one doesn't want is shared by those who want more. */
function fairShare(
  wants: readonly { readonly id: string; readonly wanted: number }[],
  limit: number,
  processId: string,
  nowMs: number,
): number {
  const inOrder = wants
    .filter(({ wanted }) => wanted > 0)
    .toSorted((one, other) => (one.id < other.id ? -1 : 1))
  const first = inOrder.length === 0 ? 0 : Math.floor(nowMs / turnMs) % inOrder.length
  const turned = [...inOrder.slice(first), ...inOrder.slice(0, first)]
  const left = turned.toSorted((one, other) => one.wanted - other.wanted)
  let free = limit
  for (const [at, { id, wanted }] of left.entries()) {
    const mine = Math.min(wanted, Math.ceil(free / (left.length - at)))
    if (id === processId) return mine
    free -= mine
  }
  return 0
}

interface Drawing {
  readonly wanted: number
  /** Less than this is of no use. */
  readonly least: number
  readonly unused: number
  readonly wanting: number
}

/** A call that needs more than the bucket can hold waits until it is full, and leaves it in debt. */
function draw(
  bucket: Bucket | undefined,
  perMinute: number | undefined,
  nowMs: number,
  { wanted, least, unused, wanting }: Drawing,
): { readonly bucket?: Bucket; readonly granted: number } {
  if (perMinute === undefined) return { granted: wanted }
  const most = Math.max(1, perMinute * heldShare)
  const { level, atMs } = bucket ?? { level: most, atMs: nowMs }
  const filled = (Math.max(0, nowMs - atMs) * perMinute * filledShare) / minuteMs
  const now = Math.min(most, level + filled + unused)
  const fair = Math.max(Math.min(least, most), Math.floor(now / wanting))
  const possible = Math.min(wanted, fair, Math.floor(now + 1e-9))
  const isEnough = possible >= least
  const isWaitedFor = !isEnough && least > most && now >= most - 1e-9
  const granted = isWaitedFor ? least : isEnough ? Math.max(0, possible) : 0
  return { bucket: { level: now - granted, atMs: Math.max(nowMs, atMs) }, granted }
}
