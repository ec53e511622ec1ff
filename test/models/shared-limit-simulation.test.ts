import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { LimitStore, ProviderLimits } from '../../src/judging/provider-limits.ts'
import { ProcessLimits } from '../../src/models/process-limits.ts'
import { SharedLimit } from '../../src/models/shared-limit.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** Draws the same numbers from 0 to 1 for the same seed. */
function draws(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return state / 2_147_483_648
  }
}

/** Processes that come, lag and die, and all that the provider sees of them. */
function createWorld(limits: ProviderLimits, seed: number, lagMs = 80) {
  const random = draws(seed)
  const meeting = new ProcessLimits()
  const began: { readonly atMs: number; readonly process: number }[] = []
  let underWay = 0
  let most = 0
  const lagging: LimitStore = {
    async ask(...asked) {
      await sleep(random() * lagMs)
      if (random() < 0.05) throw new Error('The way there is lost.')
      const grant = await meeting.ask(...asked)
      await sleep(random() * lagMs)
      if (random() < 0.05) throw new Error('The way back is lost.')
      return grant
    },
  }
  function start(process: number, callers: number, callMs: number) {
    let isAlive = true
    const never = new Promise<never>(() => {})
    const limit = new SharedLimit({
      provider: 'court',
      limits,
      store: { ask: (...asked) => (isAlive ? lagging.ask(...asked) : never) },
      processId: `process-${process}`,
      elapsedMs: () => performance.now(),
      pause: (ms, ended) =>
        new Promise((resolve) => {
          setTimeout(resolve, ms)
          ended.addEventListener('abort', () => resolve(), { once: true })
        }),
      onFailure: () => {},
    })
    const caller = async (): Promise<void> => {
      while (isAlive) {
        await limit.begin(100, new AbortController().signal)
        if (!isAlive) return
        began.push({ atMs: performance.now(), process })
        underWay += 1
        most = Math.max(most, underWay)
        await sleep(callMs * (0.5 + random()))
        underWay -= 1
        if (isAlive) limit.end(0)
      }
    }
    for (let at = 0; at < callers; at += 1) void caller()
    return {
      limit,
      kill: () => {
        isAlive = false
      },
    }
  }
  return { start, began, most: () => most, random }
}

/** The most calls that began within any minute. */
function busiestMinute(began: readonly { readonly atMs: number }[]): number {
  let from = 0
  let most = 0
  for (const [to, { atMs }] of began.entries()) {
    while (atMs - (began[from]?.atMs ?? 0) >= 60_000) from += 1
    most = Math.max(most, to - from + 1)
  }
  return most
}

const seeds = [1, 2, 3, 4, 5]

describe('over processes that join, lag and die', () => {
  test.each(seeds)('never more calls are under way than may be, and all are used (%i)', async (seed) => {
    const world = createWorld({ inFlight: 10 }, seed)
    const processes = [world.start(0, 20, 300)]
    for (let at = 1; at < 6; at += 1) {
      await vi.advanceTimersByTimeAsync(1000 + world.random() * 4000)
      processes.push(world.start(at, 20, 300))
      if (at % 2 === 0) processes[at - 1]?.kill()
    }
    await vi.advanceTimersByTimeAsync(20_000)
    expect(world.most()).toBe(10)
    const since = performance.now() - 5000
    const lately = world.began.filter(({ atMs }) => atMs >= since)
    // Ten at once of 300 ms for 5 s are 167 calls; those that are left share them.
    expect(lately.length).toBeGreaterThan(120)
    for (const process of [0, 2, 4, 5]) {
      expect(lately.filter((call) => call.process === process).length).toBeGreaterThan(15)
    }
  })

  test.each(seeds)('in no minute more calls begin than may (%i)', async (seed) => {
    const world = createWorld({ requestsPerMinute: 120 }, seed)
    const processes = [0, 1, 2].map((at) => world.start(at, 10, 50))
    await vi.advanceTimersByTimeAsync(70_000)
    processes[0]?.kill()
    world.start(3, 10, 50)
    await vi.advanceTimersByTimeAsync(110_000)
    expect(busiestMinute(world.began)).toBeLessThanOrEqual(120)
    expect(world.began.length).toBeGreaterThan(3 * 60)
  })

  test.each(seeds)('in no minute more tokens are taken than may (%i)', async (seed) => {
    const world = createWorld({ tokensPerMinute: 10_000 }, seed)
    for (const at of [0, 1, 2]) world.start(at, 5, 50)
    await vi.advanceTimersByTimeAsync(150_000)
    expect(busiestMinute(world.began) * 100).toBeLessThanOrEqual(10_000)
    expect(world.began.length).toBeGreaterThan(100)
  })

  test('each has a turn where there are fewer calls than processes', async () => {
    const world = createWorld({ inFlight: 1 }, 1)
    for (const at of [0, 1, 2]) world.start(at, 2, 100)
    await vi.advanceTimersByTimeAsync(30_000)
    expect(world.most()).toBe(1)
    for (const at of [0, 1, 2]) {
      expect(world.began.filter(({ process }) => process === at).length).toBeGreaterThan(10)
    }
  })

  test('what the provider tells one, all keep to within a second', async () => {
    const world = createWorld({}, 1)
    const [one] = [0, 1, 2].map((at) => world.start(at, 4, 100))
    await vi.advanceTimersByTimeAsync(5000)
    one?.limit.pauseAll(10_000)
    await vi.advanceTimersByTimeAsync(1000)
    const before = world.began.length
    await vi.advanceTimersByTimeAsync(8500)
    expect(world.began.length).toBe(before)
    await vi.advanceTimersByTimeAsync(3000)
    expect(world.began.length).toBeGreaterThan(before)
  })

  test('who waits until its deadline is told that the limit was reached', async () => {
    const world = createWorld({ inFlight: 1 }, 1)
    const { limit } = world.start(0, 1, 60_000)
    await vi.advanceTimersByTimeAsync(2000)
    const deadline = new AbortController()
    const waiting = expect(limit.begin(100, deadline.signal)).rejects.toMatchObject({
      kind: 'rate_limited',
      attempts: 0,
    })
    await vi.advanceTimersByTimeAsync(1000)
    deadline.abort(new Error('Too late.'))
    await waiting
  })
})
