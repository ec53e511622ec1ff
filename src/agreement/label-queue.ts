import type { Output } from '../judges/definition.ts'
import type { Estimate } from './estimate.ts'
import { labelsForWidth, type PlannedStratum, shareOutLabels } from './label-plan.ts'
import type { RunAnswer } from './run-label-store.ts'

/** Below this, numbers of several samples are taken to be apart. */
const leastAgreementOfNumbers = 0.9

/** Whether a judgment's samples, or its panel's members, disagreed so far that its record is worth more labels. */
export function isSplit(agreement: number | null, output: Output): boolean {
  if (agreement === null) return false
  return agreement < (output.type === 'CLASSIFICATION' ? 1 : leastAgreementOfNumbers)
}

/** A record that is worth a label, and the kind of records that it is picked from. */
export interface Candidate extends Omit<RunAnswer, 'agreement'> {
  readonly isSplit: boolean
}

/** Answered records of one kind, as far as the queue needs to know them. */
export interface QueueStratum extends PlannedStratum {
  readonly answer: string | null
  readonly isSplit: boolean
  /** In an order by chance: the first ones come first. */
  readonly candidates: readonly Candidate[]
}

/**
 * What to label next, so that the estimate's interval shrinks the most: shares the labels out over the strata, and takes
 * from each its first candidates. Inside a stratum chance alone decides, so that the estimate stays unbiased.
 * @param count how many to pick
 */
export function pickForLabels(strata: readonly QueueStratum[], count: number): readonly Candidate[] {
  const shares = shareOutLabels(strata, count)
  return strata.flatMap(({ candidates }, at) => candidates.slice(0, shares[at] ?? 0))
}

/**
 * How many more labels bring the estimate's 95% interval to a width: of an option's share from 0 to 1, of a mean in units
 * of the scale.
 * @returns null where labelling everything does not, which a small run can't help
 */
export function moreLabelsFor(
  width: number,
  strata: readonly QueueStratum[],
  estimate: Estimate,
): number | null {
  if (estimate.kind !== 'mean') return labelsForWidth(strata, width, floorOfShares(strata)) ?? null
  // What the judge's own answers leave open does not go away with labels.
  const labelled = strata.reduce((sum, one) => sum + one.labelled, 0)
  const fromLabels = strata.reduce((sum, one) => sum + varianceOf(one, strata), 0)
  const floor = labelled === 0 ? 0 : Math.max(0, estimate.corrected.error ** 2 - fromLabels)
  return labelsForWidth(strata, width, floor) ?? null
}

function varianceOf({ size, spread, labelled }: PlannedStratum, strata: readonly PlannedStratum[]): number {
  const total = strata.reduce((sum, one) => sum + one.size, 0)
  return labelled === 0 ? 0 : ((size / total) * spread) ** 2 / labelled
}

/** How far the run itself, a sample of what there is to judge, leaves a share open: at most as of one half. */
function floorOfShares(strata: readonly PlannedStratum[]): number {
  const total = strata.reduce((sum, one) => sum + one.size, 0)
  return total === 0 ? 0 : 0.25 / total
}
