import { bootstrapIntervals, type Measured, type Pause } from './bootstrap.ts'
import { kendallsTau } from './kendalls-tau.ts'
import {
  meanAbsoluteError,
  type NumberPair,
  pearsonCorrelation,
  spearmanCorrelation,
} from './number-agreement.ts'

/** How near a judge's numbers are to people's. */
export interface NumbersAgreement {
  readonly type: 'REGRESSION'
  readonly pearson: Measured | null
  readonly spearman: Measured | null
  readonly kendall: Measured | null
  /** In units of the scale, like the bias. */
  readonly meanAbsoluteError: Measured | null
  /** How much higher the judge's numbers are on the whole: its mean less that of the labels. */
  readonly bias: Measured | null
}

/** Compares labels with answers; every interval is a bootstrap. */
export async function agreementOnNumbers(
  pairs: readonly NumberPair[],
  pause: Pause,
): Promise<NumbersAgreement> {
  const measured = await bootstrapIntervals(
    pairs,
    (sample) => ({
      pearson: pearsonCorrelation(sample),
      spearman: spearmanCorrelation(sample),
      kendall: kendallsTau(sample),
      meanAbsoluteError: meanAbsoluteError(sample),
      bias: biasOf(sample),
    }),
    pause,
  )
  return { type: 'REGRESSION', ...measured }
}

function biasOf(pairs: readonly NumberPair[]): number | undefined {
  if (pairs.length === 0) return undefined
  return pairs.reduce((sum, [label, answer]) => sum + answer - label, 0) / pairs.length
}
