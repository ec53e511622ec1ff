import type { Judgment } from './judgment.ts'

/** What a model's tokens cost, in a million of them, in the one currency of the configuration. */
export interface Price {
  readonly inputPerMillion: number
  readonly outputPerMillion: number
}

/** The price of a model, by its provider's name and the provider's own name of it; undefined where none is known. */
export type PriceOf = (provider: string, modelName: string) => Price | undefined

/**
 * What a judgment cost: the tokens of all its calls, at the price of the model that each was made to.
 * @returns null where one of its models has no price and used tokens
 */
export function costOf(judgment: Judgment, priceOf: PriceOf): number | null {
  if (judgment.poll !== undefined) {
    const costs = judgment.poll.votes.map((vote) => costOf(vote, priceOf))
    return costs.reduce((sum, cost) => (sum === null || cost === null ? null : sum + cost), 0)
  }
  const { provider, modelName, inputTokens, outputTokens } = judgment.account
  if (inputTokens === 0 && outputTokens === 0) return 0
  const price = priceOf(provider, modelName)
  if (price === undefined) return null
  return (inputTokens * price.inputPerMillion + outputTokens * price.outputPerMillion) / 1_000_000
}
