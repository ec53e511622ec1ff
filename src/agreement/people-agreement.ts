import type { Output } from '../judges/definition.ts'
import { cohensKappa, confusionMatrix } from './agreement.ts'
import { bootstrapIntervals, type Measured, type Pause } from './bootstrap.ts'
import { krippendorffsAlpha } from './krippendorffs-alpha.ts'
import { consensusOf } from './label.ts'
import { fitLabels, type LabelledJudgment } from './labelled-run.ts'
import { meanAbsoluteError, type NumberPair, pearsonCorrelation } from './number-agreement.ts'

/** How far people agree among themselves: a judge that agrees with them more has learnt their noise. */
export interface PeopleAgreement {
  /** Records with the labels of two people or more; those who can't tell don't count. */
  readonly records: number
  readonly krippendorffsAlpha: Measured | null
  /** What one person has in the judge's place, measured against what the others say together. */
  readonly ceiling: {
    /** Of options: the share of labels that are what the others say. */
    readonly accuracy: Measured | null
    readonly kappa: Measured | null
    /** Of numbers. */
    readonly pearson: Measured | null
    readonly meanAbsoluteError: Measured | null
  }
}

/** One person's label, and what the others say together. */
type Turn = readonly [others: string | number, own: string | number]

/** Compares people with each other. Intervals are bootstraps over records. */
export async function peopleAgreement(
  judgments: readonly LabelledJudgment[],
  output: Output,
  pause: Pause,
): Promise<PeopleAgreement> {
  const records = judgments
    .map((judgment) => fitLabels(judgment, output).filter((value) => value !== null))
    .filter((values) => values.length > 1)
    .map((values) => ({ values, turns: turnsOf(values, output) }))
  const level = output.type === 'CLASSIFICATION' ? 'nominal' : 'interval'
  const statistics = output.type === 'CLASSIFICATION' ? ofOptions : ofNumbers
  const measured = await bootstrapIntervals(
    records,
    (sample) => ({
      alpha: krippendorffsAlpha(
        sample.map(({ values }) => values),
        level,
      ),
      ...statistics(sample.flatMap(({ turns }) => turns)),
    }),
    pause,
  )
  const { alpha, ...ceiling } = measured
  return { records: records.length, krippendorffsAlpha: alpha, ceiling }
}

interface CeilingStatistics {
  readonly accuracy: number | undefined
  readonly kappa: number | undefined
  readonly pearson: number | undefined
  readonly meanAbsoluteError: number | undefined
}

function ofOptions(turns: readonly Turn[]): CeilingStatistics {
  const matrix = confusionMatrix(
    turns.map(([label, answer]) => ({ label: String(label), answer: String(answer) })),
  )
  const hits = turns.filter(([others, own]) => others === own).length
  return {
    accuracy: turns.length === 0 ? undefined : hits / turns.length,
    kappa: cohensKappa(matrix),
    pearson: undefined,
    meanAbsoluteError: undefined,
  }
}

function ofNumbers(turns: readonly Turn[]): CeilingStatistics {
  const pairs = turns.map(([others, own]): NumberPair => [Number(others), Number(own)])
  return {
    accuracy: undefined,
    kappa: undefined,
    pearson: pearsonCorrelation(pairs),
    meanAbsoluteError: meanAbsoluteError(pairs),
  }
}

/** Each person in turn takes the judge's place; where the others are tied, that turn says nothing. */
function turnsOf(values: readonly (string | number)[], output: Output): readonly Turn[] {
  return values.flatMap((own, at): Turn[] => {
    const others = consensusOf(values.toSpliced(at, 1), output)
    return others.kind === 'label' ? [[others.value, own]] : []
  })
}
