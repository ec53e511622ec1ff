import type { Output } from '../judges/definition.ts'
import type { Pause } from './bootstrap.ts'
import { type AnsweredRun, type Estimate, estimateTruth } from './estimate.ts'
import { type JudgedLabel, type LabelledJudgment, type LabelledRun, readLabelledRun } from './labelled-run.ts'
import { agreementOnNumbers, type NumbersAgreement } from './numbers-agreement.ts'
import { agreementOnOptions, type OptionsAgreement } from './option-agreement.ts'
import { type PeopleAgreement, peopleAgreement } from './people-agreement.ts'

/** How a run's judgments compare with people's labels, and what they stand for. */
export interface AgreementReport {
  readonly labels: {
    /** Records of the run with a label. */
    readonly records: number
    /** Those whose people and judge both gave an answer: what the agreement rests on. */
    readonly compared: number
    readonly people: readonly string[]
    readonly leftOut: LabelledRun['leftOut']
    /** Single labels that do not fit what the judge can answer. */
    readonly unfit: number
  }
  readonly agreement: OptionsAgreement | NumbersAgreement
  readonly people: PeopleAgreement
  readonly estimate: Estimate
  /** Where judge and people are farthest apart, worst first. */
  readonly disagreements: readonly Disagreement[]
}

export interface Disagreement {
  readonly recordId: string
  readonly itemNumber: number
  readonly label: string | number
  readonly answer: string | number
  readonly analysis: string | null
  readonly labels: LabelledJudgment['labels']
}

const mostDisagreements = 20

/**
 * Compares the judgments of a run with labels.
 * @param labelled the run's records with a label, in any order
 * @param run what the judge said of all of the run's records
 */
export async function agreementReport(
  labelled: readonly LabelledJudgment[],
  run: AnsweredRun,
  output: Output,
  pause: Pause,
): Promise<AgreementReport> {
  const { judged, leftOut, unfitLabels } = readLabelledRun(labelled, output)
  return {
    labels: {
      records: labelled.length,
      compared: judged.length,
      people: [...new Set(labelled.flatMap(({ labels }) => labels.map(({ author }) => author)))].sort(),
      leftOut,
      unfit: unfitLabels,
    },
    agreement: await agreementOf(judged, output, pause),
    people: await peopleAgreement(labelled, output, pause),
    estimate: estimateTruth(judged, run, output),
    disagreements: worst(judged),
  }
}

function agreementOf(
  judged: readonly JudgedLabel[],
  output: Output,
  pause: Pause,
): Promise<OptionsAgreement | NumbersAgreement> {
  if (output.type === 'CLASSIFICATION') {
    const pairs = judged.map(({ label, answer }) => ({ label: String(label), answer: String(answer) }))
    const options = output.options.map(({ value }) => value)
    return agreementOnOptions(pairs, options, pause)
  }
  return agreementOnNumbers(
    judged.map(({ label, answer }) => [Number(label), Number(answer)] as const),
    pause,
  )
}

/** Numbers by their distance; of options, those first of which the judge was sure, then in the order of the run. */
function worst(judged: readonly JudgedLabel[]): readonly Disagreement[] {
  return judged
    .filter(({ label, answer }) => label !== answer)
    .map((one) => ({ one, distance: distanceOf(one) }))
    .sort(
      (left, right) =>
        right.distance - left.distance || left.one.judgment.itemNumber - right.one.judgment.itemNumber,
    )
    .slice(0, mostDisagreements)
    .map(({ one: { judgment, label, answer } }) => ({
      recordId: judgment.recordId,
      itemNumber: judgment.itemNumber,
      label,
      answer,
      analysis: judgment.analysis,
      labels: judgment.labels,
    }))
}

function distanceOf({ label, answer, judgment }: JudgedLabel): number {
  if (typeof label === 'number' && typeof answer === 'number') return Math.abs(label - answer)
  return judgment.isSplit ? 0 : 1
}
