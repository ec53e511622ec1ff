import type { Page } from '../judges/judge-store.ts'
import type { JudgmentFilter, ListedJudgment } from '../judging/judgment-store.ts'
import type { AnswerCount, StretchCounts } from './answer-counts.ts'

/** Which of a run's judgments; what is empty leaves none out. */
export type RunJudgmentFilter = Pick<JudgmentFilter, 'outcomes' | 'answers'>

export interface RunJudgmentQuery extends RunJudgmentFilter {
  /** From 1. */
  readonly page: number
  /** 0 to 100. */
  readonly pageSize: number
}

/** What the domain needs of storage to show what a run has made. Each method is one transaction. */
export interface RunJudgmentStore {
  /** In the order of the run's items. */
  list(runId: string, query: RunJudgmentQuery): Promise<Page<ListedJudgment>>
  /**
   * The next few in the order of the run's items, as many as are well read at once; none once there are no more.
   * @param after the number of the item before the first; 0 for the beginning
   */
  readOn(runId: string, filter: RunJudgmentFilter, after: number): Promise<readonly ListedJudgment[]>
  find(runId: string, judgmentId: string): Promise<ListedJudgment | undefined>
  /** Each answer that there is once, in no order; of more than `most` any `most` of them. */
  countAnswers(runId: string, most?: number): Promise<readonly AnswerCount[]>
  /** Numbers, of which two at least differ, counted in so many stretches of the same length. */
  countStretches(runId: string, stretches: number): Promise<StretchCounts>
}
