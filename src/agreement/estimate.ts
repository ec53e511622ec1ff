import type { Output } from '../judges/definition.ts'
import { wilsonInterval } from './interval.ts'
import type { JudgedLabel } from './labelled-run.ts'
import { type MeanEstimate, type NumberStratum, predictionPoweredMean } from './prediction-powered-mean.ts'
import { type OptionShare, type Stratum, stratifiedShares } from './stratified-shares.ts'

/** What the judge said of all records of a run that it answered. */
export interface AnsweredRun {
  /** How many have each answer, apart by whether its samples or members were split; for options. */
  readonly counts: readonly { readonly answer: string; readonly isSplit: boolean; readonly count: number }[]
  /** The answers on the records that are not compared with a label, apart in the same way; for numbers. */
  readonly unlabelled: Readonly<Record<'alike' | 'split', readonly number[]>>
}

/** The true share of an option, beside what the judge says. */
export interface ShareEstimate {
  readonly option: string
  /** The share of the judge's answers, with Wilson's interval: it knows nothing of the judge's errors. */
  readonly naive: { readonly share: number; readonly low: number; readonly high: number }
  readonly corrected: { readonly share: number; readonly low: number; readonly high: number }
}

/** Labelled records of one kind, and how many records each stands for. */
export interface LabelledStratum {
  readonly name: string
  readonly records: number
  readonly labelled: number
  /** The design weight: records over labelled ones; null where none is labelled. */
  readonly weight: number | null
}

/** What share, or mean, people's labels would have over all answered records of a run. */
export type Estimate = { readonly strata: readonly LabelledStratum[]; readonly labels: number } & (
  | {
      readonly kind: 'shares'
      readonly method: 'judge_stratified'
      readonly shares: readonly ShareEstimate[]
    }
  | {
      readonly kind: 'mean'
      readonly method: 'prediction_powered'
      readonly naive: number
      readonly corrected: MeanEstimate
    }
  /** Why there is none, and what would help. */
  | { readonly kind: 'refused'; readonly reason: string }
)

/** Corrects what a run's judge says for its errors, by the records that people labelled. */
export function estimateTruth(judged: readonly JudgedLabel[], run: AnsweredRun, output: Output): Estimate {
  return output.type === 'CLASSIFICATION'
    ? estimateShares(
        judged,
        run,
        output.options.map(({ value }) => value),
      )
    : estimateMean(judged, run)
}

function estimateShares(
  judged: readonly JudgedLabel[],
  run: AnsweredRun,
  options: readonly string[],
): Estimate {
  const strata = strataOf(judged, run, options)
  const shown = strata.map(({ name, size, labels }) =>
    labelledStratum(
      name,
      size,
      labels.reduce((a, b) => a + b, 0),
    ),
  )
  const about = { strata: shown, labels: judged.length }
  const bare = shown
    .filter(({ labelled }) => labelled === 0)
    .map(({ name, records }) => `${name} (${records})`)
  if (shown.length === 0)
    return { ...about, kind: 'refused', reason: 'No record of the run has an answer yet.' }
  if (bare.length > 0) {
    const reason = `No record is labelled among those with the answer ${bare.join(', ')}: label one of each at least, picked by chance, so that it is known how often that answer is right.`
    return { ...about, kind: 'refused', reason }
  }
  const corrected = stratifiedShares(options, strata)
  const answered = strata.reduce((sum, { size }) => sum + size, 0)
  const shares = corrected.map((share) => toShareEstimate(share, run, answered))
  return { ...about, kind: 'shares', method: 'judge_stratified', shares }
}

function toShareEstimate(
  { option, share, low, high }: OptionShare,
  { counts }: AnsweredRun,
  answered: number,
): ShareEstimate {
  const answers = counts.reduce((sum, row) => sum + (row.answer === option ? row.count : 0), 0)
  const naive = wilsonInterval(answers, answered) ?? { share: 0, low: 0, high: 1 }
  return { option, naive, corrected: { share, low, high } }
}

/**
 * One for each answer; two where some of its judgments were split and both kinds have labels. Records that the queue
 * picks are picked by chance inside of these, so that it may pick more of the split ones.
 */
function strataOf(
  judged: readonly JudgedLabel[],
  { counts }: AnsweredRun,
  options: readonly string[],
): Stratum[] {
  return options.flatMap((answer) => {
    const tiers = [false, true].map((isSplit) => {
      const size = counts.find((row) => row.answer === answer && row.isSplit === isSplit)?.count ?? 0
      const labelled = judged.filter((one) => one.answer === answer && one.judgment.isSplit === isSplit)
      const name = isSplit ? `${answer}, samples split` : answer
      return {
        name,
        size,
        labels: options.map((option) => labelled.filter(({ label }) => label === option).length),
      }
    })
    const inUse = tiers.filter(({ size }) => size > 0)
    if (inUse.every(({ labels }) => labels.some((count) => count > 0))) return inUse
    return [merge(answer, inUse)]
  })
}

function merge(name: string, strata: readonly Stratum[]): Stratum {
  const labels =
    strata[0]?.labels.map((_, at) => strata.reduce((sum, one) => sum + (one.labels[at] ?? 0), 0)) ?? []
  return { name, size: strata.reduce((sum, { size }) => sum + size, 0), labels }
}

function labelledStratum(name: string, records: number, labelled: number): LabelledStratum {
  return { name, records, labelled, weight: labelled === 0 ? null : records / labelled }
}

const leastLabels = 2

function estimateMean(judged: readonly JudgedLabel[], { unlabelled }: AnsweredRun): Estimate {
  const strata = numberStrataOf(judged, unlabelled)
  const shown = strata.map(({ name, labelled, unlabelled: others }) =>
    labelledStratum(name, labelled.length + others.length, labelled.length),
  )
  const about = { strata: shown, labels: judged.length }
  if (judged.length < leastLabels) {
    const reason = `${judged.length} of the run's answered records are labelled: label ${leastLabels} at least, picked by chance, and better 30.`
    return { ...about, kind: 'refused', reason }
  }
  const answers = strata.flatMap((one) => [...one.labelled.map(([, answer]) => answer), ...one.unlabelled])
  return {
    ...about,
    kind: 'mean',
    method: 'prediction_powered',
    naive: answers.reduce((sum, answer) => sum + answer, 0) / answers.length,
    corrected: predictionPoweredMean(strata),
  }
}

/** Two where both kinds of judgments have labels enough; else one. */
function numberStrataOf(
  judged: readonly JudgedLabel[],
  unlabelled: AnsweredRun['unlabelled'],
): (NumberStratum & { readonly name: string })[] {
  const tiers = (['alike', 'split'] as const).map((kind) => ({
    name: kind === 'split' ? 'samples apart' : 'all answers',
    labelled: judged
      .filter(({ judgment }) => judgment.isSplit === (kind === 'split'))
      .map(({ label, answer }) => [Number(label), Number(answer)] as const),
    unlabelled: unlabelled[kind],
  }))
  const inUse = tiers.filter((tier) => tier.labelled.length + tier.unlabelled.length > 0)
  if (inUse.every(({ labelled }) => labelled.length >= leastLabels)) return inUse
  const labelled = inUse.flatMap((tier) => tier.labelled)
  return [{ name: 'all answers', labelled, unlabelled: inUse.flatMap((tier) => tier.unlabelled) }]
}
