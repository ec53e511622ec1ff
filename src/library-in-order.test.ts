import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { inOrder } from './library-in-order.ts'

const tick = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

/** Resolves after so many turns of the event loop. */
async function pass(turns: number): Promise<void> {
  for (let turn = 0; turn < turns; turn += 1) await tick()
}

async function collect<Result>(results: AsyncIterable<Result>): Promise<Result[]> {
  const all: Result[] = []
  for await (const result of results) all.push(result)
  return all
}

describe('work in order', () => {
  it('gives every result once, in order, with no more under way than it may', async () => {
    const delays = fc.array(fc.nat(6), { maxLength: 40 })
    await fc.assert(
      fc.asyncProperty(delays, fc.integer({ min: 1, max: 5 }), fc.boolean(), async (turns, most, isAsync) => {
        let [underway, mostUnderway, taken, given] = [0, 0, 0, 0]
        let mostAhead = 0
        async function* source() {
          for (const [index, turn] of turns.entries()) {
            taken += 1
            mostAhead = Math.max(mostAhead, taken - given)
            if (index % 3 === 0) await tick()
            yield { index, turn }
          }
        }
        const items = isAsync ? source() : turns.map((turn, index) => ({ index, turn }))
        const results = inOrder(items, most, async ({ index, turn }) => {
          underway += 1
          mostUnderway = Math.max(mostUnderway, underway)
          await pass(turn)
          underway -= 1
          return index
        })
        for await (const index of results) {
          expect(index).toBe(given)
          given += 1
          if (index % 4 === 0) await pass(3)
        }
        expect(given).toBe(turns.length)
        expect(mostUnderway).toBeLessThanOrEqual(most)
        expect(mostAhead).toBeLessThanOrEqual(most * 4 + 1)
        if (turns.length >= most * 2 && !isAsync && turns.every((turn) => turn > 0))
          expect(mostUnderway).toBe(most)
      }),
      { numRuns: 60 },
    )
  })

  it('goes on behind a slow item, as far as it may', async () => {
    const { promise: slow, resolve } = Promise.withResolvers<void>()
    const started: number[] = []
    const results = inOrder([...Array(100).keys()], 4, async (item) => {
      started.push(item)
      if (item === 0) await slow
      return item
    })
    const first = results.next()
    await pass(200)
    expect(started).toHaveLength(16)
    resolve()
    expect((await first).value).toBe(0)
    expect(await collect(results)).toEqual([...Array(100).keys()].slice(1))
  })

  it('gives what is done while its source waits', async () => {
    const never = new Promise<never>(() => {})
    async function* source() {
      yield 1
      await never
    }
    const results = inOrder(source(), 4, async (item) => item)
    expect((await results.next()).value).toBe(1)
    await results.return()
  })

  it.each([
    ['the work', true],
    ['the source', false],
  ])('gives what comes before a failure of %s, then throws it', async (_name, isOfWork) => {
    async function* source() {
      yield* [0, 1, 2]
      if (!isOfWork) throw new Error('broken')
      yield 3
    }
    const seen: number[] = []
    const all = async (): Promise<void> => {
      const work = async (item: number): Promise<number> => {
        await pass(3 - item)
        if (isOfWork && item === 3) throw new Error('broken')
        return item
      }
      for await (const item of inOrder(source(), 2, work)) seen.push(item)
    }
    await expect(all()).rejects.toThrow('broken')
    expect(seen).toEqual([0, 1, 2])
  })

  it('gives up what is under way, and closes its source, where nobody wants more', async () => {
    let [started, abandoned, isClosed] = [0, 0, false]
    function* source() {
      try {
        for (let item = 0; ; item += 1) yield item
      } finally {
        isClosed = true
      }
    }
    const results = inOrder(source(), 3, async (item, signal) => {
      started += 1
      signal.addEventListener('abort', () => {
        abandoned += 1
      })
      if (item > 0) await new Promise((_resolve, reject) => signal.addEventListener('abort', reject))
      return item
    })
    for await (const item of results) {
      expect(item).toBe(0)
      break
    }
    expect(isClosed).toBe(true)
    expect(started).toBeGreaterThan(1)
    expect(abandoned).toBe(started)
    await pass(5)
    expect(started).toBe(abandoned)
  })
})
