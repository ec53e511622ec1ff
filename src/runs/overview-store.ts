/** How many of each a workspace has. */
export interface ThingCounts {
  readonly judges: number
  readonly datasets: number
  readonly records: number
  readonly labels: number
}

/** Days since 1970-01-01 UTC, both included. */
export interface Days {
  readonly fromDay: number
  readonly toDay: number
}

/** A judge with judgments that ended without an answer. */
export interface FailingJudge {
  readonly judgeId: string
  readonly name: string
  readonly judgments: number
  readonly unanswered: number
}

/** A provider that limited the rate so long that judgments were given up. */
export interface LimitedProvider {
  readonly provider: string
  readonly judgments: number
}

/** What the domain needs of storage to tell how a workspace does. None of it looks at judgments one by one. */
export interface OverviewStore {
  countThings(workspaceId: string): Promise<ThingCounts>
  /** Living ones, most judgments without an answer first, ties by id. */
  failingJudges(workspaceId: string, days: Days, limit: number): Promise<readonly FailingJudge[]>
  /** Most judgments given up first, ties by name. */
  limitedProviders(workspaceId: string, days: Days, limit: number): Promise<readonly LimitedProvider[]>
}
