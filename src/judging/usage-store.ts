import type { Outcome } from './judgment.ts'

/** Who asked for a judgment: a caller who waited, or a run. */
export const usageSources = ['live', 'run'] as const

export type UsageSource = (typeof usageSources)[number]

/** What usage can be told apart by. */
export const usageGroups = ['day', 'judge', 'provider', 'model', 'source', 'outcome'] as const

export type UsageGroup = (typeof usageGroups)[number]

/** What some judgments used together. */
export interface UsageSum {
  readonly judgments: number
  /** Of these, how many have no known cost, because a model of theirs has no price. */
  readonly unpriced: number
  readonly inputTokens: number
  readonly outputTokens: number
  /** Of those with a known cost, in the currency of the configured prices. */
  readonly cost: number
}

/** With what was asked to tell them apart by, and nothing else. */
export interface UsageRow extends UsageSum {
  /** Days since 1970-01-01 UTC. */
  readonly day?: number
  readonly judgeId?: string
  readonly provider?: string
  readonly modelName?: string
  readonly source?: UsageSource
  readonly outcome?: Outcome
}

export interface UsageQuery {
  /** Days since 1970-01-01 UTC, both included. */
  readonly fromDay: number
  readonly toDay: number
  readonly groups: readonly UsageGroup[]
}

/** What the domain needs of storage to tell usage. */
export interface UsageStore {
  /** In the order of the groups as they stand in `usageGroups`; at most `limit` rows. */
  sum(workspaceId: string, query: UsageQuery, limit: number): Promise<readonly UsageRow[]>
}
