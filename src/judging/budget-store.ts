/** What may be spent in a UTC day. */
export interface Budget {
  /** Of this workspace; absent: of all workspaces together. */
  readonly workspaceName?: string
  /** Of judges with this id or name; absent: of all judges together. */
  readonly judge?: string
  /** In the currency of the configured prices. */
  readonly perDay: number
}

/** What a budget holds for, and what was spent of it. */
export interface BudgetUse {
  /** Null: every workspace. */
  readonly workspaceId: string | null
  /** Null: every judge; empty where there is none such. */
  readonly judgeIds: readonly string[] | null
  readonly spent: number
}

/** What the domain needs of storage to hold budgets. */
export interface BudgetStore {
  /** @param day since 1970-01-01 UTC */
  read(budget: Budget, day: number): Promise<BudgetUse>
}
