import type { Outcome } from '../judging/judgment.ts'
import type { ConfusionMatrix } from './agreement.ts'
import type { ShareInterval } from './interval.ts'
import type { McNemarTest } from './mcnemar.ts'
import type { PairedNumbersSummary } from './paired-numbers.ts'
import type { DifferenceInterval } from './paired-shares.ts'

/** What one run made of a record. */
export interface ComparedJudgment {
  /** Null where it isn't judged yet. */
  readonly id: string | null
  readonly outcome: Outcome | 'pending'
  readonly answer: string | number | null
  /** Null where there is none, or none was read. */
  readonly analysis: string | null
  /** `provider/model`, as the judgment tells; null where it doesn't. */
  readonly servedModel: string | null
  readonly enforcement: string | null
}

/** A record of one run or of both. */
export interface ComparedRecord {
  readonly recordId: string
  /** Its place in the first run, or in the second where the first doesn't have it. */
  readonly itemNumber: number
  /** Undefined where the run doesn't have the record. */
  readonly first: ComparedJudgment | undefined
  readonly second: ComparedJudgment | undefined
}

/** Something that isn't the same on both sides, and what it is on each; null where that is unknown or too long. */
export interface Difference {
  readonly what: string
  readonly first: string | null
  readonly second: string | null
}

/** How many records there are of each outcome. */
export type OutcomeCounts = Readonly<Partial<Record<Outcome | 'pending', number>>>

export interface RecordCounts {
  readonly inBoth: number
  readonly onlyInFirst: OutcomeCounts
  readonly onlyInSecond: OutcomeCounts
  readonly answeredByBoth: number
  /** Of the records in both: what became of those in the second run that the first answered, and the other way round. */
  readonly answeredByFirstOnly: OutcomeCounts
  readonly answeredBySecondOnly: OutcomeCounts
  readonly answeredByNeither: number
}

/** One option against all others, over the records that both runs answered. */
export interface OptionComparison extends McNemarTest {
  readonly option: string
  /** Records that both runs answered. */
  readonly total: number
  /** Of those, the ones for which it is the answer. */
  readonly first: number
  readonly second: number
  /** Records for which it is the answer of the second run only, and of the first run only. */
  readonly gained: number
  readonly lost: number
  /** Of the shares: the second less the first; undefined without records. */
  readonly difference: DifferenceInterval | undefined
  /** The exact p value, made larger for there being as many tests as options; see `holmAdjusted`. */
  readonly adjustedPValue: number
}

/** A record that the two runs answered differently. */
export interface Flip {
  readonly recordId: string
  readonly itemNumber: number
  readonly first: FlippedJudgment
  readonly second: FlippedJudgment
}

export interface FlippedJudgment {
  readonly id: string | null
  readonly answer: string | number
  readonly analysis: string | null
}

export interface Flips {
  readonly count: number
  /** Of the records that both answered; undefined without any. */
  readonly share: ShareInterval | undefined
  /** The largest changes first, equal ones by their place in the first run; as many as were asked for. */
  readonly largest: readonly Flip[]
}

/** Every option, and how often each answer of the first run met each of the second. */
export interface OptionsComparison {
  readonly rows: readonly OptionComparison[]
  /** Labels are the answers of the first run. */
  readonly crossTable: ConfusionMatrix
  /** Cohen's; undefined where chance alone would agree always. */
  readonly kappa: number | undefined
}

/** What can be told of answers that are measured alike. */
export interface AnswerComparison {
  readonly flips: Flips
  /** Of judges that answer with an option. */
  readonly options?: OptionsComparison
  /** Of judges that answer with a number; undefined where both answered no record. */
  readonly numbers?: PairedNumbersSummary | undefined
}

/** Two runs side by side, record by record. Differences are the second less the first. */
export interface RunComparison {
  readonly differences: readonly Difference[]
  readonly records: RecordCounts
  /** Why answers can't be compared; undefined where they can. */
  readonly reason: string | undefined
  /** Undefined where answers can't be compared. */
  readonly answers: AnswerComparison | undefined
}
