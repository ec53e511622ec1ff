import { newBoundary } from './assize-judging.ts'
import type { Config } from './config.ts'
import type { Judges } from './judges/judges.ts'
import { type Budgets, createBudgets } from './judging/budgets.ts'
import type { JudgeMaterial } from './judging/judging.ts'
import { createJudgments, type Judgments } from './judging/judgments.ts'
import { createLiveJudging, type LiveJudging } from './judging/live-judging.ts'
import type { PriceOf } from './judging/price.ts'
import { createUnsavedJudging, type UnsavedJudging } from './judging/unsaved-judging.ts'
import { createUsage, type Usage } from './judging/usage.ts'
import { BudgetRows } from './storage/budget-rows.ts'
import { JudgmentRows } from './storage/judgment-rows.ts'
import type { Database } from './storage/open-database.ts'
import { UsageRows } from './storage/usage-rows.ts'

interface JudgmentTools {
  readonly judges: Judges
  readonly judgeMaterial: JudgeMaterial
  readonly priceOf: PriceOf
  readonly now: () => Date
  readonly newId: () => string
}

export interface JudgmentServices {
  readonly liveJudging: LiveJudging
  readonly unsavedJudging: UnsavedJudging
  readonly judgments: Judgments
  readonly usage: Usage
  readonly budgets: Budgets
}

/** Judging while the caller waits, and what is kept of it. */
export function createJudgmentServices(
  database: Database,
  { judgments: kept, budgets: configured }: Pick<Config, 'judgments' | 'budgets'>,
  tools: JudgmentTools,
): JudgmentServices {
  const store = new JudgmentRows(database)
  const budgets = createBudgets({
    budgets: configured,
    store: new BudgetRows(database),
    now: tools.now,
    elapsedMs: () => performance.now(),
  })
  return {
    liveJudging: createLiveJudging({ ...tools, store, kept, budgets }),
    unsavedJudging: createUnsavedJudging({ ...tools, newBoundary, budgets }),
    judgments: createJudgments({ judges: tools.judges, store }),
    usage: createUsage({ store: new UsageRows(database), now: tools.now }),
    budgets,
  }
}
