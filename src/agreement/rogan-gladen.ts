import { z } from './interval.ts'

/** How a judge with two answers did on records that people labelled, which need not be those of the run. */
export interface Calibration {
  /** Labelled negative, and how many of those the judge answered so. */
  readonly negatives: number
  readonly trueNegatives: number
  /** Labelled positive, and how many of those the judge answered so. */
  readonly positives: number
  readonly truePositives: number
}

/** A share that was corrected for the judge's errors, with its 95% interval; all from 0 to 1. */
export interface CorrectedShare {
  readonly share: number
  readonly low: number
  readonly high: number
  /** Whether the correction led out of 0 to 1 and was cut there: the judge errs otherwise here than on the labels. */
  readonly isClipped: boolean
}

/**
 * The share of positives among records that nobody labelled: what the judge says, corrected for how often it errs on
 * labelled ones. It holds where the judge errs there as often as here.
 * @param positiveAnswers of `answers`, both whole numbers; at least one answer, one negative and one positive
 * @returns undefined where sensitivity and specificity are 1 or less together, with the imagined records of the interval or
 *   without them: such a judge says nothing
 * @see Rogan and Gladen (1978), Estimating prevalence from the results of a screening test; the interval of Lee,
 *   Zeng, Pegoraro and others (2025), How to correctly report LLM-as-a-judge evaluations, arXiv 2511.21140
 */
export function roganGladen(
  positiveAnswers: number,
  answers: number,
  { negatives, trueNegatives, positives, truePositives }: Calibration,
): CorrectedShare | undefined {
  const informedness = trueNegatives / negatives + truePositives / positives - 1
  // As with Wilson's and Agresti and Coull's intervals, a few imagined records keep small numbers honest.
  const observed = { mean: (positiveAnswers + z ** 2 / 2) / (answers + z ** 2), count: answers + z ** 2 }
  const specificity = { mean: (trueNegatives + 1) / (negatives + 2), count: negatives + 2 }
  const sensitivity = { mean: (truePositives + 1) / (positives + 2), count: positives + 2 }
  const width = specificity.mean + sensitivity.mean - 1
  if (!(informedness > 0 && width > 0)) return undefined
  const share = (positiveAnswers / answers + trueNegatives / negatives - 1) / informedness
  const centre = (observed.mean + specificity.mean - 1) / width
  const ofNegatives = varianceOf(specificity)
  const ofPositives = varianceOf(sensitivity)
  const shift = 2 * z ** 2 * (centre * ofPositives - (1 - centre) * ofNegatives)
  const variance = varianceOf(observed) + (1 - centre) ** 2 * ofNegatives + centre ** 2 * ofPositives
  const halfWidth = (z * Math.sqrt(variance)) / width
  return {
    share: clip(share),
    low: clip(centre + shift - halfWidth),
    high: clip(centre + shift + halfWidth),
    isClipped: share < 0 || share > 1,
  }
}

function varianceOf({ mean, count }: { mean: number; count: number }): number {
  return (mean * (1 - mean)) / count
}

function clip(share: number): number {
  return Math.min(1, Math.max(0, share))
}
