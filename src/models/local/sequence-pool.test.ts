import type { LlamaContextSequence, Token } from 'node-llama-cpp'
import { expect, it } from 'vitest'
import { type HeldSequence, SequencePool } from './sequence-pool.ts'

const never = new AbortController().signal
const prompt = [1, 2, 3] as Token[]

/** Opens contexts of two sequences; each sequence shares as many tokens with every prompt as its place says. */
class Source {
  readonly contextTokens: number
  readonly opened: number[] = []
  /** How many are open now, and the most that ever were. */
  open = 0
  mostOpen = 0
  refuses: (tokens: number) => boolean = () => false

  constructor(contextTokens = 8192) {
    this.contextTokens = contextTokens
  }

  async openContext(tokens: number) {
    await Promise.resolve()
    if (this.refuses(tokens)) throw new Error(`no memory for ${tokens}`)
    this.opened.push(tokens)
    this.open += 1
    this.mostOpen = Math.max(this.mostOpen, this.open)
    return {
      contextTokens: tokens,
      sequences: [0, 1].map((place) => {
        const compareContextTokens = () => ({ firstDifferentIndex: place })
        return { compareContextTokens } as unknown as LlamaContextSequence
      }),
      [Symbol.asyncDispose]: async () => {
        await Promise.resolve()
        this.open -= 1
      },
    }
  }
}

async function turns(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 5))
}

it('opens a context of the least size for the first, and keeps it for all that fit', async () => {
  const source = new Source()
  const pool = new SequencePool(source)
  expect(pool.sequences).toEqual([])
  for (const tokens of [10, 1024, 500]) {
    using _ = await pool.acquire(prompt, tokens, never)
  }
  expect(source.opened).toEqual([1024])
  await pool[Symbol.asyncDispose]()
  expect(source.open).toBe(0)
})

it('gives the sequence that shares the most with the prompt', async () => {
  const pool = new SequencePool(new Source())
  using held = await pool.acquire(prompt, 10, never)
  expect(held.sequence).toBe(pool.sequences[1])
})

it('grows in powers of two up to the most, and never has two contexts', async () => {
  const source = new Source(5000)
  const pool = new SequencePool(source)
  for (const tokens of [1, 1025, 900, 3000, 4097, 5000]) {
    using _ = await pool.acquire(prompt, tokens, never)
  }
  expect(source.opened).toEqual([1024, 2048, 4096, 5000])
  expect(source.mostOpen).toBe(1)
})

it('is never larger than the most, however little that is', async () => {
  const source = new Source(256)
  using _ = await new SequencePool(source).acquire(prompt, 200, never)
  expect(source.opened).toEqual([256])
})

it('waits for those that are under way before it grows, and lets nobody overtake', async () => {
  const source = new Source()
  const pool = new SequencePool(source)
  const first = await pool.acquire(prompt, 10, never)
  const order: string[] = []
  const take = (name: string, tokens: number): Promise<HeldSequence> =>
    pool.acquire(prompt, tokens, never).then((held) => {
      order.push(name)
      return held
    })
  const waiting = [take('long', 1500), take('short', 10), take('longest', 2500)]
  await turns()
  expect({ order, opened: source.opened }).toEqual({ order: [], opened: [1024] })
  first[Symbol.dispose]()
  await turns()
  expect({ order, opened: source.opened }).toEqual({ order: ['long', 'short'], opened: [1024, 4096] })
  for (const held of waiting) (await held)[Symbol.dispose]()
  expect(order).toEqual(['long', 'short', 'longest'])
})

it('goes on when the one that waits for more room gives up', async () => {
  const source = new Source()
  const pool = new SequencePool(source)
  const held = await pool.acquire(prompt, 10, never)
  const gone = new AbortController()
  const long = pool.acquire(prompt, 5000, gone.signal)
  const short = pool.acquire(prompt, 10, never)
  const reason = new Error('gone')
  gone.abort(reason)
  await expect(long).rejects.toBe(reason)
  using _ = await short
  held[Symbol.dispose]()
  await turns()
  expect(source.opened).toEqual([1024])
})

it('is not left without its sequences by one that gives up while it grows', async () => {
  const source = new Source()
  const pool = new SequencePool(source)
  const gone = new AbortController()
  const long = pool.acquire(prompt, 5000, gone.signal)
  gone.abort(new Error('gone'))
  await expect(long).rejects.toThrow('gone')
  using _ = await pool.acquire(prompt, 10, never)
  using __ = await pool.acquire(prompt, 10, never)
  expect(source.opened).toEqual([8192])
})

it('tells those that need the room that there is no memory for it, and serves the others', async () => {
  const source = new Source()
  source.refuses = (tokens) => tokens > 2048
  const pool = new SequencePool(source)
  const all = await Promise.allSettled(
    [10, 5000, 10, 1500, 8000].map(async (tokens) => {
      using _ = await pool.acquire(prompt, tokens, never)
      await turns()
    }),
  )
  expect(all.map(({ status }) => status)).toEqual([
    'fulfilled',
    'rejected',
    'fulfilled',
    'fulfilled',
    'rejected',
  ])
  expect(all[1]).toMatchObject({ reason: { message: 'no memory for 8192' } })
  expect(source.mostOpen).toBe(1)
})

it('gives the memory back that it is just taking when it is disposed of', async () => {
  const source = new Source()
  const pool = new SequencePool(source)
  const gone = new AbortController()
  const held = pool.acquire(prompt, 10, gone.signal)
  gone.abort(new Error('gone'))
  await expect(held).rejects.toThrow('gone')
  await pool[Symbol.asyncDispose]()
  expect({ opened: source.opened, open: source.open }).toEqual({ opened: [1024], open: 0 })
})
