import rateLimit from '@fastify/rate-limit'
import type { FastifyRequest } from 'fastify'
import type { Caller } from '../access/caller.ts'
import { AssizeError } from '../errors.ts'
import type { Server } from './bare-server.ts'

/** How much is answered in a minute, by each process for itself; absent: all there is. */
export interface RequestLimitSettings {
  /** Of each key, whoever sends it from wherever. */
  readonly requestsPerMinute?: number
  /** From each address. */
  readonly wrongKeysPerMinute?: number
}

export interface RequestLimits {
  /**
   * Finds out whose key it is that came with a request. From an address with too many wrong ones, only keys are taken
   * that were right before: who guesses doesn't learn whether a guess was right, and who works there works on.
   * @throws AssizeError `too_many_wrong_keys`, and what `identify` throws
   */
  whose(request: FastifyRequest, identify: () => Promise<Caller>): Promise<Caller>
  /**
   * Signs in, unless too many wrong keys have come from the address.
   * @throws AssizeError `too_many_wrong_keys`, and what `begin` throws
   */
  signIn<Begun>(request: FastifyRequest, begin: () => Promise<Begun>): Promise<Begun>
  /** Counts a request of a key. Throws `too_many_requests`. */
  count(request: FastifyRequest, caller: Caller): Promise<void>
}

const minuteMs = 60_000

/** To be called before any route is added. */
export async function createRequestLimits(
  server: Server,
  { requestsPerMinute, wrongKeysPerMinute }: RequestLimitSettings,
): Promise<RequestLimits> {
  await server.register(rateLimit, { global: false })
  const wrongKeys =
    wrongKeysPerMinute === undefined
      ? undefined
      : server.createRateLimit({ max: wrongKeysPerMinute, timeWindow: minuteMs })
  const callers = new WeakMap<FastifyRequest, Caller>()
  const perKey =
    requestsPerMinute === undefined
      ? undefined
      : server.createRateLimit({
          max: requestsPerMinute,
          timeWindow: minuteMs,
          keyGenerator: (request) => callers.get(request)?.keyId ?? '',
        })
  /** Ids of keys that were right. */
  const known = new Set<string>()

  async function refuseWhereTooMany(request: FastifyRequest, isWrong: boolean): Promise<void> {
    const found = await wrongKeys?.(request, { increment: isWrong })
    if (found && !found.isAllowed && found.isExceeded) throw tooManyWrongKeys(found.ttlInSeconds)
  }

  async function counting<Result>(request: FastifyRequest, work: () => Promise<Result>): Promise<Result> {
    try {
      return await work()
    } catch (error) {
      if (error instanceof AssizeError && error.situation === 'not_authenticated')
        await refuseWhereTooMany(request, true)
      throw error
    }
  }

  return {
    async whose(request, identify) {
      const caller = await counting(request, identify)
      if (known.has(caller.keyId)) return caller
      await refuseWhereTooMany(request, false)
      known.add(caller.keyId)
      return caller
    },

    async signIn(request, begin) {
      await refuseWhereTooMany(request, false)
      return counting(request, begin)
    },

    async count(request, caller) {
      if (perKey === undefined) return
      callers.set(request, caller)
      const found = await perKey(request)
      if (!found.isAllowed && found.isExceeded) throw tooManyRequests(found.max, found.ttlInSeconds)
    },
  }
}

function tooManyWrongKeys(retryAfterSeconds: number): AssizeError {
  return new AssizeError(
    'too_many_wrong_keys',
    `Too many wrong keys came from this address (limits.wrong_keys_per_minute); try again in ${retryAfterSeconds} s.`,
    { retryAfterSeconds },
  )
}

function tooManyRequests(max: number, retryAfterSeconds: number): AssizeError {
  return new AssizeError(
    'too_many_requests',
    `This key has made its ${max} requests of this minute (limits.requests_per_minute); try again in ${retryAfterSeconds} s.`,
    { retryAfterSeconds },
  )
}
