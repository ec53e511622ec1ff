import type { Page } from '../judges/judge-store.ts'
import type { JudgmentRecord, Outcome } from './judgment.ts'

/** A judgment without what was judged, which may be long. */
export type ListedJudgment = Omit<JudgmentRecord, 'conversation'>

/** Whose judgments: all of a judge's, or those that one of its revisions made. */
export interface JudgmentsOf {
  readonly judgeId: string
  readonly revisionId?: string
}

/** What judgments are wanted; what is empty or absent leaves none out. */
export interface JudgmentFilter {
  readonly outcomes: readonly Outcome[]
  readonly answers: readonly (string | number)[]
  /** Made at this time or later. */
  readonly since?: Date
  /** Made earlier than this. */
  readonly before?: Date
}

export interface JudgmentPageQuery extends JudgmentsOf, JudgmentFilter {
  /** From 1. */
  readonly page: number
  /** 0 to 100. */
  readonly pageSize: number
}

/**
 * What the domain needs of storage to keep the judgments that callers waited for; those of runs are kept with their
 * runs, and no method but `find` sees them.
 */
export interface JudgmentStore {
  /** Resolves once the record is on disk, and what it used is added to the workspace's usage. */
  insert(record: JudgmentRecord): Promise<void>
  /** Adds what it used to the workspace's usage, and keeps nothing else of it. */
  count(record: JudgmentRecord): Promise<void>
  /** Those of runs too. */
  find(workspaceId: string, id: string): Promise<JudgmentRecord | undefined>
  /** Newest first, ties by id. */
  list(query: JudgmentPageQuery): Promise<Page<ListedJudgment>>
  findOf(of: JudgmentsOf, id: string): Promise<JudgmentRecord | undefined>
  remove(of: JudgmentsOf, id: string): Promise<'removed' | 'missing'>
  /**
   * Deletes all that were made before a time, part by part, so that others have their turns in between.
   * @param of absent: those of all judges, deleted ones included, in all workspaces
   * @param stop once it is aborted, no further part is begun
   * @returns how many were deleted
   */
  removeOlder(before: Date, of?: JudgmentsOf, stop?: AbortSignal): Promise<number>
}
