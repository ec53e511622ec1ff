import { z } from './interval.ts'

/** How many of the same records are positive on one side, and on the other. */
export interface PairedCounts {
  /** Positive on the second side only. */
  readonly gained: number
  /** Positive on the first side only. */
  readonly lost: number
  /** All records that have both sides. */
  readonly total: number
}

/** The second less the first, and where the true difference lies with 95% confidence. */
export interface DifferenceInterval {
  readonly difference: number
  readonly low: number
  readonly high: number
}

/**
 * Tango's score interval of the difference of two shares of the same records, from -1 to 1.
 * @returns undefined without records
 * @see Tango (1998), "Equivalence test and confidence interval for the difference in proportions for the
 *   paired-sample design", Statistics in Medicine 17, 891-908, section 3; recommended for small samples by Fagerland,
 *   Lydersen and Laake (2014), Statistics in Medicine 33, 2850-2875
 */
export function pairedShareDifference(counts: PairedCounts): DifferenceInterval | undefined {
  const { gained, lost, total } = counts
  if (total === 0) return undefined
  const difference = (gained - lost) / total
  return {
    difference,
    low: gained - lost === -total ? -1 : farthestWithin(counts, difference, -1),
    high: gained - lost === total ? 1 : farthestWithin(counts, difference, 1),
  }
}

/** The last difference on the way to `end` that the counts don't contradict: the score grows all the way. */
function farthestWithin(counts: PairedCounts, difference: number, end: -1 | 1): number {
  let [within, beyond] = [difference, end as number]
  for (;;) {
    const middle = (within + beyond) / 2
    if (middle === within || middle === beyond) return middle
    if (Math.abs(score(counts, middle)) <= z) within = middle
    else beyond = middle
  }
}

/** How many standard errors the counts are from a true difference of `delta`: formulas 7 and 8 of Tango's article. */
function score({ gained, lost, total }: PairedCounts, delta: number): number {
  const distance = gained - lost - total * delta
  const linear = -gained - lost + (2 * total - gained + lost) * delta
  const constant = -lost * delta * (1 - delta)
  // The share of lost records that fits the counts best where delta is the difference.
  const lostShare = (Math.sqrt(Math.max(0, linear ** 2 - 8 * total * constant)) - linear) / (4 * total)
  const variance = total * (2 * lostShare + delta * (1 - delta))
  if (variance > 0) return distance / Math.sqrt(variance)
  return distance === 0 ? 0 : distance * Number.POSITIVE_INFINITY
}
