import {
  answerCounts,
  balancedAccuracy,
  type ConfusionMatrix,
  cohensKappa,
  confusionMatrix,
  type LabelledAnswer,
  labelCounts,
  majorityShare,
} from './agreement.ts'
import { bootstrapIntervals, type Measured, type Pause } from './bootstrap.ts'
import { wilsonInterval } from './interval.ts'

/** How a judge did on one of its options. */
export interface OptionAgreement {
  readonly option: string
  /** Records with this label, and with this answer. */
  readonly labelled: number
  readonly answered: number
  /** Of the records with this answer, the share with this label; with Wilson's interval. */
  readonly precision: Measured | null
  /** Of the records with this label, the share with this answer; with Wilson's interval. */
  readonly recall: Measured | null
  /** The harmonic mean of the two. */
  readonly f1: Measured | null
}

/** How far a judge's answers are people's labels. */
export interface OptionsAgreement {
  readonly type: 'CLASSIFICATION'
  /** With Wilson's interval. */
  readonly accuracy: Measured | null
  readonly balancedAccuracy: Measured | null
  readonly kappa: Measured | null
  /** The accuracy of always giving the most frequent label. */
  readonly majorityShare: number | null
  readonly options: readonly OptionAgreement[]
  readonly matrix: ConfusionMatrix
}

/**
 * Compares labels with answers.
 * @param options in the order wanted
 */
export async function agreementOnOptions(
  pairs: readonly LabelledAnswer[],
  options: readonly string[],
  pause: Pause,
): Promise<OptionsAgreement> {
  const matrix = confusionMatrix(pairs, options)
  const measured = await bootstrapIntervals(
    pairs,
    (sample) => statisticsOf(confusionMatrix(sample, options)),
    pause,
  )
  const hits = matrix.options.reduce((sum, _option, at) => sum + (matrix.counts[at]?.[at] ?? 0), 0)
  return {
    type: 'CLASSIFICATION',
    accuracy: shareOf(hits, pairs.length),
    balancedAccuracy: measured.balancedAccuracy ?? null,
    kappa: measured.kappa ?? null,
    majorityShare: majorityShare(matrix) ?? null,
    options: matrix.options.map((option, at) =>
      agreementOnOption(matrix, option, at, measured[`f1 ${at}`] ?? null),
    ),
    matrix,
  }
}

function statisticsOf(matrix: ConfusionMatrix): Record<string, number | undefined> {
  const f1 = matrix.options.map((_option, at) => [`f1 ${at}`, f1Of(matrix, at)] as const)
  return {
    balancedAccuracy: balancedAccuracy(matrix),
    kappa: cohensKappa(matrix),
    ...Object.fromEntries(f1),
  }
}

/** @see https://en.wikipedia.org/wiki/F-score#Definition */
function f1Of(matrix: ConfusionMatrix, at: number): number | undefined {
  const either = (labelCounts(matrix)[at] ?? 0) + (answerCounts(matrix)[at] ?? 0)
  return either === 0 ? undefined : (2 * (matrix.counts[at]?.[at] ?? 0)) / either
}

function agreementOnOption(
  matrix: ConfusionMatrix,
  option: string,
  at: number,
  f1: Measured | null,
): OptionAgreement {
  const labelled = labelCounts(matrix)[at] ?? 0
  const answered = answerCounts(matrix)[at] ?? 0
  const both = matrix.counts[at]?.[at] ?? 0
  return {
    option,
    labelled,
    answered,
    precision: shareOf(both, answered),
    recall: shareOf(both, labelled),
    f1,
  }
}

function shareOf(part: number, whole: number): Measured | null {
  const interval = wilsonInterval(part, whole)
  return interval === undefined
    ? null
    : { value: interval.share, low: interval.low, high: interval.high, count: whole }
}
