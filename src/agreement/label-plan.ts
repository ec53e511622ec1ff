import { z } from './interval.ts'

/** Records among which labels are picked by chance, as far as the plan needs to know of them. */
export interface PlannedStratum {
  /** How many answered records it has. */
  readonly size: number
  readonly labelled: number
  /** The standard deviation of what one label tells, above 0: of a share sqrt(p (1 - p)). */
  readonly spread: number
}

/**
 * Shares out labels over strata so that the estimate's variance is the least: each label goes where it takes the most
 * off it, after Neyman. A stratum without labels gets its first before that.
 * @param count labels to share out, a whole number
 * @returns how many for each stratum; fewer together only where no more records are left
 * @see Neyman (1934), On the two different aspects of the representative method; Wright (2012), The equivalence of Neyman
 *   optimum allocation for sampling and equal proportions for apportioning the U.S. House of Representatives
 */
export function shareOutLabels(strata: readonly PlannedStratum[], count: number): readonly number[] {
  const given = strata.map(() => 0)
  for (let label = 0; label < count; label += 1) {
    let best: number | undefined
    let most = 0
    for (const [at, stratum] of strata.entries()) {
      const worth = worthOfNext(stratum, given[at] ?? 0)
      if (worth > most) [best, most] = [at, worth]
    }
    if (best === undefined) break
    given[best] = (given[best] ?? 0) + 1
  }
  return given
}

/** What one more label takes off the variance, but for what is the same for all strata. */
function worthOfNext({ size, labelled, spread }: PlannedStratum, given: number): number {
  const labels = labelled + given
  if (labels >= size) return 0
  if (labels === 0) return Number.POSITIVE_INFINITY
  return (size * spread) ** 2 / (labels * (labels + 1))
}

/**
 * How many more labels, shared out in that way, bring the 95% interval of the estimate to a width.
 * @param width from the interval's low end to its high end, above 0
 * @param floor variance that no label takes away
 * @returns undefined where even labelling all of the records does not
 */
export function labelsForWidth(
  strata: readonly PlannedStratum[],
  width: number,
  floor = 0,
): number | undefined {
  const left = strata.reduce((sum, { size, labelled }) => sum + size - labelled, 0)
  if (widthAfter(strata, left, floor) > width) return undefined
  let [enough, tooFew] = [left, -1]
  while (enough - tooFew > 1) {
    const middle = Math.floor((enough + tooFew) / 2)
    if (widthAfter(strata, middle, floor) <= width) enough = middle
    else tooFew = middle
  }
  return enough
}

/** The variance of a stratified mean: the sum of each stratum's, weighed by the square of its share. */
function widthAfter(strata: readonly PlannedStratum[], more: number, floor: number): number {
  const total = strata.reduce((sum, { size }) => sum + size, 0)
  const given = more === 0 ? strata.map(() => 0) : proportionallyBest(strata, more)
  const variance = strata.reduce((sum, { size, labelled, spread }, at) => {
    const labels = labelled + (given[at] ?? 0)
    return labels === 0 ? Number.POSITIVE_INFINITY : sum + ((size / total) * spread) ** 2 / labels
  }, floor)
  return 2 * z * Math.sqrt(variance)
}

/** As `shareOutLabels`, without a step for each label where there are many. */
function proportionallyBest(strata: readonly PlannedStratum[], count: number): readonly number[] {
  if (count <= 1000) return shareOutLabels(strata, count)
  const wanted = strata.reduce((sum, { labelled }) => sum + labelled, count)
  const worth = strata.map(({ size, spread }) => size * spread)
  const total = worth.reduce((sum, one) => sum + one, 0)
  return strata.map(({ size, labelled }, at) =>
    Math.min(size - labelled, Math.max(0, (wanted * (worth[at] ?? 0)) / total - labelled)),
  )
}
