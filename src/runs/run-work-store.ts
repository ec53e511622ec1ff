import type { JudgmentRecord } from '../judging/judgment.ts'
import type { Run, RunPriority, RunState } from './run.ts'

/** A run that is to be worked on. */
export interface RunningRun {
  readonly id: string
  readonly workspaceId: string
  readonly priority: RunPriority
}

/** An item that is claimed, to be judged. */
export interface ClaimedItem {
  /** From 1, in the order of the run. */
  readonly number: number
  readonly recordId: string
  /** Of the record's content as JSON; null where there is no such record any more. */
  readonly bytes: number | null
}

export interface StoredLook {
  readonly run: Run
  /** How many are at work on it whose leases were renewed lately. */
  readonly workers: number
}

/** Somebody who works on a run: one turn of one process. */
export interface Worker {
  readonly id: string
  readonly runId: string
}

/**
 * What the domain needs of storage to work on runs, whoever else does so at the same time. Each method is one
 * transaction. Whoever works has a lease that is renewed: claims hold for as long as their worker's lease.
 */
export interface RunWorkStore {
  /** Oldest first. */
  listRunning(): Promise<readonly RunningRun[]>
  /** Begins to work, or goes on, until the lease ends. Says when the run was first worked on. */
  renew(worker: Worker, now: Date, leaseUntil: Date): Promise<void>
  /**
   * A run as it stands, and who is at work on it; undefined where there is none any more.
   * @param lately workers count whose leases end later than this
   */
  look(running: Pick<RunningRun, 'id' | 'workspaceId'>, lately: Date): Promise<StoredLook | undefined>
  /** Claims the next pending items that nobody else has claimed, or whose claims have ended at `now`. */
  claim(worker: Worker, most: number, now: Date): Promise<readonly ClaimedItem[]>
  /**
   * Keeps judgments of items that are still claimed, and counts them; others were judged elsewhere, and are dropped.
   * @param records each with its place in the run
   */
  keep(worker: Worker, records: readonly JudgmentRecord[]): Promise<void>
  /** Ends the work: what is claimed and not judged is free. */
  leave(worker: Worker): Promise<void>
  /** Ends a run that is running. */
  end(
    runId: string,
    to: { readonly state: RunState; readonly reason: string; readonly at: Date },
  ): Promise<void>
  /** Ends a run that is running where nothing is pending. */
  complete(runId: string, at: Date): Promise<'completed' | 'not_completed'>
}
