import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Pool, runPool } from './run-pool.ts'

const never = new AbortController().signal

/** Hands out 0, 1, 2, ... up to `count`. */
function numbers(count: number): () => Promise<number | undefined> {
  let next = 0
  return async () => (next < count ? next++ : undefined)
}

function poolOf(given: Partial<Pool<number>>): Pool<number> {
  return {
    next: numbers(10),
    work: async () => {},
    concurrency: 3,
    turn: () => 'now',
    stop: never,
    ...given,
  }
}

describe('a pool', () => {
  it('works on each item once, and on no more at once than it may', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 40 }),
        fc.integer({ min: 1, max: 8 }),
        fc.scheduler(),
        async (count, concurrency, scheduler) => {
          const worked: number[] = []
          let [underway, most] = [0, 0]
          const ended = runPool(
            poolOf({
              next: numbers(count),
              concurrency,
              async work(item) {
                underway += 1
                most = Math.max(most, underway)
                await scheduler.schedule(Promise.resolve(), `work ${item}`)
                underway -= 1
                worked.push(item)
              },
            }),
          )
          await scheduler.waitFor(ended)
          expect(await ended).toBe('done')
          expect(worked.toSorted((one, other) => one - other)).toEqual(
            Array.from({ length: count }, (_, at) => at),
          )
          expect(most).toBeLessThanOrEqual(concurrency)
        },
      ),
      { numRuns: 50 },
    )
  })

  it('starts nothing once it is stopped, and finishes what is under way', async () => {
    const stop = new AbortController()
    const [started, finished]: [number[], number[]] = [[], []]
    const end = await runPool(
      poolOf({
        stop: stop.signal,
        async work(item) {
          started.push(item)
          if (item === 4) stop.abort()
          await Promise.resolve()
          finished.push(item)
        },
      }),
    )
    expect(end).toBe('stopped')
    expect(started.length).toBeLessThan(8)
    expect(finished.toSorted()).toEqual(started.toSorted())
  })

  it('says whether something was left that might not start', async () => {
    let started = 0
    const count = async (): Promise<void> => {
      started += 1
    }
    const turn = () => (started < 10 ? 'now' : 'never')
    expect(await runPool(poolOf({ work: count, turn, concurrency: 1 }))).toBe('done')
    started = 0
    expect(await runPool(poolOf({ work: count, turn, next: numbers(11), concurrency: 1 }))).toBe('held')
    expect(started).toBe(10)
  })

  it('tells how many are under way', async () => {
    const seen: number[] = []
    await runPool(
      poolOf({
        concurrency: 2,
        next: numbers(2),
        turn(underway) {
          seen.push(underway)
          return 'now'
        },
      }),
    )
    expect(seen.slice(0, 2)).toEqual([0, 1])
    expect(Math.max(...seen)).toBe(1)
  })

  it('lets no more start than may, and more once more may', async () => {
    let [allowed, underway, most] = [1, 0, 0]
    const worked: number[] = []
    await runPool(
      poolOf({
        next: numbers(40),
        concurrency: 8,
        turn: (begun) => (begun < allowed ? 'now' : 'later'),
        async work(item) {
          underway += 1
          expect(underway).toBeLessThanOrEqual(allowed)
          most = Math.max(most, underway)
          await new Promise(setImmediate)
          underway -= 1
          worked.push(item)
          if (item === 10) allowed = 4
        },
      }),
    )
    expect(worked).toHaveLength(40)
    expect(most).toBe(4)
  })

  it('looks again by itself where nothing is under way', async () => {
    let looks = 0
    const turn = () => {
      looks += 1
      return looks < 4 ? 'later' : 'now'
    }
    expect(await runPool(poolOf({ next: numbers(2), concurrency: 1, turn }))).toBe('done')
    expect(looks).toBe(6)
  })

  it('wakes who waits when it is stopped', async () => {
    const stop = new AbortController()
    const ended = runPool(poolOf({ stop: stop.signal, turn: () => 'later' }))
    stop.abort()
    expect(await ended).toBe('stopped')
  })

  it('ends with the first failure, once the others are finished', async () => {
    const finished: number[] = []
    const failing = poolOf({
      async work(item) {
        if (item === 1) throw new Error('No disk.')
        await new Promise((resolve) => setTimeout(resolve, 5))
        finished.push(item)
      },
    })
    await expect(runPool(failing)).rejects.toThrow('No disk.')
    expect(finished).toEqual([0, 2])
  })

  it('ends with what can not be read', async () => {
    const next = async (): Promise<never> => {
      throw new Error('Torn.')
    }
    await expect(runPool(poolOf({ next }))).rejects.toThrow('Torn.')
  })
})
