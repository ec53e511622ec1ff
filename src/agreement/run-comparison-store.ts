import type { Definition } from '../judges/definition.ts'
import type { ComparedRecord, Flip } from './run-comparison.ts'

/** The flips among a stretch of a run's records. */
export interface FlipStretch {
  readonly flips: readonly Flip[]
  /** The last record looked at; undefined where there was none. */
  readonly lastItem: number | undefined
}

/** What the domain needs of storage to compare two runs. Each method is one transaction. */
export interface RunComparisonStore {
  /** What a run's judge was, also where the judge is deleted since. */
  findDefinition(revisionId: string): Promise<Definition | undefined>
  /** How many records a run has. */
  countItems(runId: string): Promise<number>
  /**
   * The next few records of a run in its order, as many as are well read at once, beside what the other run has of
   * them; none once there are no more. The run whose records they are is the first.
   */
  readPairs(runId: string, otherRunId: string, afterItem: number): Promise<readonly ComparedRecord[]>
  /** Looks at the next few records of a run in its order for those that the other run answered differently. */
  readFlips(runId: string, otherRunId: string, afterItem: number): Promise<FlipStretch>
  /** What judgments say beside their answers, by their ids; those without an analysis are left out. */
  findAnalyses(judgmentIds: readonly string[]): Promise<ReadonlyMap<string, string>>
}
