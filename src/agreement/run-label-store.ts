import type { RecordContent } from '../datasets/dataset.ts'
import type { Outcome } from '../judging/judgment.ts'
import type { PersonLabel } from './labelled-run.ts'

/** What a run's judge said of one record. */
export interface RunAnswer {
  /** From 1, in the order of the run. */
  readonly itemNumber: number
  readonly recordId: string
  readonly answer: string | number
  /** See `agreementOf`; null where one judgment was made. */
  readonly agreement: number | null
}

/** One record of a run with people's labels; outcome and the rest are null while it is pending. */
export interface LabelledItem {
  readonly itemNumber: number
  readonly recordId: string
  readonly outcome: Outcome | null
  readonly answer: string | number | null
  readonly analysis: string | null
  readonly agreement: number | null
  readonly labels: readonly PersonLabel[]
}

/** One record of a run with what it holds, labels perhaps among it. */
export type ItemWithContent = Omit<LabelledItem, 'labels'> & {
  readonly content: RecordContent
}

/**
 * What the domain needs of storage to compare a run with labels. Each method is one transaction, and reads the next few
 * in the order of the run, as many as are well read at once: none once there are no more.
 */
export interface RunLabelStore {
  /** Answered records. */
  readAnswers(runId: string, afterItem: number): Promise<readonly RunAnswer[]>
  /** Records with a label for the judge. */
  readLabelled(runId: string, judgeId: string, afterItem: number): Promise<readonly LabelledItem[]>
  /** Records that another run answered too: its answer stands in the place of a label, and its id in that of the author. */
  readAnsweredBy(runId: string, otherRunId: string, afterItem: number): Promise<readonly LabelledItem[]>
  /** Records that are still there. */
  readContents(runId: string, afterItem: number): Promise<readonly ItemWithContent[]>
}
