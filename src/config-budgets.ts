import type { ConfigFile } from './config-file.ts'
import { ConfigError } from './config-setting.ts'

/** What may be spent in a UTC day. */
export interface BudgetConfig {
  /** Absent: of all workspaces together. */
  readonly workspaceName?: string
  /** By id or name; absent: of all judges together. */
  readonly judge?: string
  readonly perDay: number
}

/**
 * The budgets that the file names.
 * @throws ConfigError where there are budgets and no prices: no cost would ever be known
 */
export function readBudgets({ budgets, prices }: ConfigFile): readonly BudgetConfig[] {
  if (budgets.length > 0 && prices.length === 0) {
    throw new ConfigError('budgets is set and prices is not: without prices nobody knows what is spent.')
  }
  return budgets.map(({ workspace, judge, per_day }) => ({
    ...(workspace !== undefined && { workspaceName: workspace }),
    ...(judge !== undefined && { judge }),
    perDay: per_day,
  }))
}
