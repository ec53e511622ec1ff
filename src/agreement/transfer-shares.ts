import type { Output } from '../judges/definition.ts'
import type { AnsweredRun } from './estimate.ts'
import type { JudgedLabel } from './labelled-run.ts'
import { type Calibration, type CorrectedShare, roganGladen } from './rogan-gladen.ts'

/** An option's share in one run, corrected by how the judge did on the labelled records of another. */
export interface TransferredShare {
  readonly option: string
  /** The share of the judge's answers. */
  readonly naive: number
  readonly calibration: Calibration
  /** Undefined where it can't be had. */
  readonly corrected: CorrectedShare | undefined
  /** Why it can't be had. */
  readonly refusal: string | null
}

/** Each option against all others. */
export function transferShares(
  { counts }: AnsweredRun,
  judged: readonly JudgedLabel[],
  output: Output,
): readonly TransferredShare[] {
  if (output.type === 'REGRESSION') return []
  const answered = counts.reduce((sum, { count }) => sum + count, 0)
  return output.options.map(({ value: option }) => {
    const answers = counts.reduce((sum, row) => sum + (row.answer === option ? row.count : 0), 0)
    const calibration = calibrationOf(judged, option)
    const bare = bareRefusal(calibration, answered, option)
    const corrected = bare === null ? roganGladen(answers, answered, calibration) : undefined
    const refusal = bare ?? (corrected === undefined ? saysNothing(calibration, option) : null)
    return { option, naive: answered === 0 ? 0 : answers / answered, calibration, corrected, refusal }
  })
}

function calibrationOf(judged: readonly JudgedLabel[], option: string): Calibration {
  const positives = judged.filter(({ label }) => label === option)
  const negatives = judged.filter(({ label }) => label !== option)
  return {
    positives: positives.length,
    truePositives: positives.filter(({ answer }) => answer === option).length,
    negatives: negatives.length,
    trueNegatives: negatives.filter(({ answer }) => answer !== option).length,
  }
}

function bareRefusal({ positives, negatives }: Calibration, answered: number, option: string): string | null {
  const name = JSON.stringify(option)
  if (answered === 0) return 'No record of the run has an answer yet.'
  if (positives === 0) return `No labelled record has the label ${name}.`
  return negatives === 0 ? `Every labelled record has the label ${name}.` : null
}

function saysNothing(
  { positives, truePositives, negatives, trueNegatives }: Calibration,
  option: string,
): string {
  const together = truePositives / positives + trueNegatives / negatives
  return `On the labelled records, sensitivity and specificity for ${JSON.stringify(option)} are ${together.toFixed(2)} together: not above 1, or not so far that so few labels show it. The judge's answers say nothing of it.`
}
