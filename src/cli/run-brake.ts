import type { Outcome } from '../judging/judgment.ts'
import { shortNumber } from './run-progress.ts'
import type { ResultLine } from './run-result.ts'
import type { RunTotals } from './run-totals.ts'

interface BrakeSettings {
  readonly totals: RunTotals
  readonly maxCost: number | undefined
  readonly maxTokens: number | undefined
  readonly concurrency: number
}

/** What ends a run before its end. */
export interface Brake {
  /** Whether one more judgment may start beside so many, as far as it can be told from those before. */
  mayStart(underway: number): boolean
  /** Sees each judgment that is made. */
  onResult(result: Pick<ResultLine, 'outcome' | 'reason'>): void
  /** Why no more judgments may start, as a sentence; undefined while they may. */
  readonly capReached: string | undefined
  /** Why more judgments would be of no use, as a sentence; undefined while they may be. */
  readonly despair: string | undefined
}

/** Outcomes that say more of the provider, or of how it is asked, than of a record. */
const fruitless: readonly Outcome[] = ['invalid_request', 'provider_failed', 'rate_limited', 'timed_out']

/** Sums of costs are not exact. */
const roundingError = 1e-9

/** One after the other; more where more are under way at once. */
const fewestFruitless = 50

/**
 * Holds a run to its caps, and ends one that has no prospect: where every judgment fails, the records that are left
 * are better judged later.
 */
export function createBrake({ totals, maxCost, maxTokens, concurrency }: BrakeSettings): Brake {
  const mostFruitless = Math.max(fewestFruitless, 2 * concurrency)
  let inARow = 0
  let lastReason: string | null = null
  const caps = [
    { name: '--max-cost', limit: maxCost, spent: () => totals.knownCost },
    { name: '--max-tokens', limit: maxTokens, spent: () => totals.inputTokens + totals.outputTokens },
  ]
  const reached = (underway: number) =>
    caps.find(({ limit, spent }) => {
      if (limit === undefined) return false
      const each = totals.judged === 0 ? 0 : spent() / totals.judged
      return spent() + (underway + 1) * each > limit * (1 + roundingError)
    })
  return {
    mayStart: (underway) => inARow < mostFruitless && reached(underway) === undefined,
    onResult({ outcome, reason }) {
      inARow = fruitless.includes(outcome) ? inARow + 1 : 0
      lastReason = reason
    },
    get capReached() {
      const cap = reached(0)
      if (cap === undefined) return undefined
      return `${cap.name} ${cap.limit} is reached: ${shortNumber(cap.spent())} is spent, and one more judgment would take it over.`
    },
    get despair() {
      if (inARow < mostFruitless) return undefined
      return `The last ${inARow} judgments all failed, the latest because: ${lastReason}`
    },
  }
}
