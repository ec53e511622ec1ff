import { describe, expect, test } from 'vitest'
import type { Account, Judgment } from './judgment.ts'
import { costOf, type PriceOf } from './price.ts'

const priceOf: PriceOf = (_provider, modelName) =>
  modelName === 'priced' ? { inputPerMillion: 2, outputPerMillion: 8 } : undefined

function judgmentBy(
  modelName: string,
  tokens: [input: number, output: number],
  votes?: Judgment[],
): Judgment {
  const account: Account = {
    provider: 'p',
    modelName,
    enforcement: 'text',
    leftOut: [],
    attempts: 1,
    latencyMs: 1,
    inputTokens: tokens[0],
    outputTokens: tokens[1],
    toolUses: [],
    isToolBudgetExhausted: false,
  }
  const poll = votes && { poll: { asked: votes.length, votes, agreement: null } }
  return { outcome: 'answered', analysis: '', answer: 'a', account, ...poll }
}

describe('the cost of a judgment', () => {
  test('is of its input and output tokens, each at its price', () => {
    expect(costOf(judgmentBy('priced', [500_000, 250_000]), priceOf)).toBe(3)
  })

  test('is unknown where its model has no price, and nothing where no tokens were used', () => {
    expect(costOf(judgmentBy('other', [1, 0]), priceOf)).toBeNull()
    expect(costOf(judgmentBy('other', [0, 0]), priceOf)).toBe(0)
  })

  test('of a panel is that of its members, each at the price of its own model', () => {
    const votes = [judgmentBy('priced', [1_000_000, 0]), judgmentBy('priced', [0, 1_000_000])]
    expect(costOf(judgmentBy('panel', [1_000_000, 1_000_000], votes), priceOf)).toBe(10)
    const withUnpriced = [...votes, judgmentBy('other', [5, 5])]
    expect(costOf(judgmentBy('panel', [1_000_005, 1_000_005], withUnpriced), priceOf)).toBeNull()
  })
})
