import type { RunCaps, RunProgress } from './run.ts'

/** What a run has spent so far, on how many judgments. */
export type Spent = Pick<RunProgress, 'inputTokens' | 'outputTokens' | 'cost' | 'charged'>

/**
 * How many judgments may be under way so that, each at what one took so far, no cap is passed. Before anything is
 * known of what one takes, a single one.
 * @returns Infinity without a cap; 0 where not even one fits
 */
export function judgmentsWithin(caps: RunCaps, spent: Spent): number {
  const tokens = spent.inputTokens + spent.outputTokens
  // Without a price there is no telling how much is left.
  const cost = spent.cost ?? Infinity
  return Math.min(within(caps.maxCost, cost, spent.charged), within(caps.maxTokens, tokens, spent.charged))
}

function within(cap: number | null, spent: number, charged: number): number {
  if (cap === null) return Infinity
  const left = cap - spent
  if (left <= 0) return 0
  if (charged === 0) return 1
  // What is left of a sum of fractions may fall short by a rounding of them.
  return spent === 0 ? Infinity : Math.floor((left / (spent / charged)) * (1 + 1e-9))
}

/** Why a run stops at its caps, for people; undefined while another judgment fits. */
export function whyCapped(caps: RunCaps, spent: Spent): string | undefined {
  if (judgmentsWithin(caps, spent) >= 1) return undefined
  if (caps.maxCost !== null && spent.cost === null) {
    return 'A model has no price any more, so that nobody knows how much of max_cost is left.'
  }
  const tokens = spent.inputTokens + spent.outputTokens
  const isCost = within(caps.maxCost, spent.cost ?? 0, spent.charged) < 1
  return isCost
    ? `Another judgment would pass max_cost ${caps.maxCost}: ${spent.cost} is spent.`
    : `Another judgment would pass max_tokens ${caps.maxTokens}: ${tokens} are spent.`
}
