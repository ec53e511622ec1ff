import type { Page } from '../judges/judge-store.ts'
import type { JudgmentRecord, Outcome } from '../judging/judgment.ts'
import type { PropertyFilter, Run, RunCaps, RunPlan, RunState } from './run.ts'

export interface RunQuery {
  /** From 1. */
  readonly page: number
  /** 0 to 100. */
  readonly pageSize: number
  /** A judge's id, or a revision's. */
  readonly judgeId?: string
  readonly datasetId?: string
  /** Any of these; empty means all. */
  readonly states: readonly RunState[]
}

/** Which of a run's judgments; empty means all. */
export interface JudgmentFilter {
  /** As text; a number in any way of writing it. */
  readonly answers: readonly string[]
  readonly outcomes: readonly Outcome[]
}

/** A stretch of a dataset's records, in its order, to take those from that the filter lets through. */
export interface SelectedStretch {
  readonly datasetId: string
  readonly filter: PropertyFilter | null
  /** The place before the first; 0 for the beginning. */
  readonly after: number
  /** The last place of all. */
  readonly through: number
}

/**
 * What the domain needs of storage to keep runs. Each method is one transaction. A run that is being made is found by
 * nobody before it is `publish`ed, and one that was removed by nobody from then on, though its judgments may take their
 * time to go.
 */
export interface RunStore {
  /** Begins to make a run. It is given up where no method goes on with it until `leaseUntil`. */
  begin(plan: RunPlan, leaseUntil: Date): Promise<void>
  /**
   * Gives a run that is being made its next items: of so many records that nobody else waits for long.
   * @returns the place to go on after; undefined where there is nothing behind it
   * @throws AssizeError `database_unavailable` where the run was given up meanwhile
   */
  takeStretch(runId: string, stretch: SelectedStretch, leaseUntil: Date): Promise<number | undefined>
  /**
   * Gives a run that is being made these records as its next items, up to 1,000.
   * @returns the ids that are no records of its workspace
   * @throws AssizeError `database_unavailable` where the run was given up meanwhile
   */
  takeRecords(runId: string, recordIds: readonly string[], leaseUntil: Date): Promise<readonly string[]>
  /** Shows a run that was made, as running; one without items is given up instead. */
  publish(runId: string): Promise<'published' | 'empty'>
  /** Gives up a run that is being made. */
  abandon(runId: string): Promise<void>

  find(workspaceId: string, id: string): Promise<Run | undefined>
  /** Newest first, ties by id. */
  list(workspaceId: string, query: RunQuery): Promise<Page<Run>>
  /** Where the run is in one of the states; what is left out of `caps` stays. */
  change(
    workspaceId: string,
    id: string,
    from: readonly RunState[],
    to: { readonly state: RunState; readonly at: Date; readonly caps?: Partial<RunCaps> },
  ): Promise<'changed' | 'not_changed'>
  /**
   * Makes the next few items pending again whose judgments ended so, and the run running; the judgments are deleted,
   * what they took stays spent.
   * @param after the number of the item before the first
   * @returns the number to go on after; undefined where there is nothing behind it, or no run
   */
  retry(
    workspaceId: string,
    id: string,
    outcomes: readonly Outcome[],
    after: number,
    at: Date,
  ): Promise<number | undefined>
  /** From now on nobody finds the run; `purge` removes what it left. */
  remove(workspaceId: string, id: string): Promise<'removed' | 'missing'>
  /**
   * Removes for good a part of what removed runs have left, and runs that were given up at `now`: so little that
   * nobody else waits for long.
   */
  purge(now: Date): Promise<'removed' | 'nothing_left'>

  /** In the order of the items; undefined where there is no such run. */
  listJudgments(
    workspaceId: string,
    runId: string,
    query: JudgmentFilter & { readonly page: number; readonly pageSize: number },
  ): Promise<Page<JudgmentRecord> | undefined>
  /**
   * The next few judgments of a run in the order of its items; empty behind the last.
   * @param after the number of the item before the first; 0 for the beginning
   */
  readJudgments(runId: string, filter: JudgmentFilter, after: number): Promise<readonly JudgmentRecord[]>
  /** A run's judgments of these records, up to 1,000, in any order. */
  readJudgmentsOf(runId: string, recordIds: readonly string[]): Promise<readonly JudgmentRecord[]>
}
