import type { Page } from '../judges/judge-store.ts'
import type { Outcome } from '../judging/judgment.ts'
import type { Run, RunSettings, RunState } from './run.ts'

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

/** To another state, and with other settings; those that are left out stay. */
export interface StateChange {
  readonly state: RunState
  /** Null where the state says enough. */
  readonly reason: string | null
  readonly at: Date
  readonly settings?: Partial<RunSettings>
}

/** Which of a run's items to judge again. */
export interface Retried {
  readonly outcome: Outcome
  /** The number of the item before the first; 0 for the beginning. */
  readonly after: number
}

/**
 * What the domain needs of storage to keep runs. Each method is one transaction. None finds a run that is still being
 * made, or one that was removed, though its judgments may take their time to go.
 */
export interface RunStore {
  find(workspaceId: string, id: string): Promise<Run | undefined>
  /** Newest first, ties by id. */
  list(workspaceId: string, query: RunQuery): Promise<Page<Run>>
  /** Changes a run that is in one of these states. */
  change(
    workspaceId: string,
    id: string,
    from: readonly RunState[],
    to: StateChange,
  ): Promise<'changed' | 'not_changed'>
  /**
   * Makes the next few items pending again whose judgments ended so: those are deleted, and what they took stays spent.
   * A run that has something pending from then on is running.
   * @returns the number of the item to go on after; undefined where there is nothing behind it, or no run
   */
  retry(workspaceId: string, id: string, retried: Retried): Promise<number | undefined>
  /** From now on nobody finds the run; `purge` removes what it has left. */
  remove(workspaceId: string, id: string): Promise<'removed' | 'missing'>
  /**
   * Removes for good a part of what removed runs have left, and those that were given up while they were made: so
   * little that nobody else waits for long.
   */
  purge(now: Date): Promise<'removed' | 'nothing_left'>
}
