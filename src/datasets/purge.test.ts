import { describe, expect, it } from 'vitest'
import { type PurgeTools, startPurge } from './purge.ts'

interface Rest {
  readonly ms: number
  readonly ended: AbortSignal
  readonly end: () => void
}

/** A purge whose pauses end when the test says so, or their signal does, over so many parts. */
function start(parts: number, fails: (call: number) => boolean = () => false) {
  const state = { left: parts, calls: 0, failures: [] as unknown[] }
  const rests: Rest[] = []
  const pause: PurgeTools['pause'] = (ms, ended) =>
    new Promise((resolve) => {
      rests.push({ ms, ended, end: resolve })
      if (ended.aborted) resolve()
      else ended.addEventListener('abort', () => resolve(), { once: true })
    })
  const purge = startPurge({
    store: {
      async purge() {
        state.calls += 1
        if (fails(state.calls)) throw new Error(`call ${state.calls}`)
        if (state.left === 0) return 'nothing_left'
        state.left -= 1
        return 'removed'
      },
    },
    pause,
    onFailure: (error) => state.failures.push(error),
  })
  return { state, rests, purge }
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve()
}

describe('the purge', () => {
  it('begins at once, and pauses after each part', async () => {
    const { state, rests, purge } = start(2)
    await settle()
    expect([state.left, rests.map(({ ms }) => ms)]).toEqual([1, [5]])
    rests[0]?.end()
    await settle()
    expect([state.left, rests.map(({ ms }) => ms)]).toEqual([0, [5, 5]])
    rests[1]?.end()
    await settle()
    expect(rests.map(({ ms }) => ms)).toEqual([5, 5, 60_000])
    await purge[Symbol.asyncDispose]()
  })

  it('looks again when it is woken, or its time has come', async () => {
    const { state, rests, purge } = start(0)
    await settle()
    state.left = 1
    purge.wake()
    await settle()
    expect([state.left, rests.length]).toEqual([0, 2])
    rests[1]?.end()
    await settle()
    state.left = 1
    rests[2]?.end()
    await settle()
    expect(state.left).toBe(0)
    await purge[Symbol.asyncDispose]()
  })

  it('misses nothing that comes while it works', async () => {
    const { state, rests, purge } = start(1)
    await settle()
    // It pauses between parts, which waking does not shorten.
    purge.wake()
    await settle()
    expect(rests.length).toBe(1)
    rests[0]?.end()
    await settle()
    // Its rest ended before it began, so it looked once more.
    expect(rests.map(({ ms, ended }) => [ms, ended.aborted])).toEqual([
      [5, false],
      [60_000, true],
      [60_000, false],
    ])
    expect(state.calls).toBe(3)
    await purge[Symbol.asyncDispose]()
  })

  it('tells of a failure, and tries again later', async () => {
    const { state, rests, purge } = start(1, (call) => call === 1)
    await settle()
    expect([state.left, state.failures]).toEqual([1, [new Error('call 1')]])
    expect(rests.map(({ ms }) => ms)).toEqual([60_000])
    rests[0]?.end()
    await settle()
    expect([state.left, state.failures.length]).toEqual([0, 1])
    await purge[Symbol.asyncDispose]()
  })

  it('ends between two parts when it is disposed of', async () => {
    const { state, purge } = start(9)
    await settle()
    await purge[Symbol.asyncDispose]()
    expect(state.left).toBe(8)
    purge.wake()
    await settle()
    expect(state.left).toBe(8)
  })
})
