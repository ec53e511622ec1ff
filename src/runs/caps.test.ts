import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { judgmentsWithin, whyCapped } from './caps.ts'

const spent = { inputTokens: 800, outputTokens: 200, cost: 0.5, charged: 10 }
const none = { maxCost: null, maxTokens: null }

describe('caps', () => {
  it('let everything pass where there are none', () => {
    expect(judgmentsWithin(none, spent)).toBe(Infinity)
    expect(judgmentsWithin(none, { ...spent, cost: null })).toBe(Infinity)
  })

  it.each([
    [{ maxTokens: 1000 }, 0],
    [{ maxTokens: 1099 }, 0],
    [{ maxTokens: 1100 }, 1],
    [{ maxTokens: 1999 }, 9],
    [{ maxCost: 0.5 }, 0],
    [{ maxCost: 0.7 }, 4],
    [{ maxCost: 0.7, maxTokens: 1100 }, 1],
    [{ maxCost: 0.1 }, 0],
  ])('%j leaves room for judgments like those before: %i', (caps, room) => {
    expect(judgmentsWithin({ ...none, ...caps }, spent)).toBe(room)
  })

  it('begin with one, before it is known what one takes', () => {
    const nothing = { inputTokens: 0, outputTokens: 0, cost: 0, charged: 0 }
    expect(judgmentsWithin({ maxCost: 1, maxTokens: null }, nothing)).toBe(1)
  })

  it('let everything pass that costs nothing', () => {
    expect(judgmentsWithin({ maxCost: 1, maxTokens: null }, { ...spent, cost: 0 })).toBe(Infinity)
  })

  it('stop where a price is gone', () => {
    const unpriced = { ...spent, cost: null }
    expect(judgmentsWithin({ maxCost: 1, maxTokens: null }, unpriced)).toBe(0)
    expect(whyCapped({ maxCost: 1, maxTokens: null }, unpriced)).toContain('has no price')
  })

  it('say which of them is reached', () => {
    expect(whyCapped({ maxCost: 0.52, maxTokens: 10_000 }, spent)).toBe(
      'Another judgment would pass max_cost 0.52: 0.5 is spent.',
    )
    expect(whyCapped({ maxCost: 5, maxTokens: 1000 }, spent)).toBe(
      'Another judgment would pass max_tokens 1000: 1000 are spent.',
    )
  })

  it('are never passed where each judgment takes the same', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 500 }),
        fc.integer({ min: 1, max: 10_000 }),
        (tokens, maxTokens) => {
          let total = 0
          for (let charged = 0; ; charged += 1) {
            const so = { inputTokens: total, outputTokens: 0, cost: 0, charged }
            if (judgmentsWithin({ maxCost: null, maxTokens }, so) < 1) break
            total += tokens
          }
          expect(total).toBeLessThanOrEqual(Math.max(maxTokens, tokens))
          expect(total + tokens).toBeGreaterThan(maxTokens)
        },
      ),
    )
  })
})
