import { setTimeout as delay } from 'node:timers/promises'
import { type Model, ModelFailure, type ModelReply, type ModelRequest } from '../judging/model.ts'
import type { ObservedCall } from '../judging/observer.ts'
import { countAttempts } from './count-attempts.ts'
import { InFlightLimit } from './in-flight-limit.ts'

export interface SteadyModelSettings {
  /** Times to ask for one reply, the first included. */
  readonly maxAttempts: number
  /** Calls at once, over everything that is asked of this model. */
  readonly maxInFlight: number
  /** From 0 to 1, 1 excluded. */
  readonly random?: () => number
  readonly sleep?: (ms: number, signal: AbortSignal) => Promise<void>
  /** Told of each call that has ended. */
  readonly onCall?: (call: Omit<ObservedCall, 'provider'>) => void
}

/** A model, and what its replies say beside what every model's do. */
interface Replying<Reply extends ModelReply> extends Model {
  complete(request: ModelRequest, signal: AbortSignal): Promise<Reply>
}

/** A model that says how many calls it lets through at once now. */
export interface Steady extends Disposable {
  readonly callsAllowedNow: () => number
}

const firstBackoffMs = 500
const maxBackoffMs = 20_000
/** A provider that asks for more is not waited for: the caller is told instead. */
const maxRetryAfterMs = 60_000

/**
 * The same model, that asks again where that can help: with backoff and full jitter, and not before the
 * provider's `Retry-After`. The deadline is the caller's: an aborted signal ends every wait at once, and so does
 * disposing, after which nothing is asked again.
 * @example using steady = createSteadyModel(model, { maxAttempts: 4, maxInFlight: 64 })
 */
export function createSteadyModel<Reply extends ModelReply>(
  model: Replying<Reply>,
  settings: SteadyModelSettings,
): Replying<Reply> & Steady {
  const { maxAttempts, random = Math.random, sleep = sleepFor } = settings
  const limit = new InFlightLimit(settings.maxInFlight)
  const closing = new AbortController()
  return {
    async complete(request, signal) {
      let attempts = 0
      let isAsking = false
      const askOnce = async (): Promise<Reply | ModelFailure> => {
        isAsking = true
        const startedMs = performance.now()
        const result = await ask(model, request, signal)
        isAsking = false
        settings.onCall?.(observed(request, result, startedMs))
        return result
      }
      try {
        for (let asked = 1; ; asked += 1) {
          const result = await limit.run(signal, askOnce, isRateLimited)
          attempts += result.attempts
          if (!(result instanceof ModelFailure)) {
            return result.attempts === attempts ? result : { ...result, attempts }
          }
          const waitMs = waitAfter(result, asked, random)
          const isLast = asked >= maxAttempts || waitMs === undefined
          if (isLast || !(await pause(waitMs, sleep, signal, closing.signal))) {
            throw countAttempts(result, attempts)
          }
        }
      } catch (error) {
        const isTimedOut = signal.aborted && !wasKeptWaiting(error)
        throw isTimedOut ? givenUp(signal, attempts + (isAsking ? 1 : 0)) : error
      }
    },
    callsAllowedNow: () => limit.allowedNow(),
    [Symbol.dispose]: () => closing.abort(),
  }
}

/** Whether it was a limit of ours that took the time. */
function wasKeptWaiting(error: unknown): boolean {
  return error instanceof ModelFailure && error.kind === 'rate_limited' && !error.isRetryable
}

/** What was asked for until then is not lost with the signal's reason. */
function givenUp({ reason }: AbortSignal, attempts: number): ModelFailure {
  const message = reason instanceof Error ? reason.message : 'The call was given up.'
  return new ModelFailure('timed_out', message, { cause: reason, isRetryable: false, attempts })
}

/** @returns whether the wait is over, and not all waiting. Throws the signal's reason. */
async function pause(
  ms: number,
  sleep: NonNullable<SteadyModelSettings['sleep']>,
  signal: AbortSignal,
  closing: AbortSignal,
): Promise<boolean> {
  try {
    await sleep(ms, AbortSignal.any([signal, closing]))
  } catch (error) {
    signal.throwIfAborted()
    if (!closing.aborted) throw error
  }
  return !closing.aborted
}

async function ask<Reply extends ModelReply>(
  model: Replying<Reply>,
  request: ModelRequest,
  signal: AbortSignal,
): Promise<Reply | ModelFailure> {
  try {
    return await model.complete(request, signal)
  } catch (error) {
    if (error instanceof ModelFailure) return error
    throw error
  }
}

function observed(
  { modelName }: ModelRequest,
  result: ModelReply | ModelFailure,
  startedMs: number,
): Omit<ObservedCall, 'provider'> {
  return {
    modelName,
    elapsedMs: performance.now() - startedMs,
    result: result instanceof ModelFailure ? result.kind : 'replied',
  }
}

/** Where no money is left, fewer calls at once help nobody. */
function isRateLimited(result: ModelReply | ModelFailure): boolean {
  return result instanceof ModelFailure && result.kind === 'rate_limited' && result.isRetryable
}

/** Milliseconds to wait before asking again; undefined where it could not help. */
function waitAfter(failure: ModelFailure, asked: number, random: () => number): number | undefined {
  const { isRetryable, retryAfterMs } = failure
  if (!isRetryable || (retryAfterMs ?? 0) > maxRetryAfterMs) return undefined
  // Those who were told the same must not all come back at the same moment.
  if (retryAfterMs) return retryAfterMs + random() * firstBackoffMs
  return random() * Math.min(maxBackoffMs, firstBackoffMs * 2 ** (asked - 1))
}

async function sleepFor(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await delay(ms, undefined, { signal })
  } catch (error) {
    signal.throwIfAborted()
    throw error
  }
}
