import type { PropertyFilter, RunPlan } from './run.ts'

/** A stretch of a dataset's records, in its order, to take those from that the filter lets through. */
export interface SelectedStretch {
  readonly datasetId: string
  readonly filter: PropertyFilter | null
  /** The place before the first; 0 for the beginning. */
  readonly after: number
  /** The last place of all. */
  readonly through: number
}

/** What a step of making a run came to; `given_up` where it had taken longer than it may. */
type Step<Taken> = Taken | 'given_up'

/**
 * What the domain needs of storage to make a run bit by bit, so that nobody else waits for long. Each method is one
 * transaction. Nobody sees the run before it is published. Where nothing goes on with it until `leaseUntil`, it is
 * given up, and goes away.
 */
export interface RunMakingStore {
  begin(plan: RunPlan, leaseUntil: Date): Promise<void>
  /**
   * Takes the next few records as items, in their order.
   * @returns the place to go on after; undefined where there is nothing behind it
   */
  takeStretch(
    runId: string,
    stretch: SelectedStretch,
    leaseUntil: Date,
  ): Promise<Step<{ readonly place: number } | undefined>>
  /**
   * Takes these records as the next items, up to 1,000, in their order.
   * @returns the ids that are no records of the run's workspace
   */
  takeRecords(runId: string, recordIds: readonly string[], leaseUntil: Date): Promise<Step<readonly string[]>>
  /** Shows the run, as running, if it has any items. */
  publish(runId: string): Promise<Step<'published' | 'empty'>>
  /** Gives the run up. */
  abandon(runId: string): Promise<void>
}
