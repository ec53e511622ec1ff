import type { AnswerCount } from './answer-counts.ts'
import type { RunState } from './run.ts'

/** The newest run of a judge, in short. */
export interface LastRun {
  readonly id: string
  readonly name: string
  readonly state: RunState
  readonly createdAt: Date
  readonly endedAt: Date | null
  readonly total: number
  readonly judged: number
  readonly answered: number
  /** How often which option was answered, in no order; empty where numbers were. */
  readonly answers: readonly AnswerCount[]
  /** Of the answers that are numbers. */
  readonly sum: number
}

export interface JudgeActivity {
  readonly judgeId: string
  readonly lastRun: LastRun | null
  /** When the newest judgment was made that is kept of live judging. */
  readonly lastLiveAt: Date | null
}

/** What the domain needs of storage to tell what judges did last. */
export interface LastRunStore {
  /** Of each of these judges, in no order, out of one query, which looks at no judgment one by one. */
  ofJudges(workspaceId: string, judgeIds: readonly string[]): Promise<readonly JudgeActivity[]>
}
