import type { Output } from '../judges/definition.ts'
import type { Outcome } from '../judging/judgment.ts'
import { type Consensus, consensusOf, type LabelValue, labelOf } from './label.ts'

/** What one person says of a record. */
export interface PersonLabel {
  readonly author: string
  readonly value: LabelValue
}

/** One record of a run that people labelled, with what the run's judge said of it. */
export interface LabelledJudgment {
  readonly recordId: string
  /** From 1, in the order of the run. */
  readonly itemNumber: number
  /** Null while it is pending. */
  readonly outcome: Outcome | null
  readonly answer: string | number | null
  readonly analysis: string | null
  /** Whether the judgment's samples, or its panel's members, gave different answers. */
  readonly isSplit: boolean
  /** Of each person the latest. */
  readonly labels: readonly PersonLabel[]
}

/** A record whose people and whose judge both gave an answer. */
export interface JudgedLabel {
  readonly judgment: LabelledJudgment
  readonly label: string | number
  readonly answer: string | number
}

/** What became of the labelled records of a run. */
export interface LabelledRun {
  readonly judged: readonly JudgedLabel[]
  /** Labelled records by what keeps them out of the comparison. */
  readonly leftOut: {
    /** The judge gave no answer, or not yet. */
    readonly notAnswered: number
    readonly tied: number
    readonly cannotTell: number
    /** No label fits what the judge can answer: its options or its scale are others now. */
    readonly outOfOutput: number
  }
  /** Single labels that do not fit what the judge can answer. */
  readonly unfitLabels: number
}

/** Sorts the labelled records of a run by whether they can be compared. */
export function readLabelledRun(judgments: readonly LabelledJudgment[], output: Output): LabelledRun {
  const judged: JudgedLabel[] = []
  const leftOut = { notAnswered: 0, tied: 0, cannotTell: 0, outOfOutput: 0 }
  let unfitLabels = 0
  for (const judgment of judgments) {
    const fit = fitLabels(judgment, output)
    unfitLabels += judgment.labels.length - fit.length
    const consensus = fit.length === 0 ? undefined : consensusOf(fit, output)
    if (consensus === undefined) leftOut.outOfOutput += 1
    else if (consensus.kind !== 'label') leftOut[leftOutAs[consensus.kind]] += 1
    else if (judgment.answer === null) leftOut.notAnswered += 1
    else judged.push({ judgment, label: consensus.value, answer: judgment.answer })
  }
  return { judged, leftOut, unfitLabels }
}

const leftOutAs: Readonly<Record<Exclude<Consensus['kind'], 'label'>, 'tied' | 'cannotTell'>> = {
  tied: 'tied',
  cannot_tell: 'cannotTell',
}

/** The labels of a record that are answers of this output, or say that it can't be told. */
export function fitLabels(
  { labels }: Pick<LabelledJudgment, 'labels'>,
  output: Output,
): readonly LabelValue[] {
  return labels.map(({ value }) => labelOf(value, output)).filter((value) => value !== undefined)
}
