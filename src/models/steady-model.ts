import { setTimeout as delay } from 'node:timers/promises'
import { type Model, ModelFailure, type ModelReply, type ModelRequest } from '../judging/model.ts'
import type { InFlightLimit } from './in-flight-limit.ts'

export interface SteadyModelSettings {
  /** Calls for one reply, the first included. */
  readonly maxAttempts: number
  /** Shared by all that use one provider. */
  readonly limit: InFlightLimit
  /** From 0 to 1, 1 excluded. */
  readonly random?: () => number
  readonly sleep?: (ms: number, signal: AbortSignal) => Promise<void>
}

const firstBackoffMs = 500
const maxBackoffMs = 20_000
/** A provider that asks for more is not waited for: the caller is told instead. */
const maxRetryAfterMs = 60_000

/**
 * The same model, that tries again where that can help: with backoff and full jitter, and not before the
 * provider's `Retry-After`. The deadline is the caller's: an aborted signal ends every wait at once.
 */
export function createSteadyModel(model: Model, settings: SteadyModelSettings): Model {
  const { maxAttempts, limit, random = Math.random, sleep = sleepFor } = settings
  return {
    async complete(request, signal) {
      for (let attempts = 1; ; attempts += 1) {
        const result = await limit.run(signal, () => attempt(model, request, signal))
        if (!(result instanceof ModelFailure)) return { ...result, attempts }
        const waitMs = waitBefore(result, attempts, random)
        if (attempts >= maxAttempts || waitMs === undefined) throw withAttempts(result, attempts)
        await sleep(waitMs, signal)
      }
    },
  }
}

async function attempt(
  model: Model,
  request: ModelRequest,
  signal: AbortSignal,
): Promise<ModelReply | ModelFailure> {
  try {
    return await model.complete(request, signal)
  } catch (error) {
    if (error instanceof ModelFailure) return error
    throw error
  }
}

/** Milliseconds to wait before the next attempt; undefined where none could help. */
function waitBefore(failure: ModelFailure, attempts: number, random: () => number): number | undefined {
  const { isRetryable, retryAfterMs = 0 } = failure
  if (!isRetryable || retryAfterMs > maxRetryAfterMs) return undefined
  return Math.max(retryAfterMs, random() * Math.min(maxBackoffMs, firstBackoffMs * 2 ** (attempts - 1)))
}

async function sleepFor(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await delay(ms, undefined, { signal })
  } catch {
    signal.throwIfAborted()
  }
}

function withAttempts(failure: ModelFailure, attempts: number): ModelFailure {
  const { kind, message, cause, isRetryable, retryAfterMs } = failure
  return new ModelFailure(kind, message, {
    cause,
    isRetryable,
    attempts,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  })
}
