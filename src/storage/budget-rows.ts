import { sql } from 'kysely'
import type { Budget, BudgetStore, BudgetUse } from '../judging/budget-store.ts'
import type { Database } from './open-database.ts'

const uuid = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i

/** What was spent of budgets, in the database. */
export class BudgetRows implements BudgetStore {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  async read(budget: Budget, day: number): Promise<BudgetUse> {
    const workspaceId = await this.#workspaceId(budget)
    if (workspaceId === undefined) return { workspaceId: null, judgeIds: [], spent: 0 }
    const judgeIds = await this.#judgeIds(budget, workspaceId)
    if (judgeIds?.length === 0) return { workspaceId, judgeIds, spent: 0 }
    const { kysely } = this.#database
    // The primary key begins with the workspace: all of them are named, so that it leads to the day.
    const workspaces = kysely.selectFrom('workspaces').select('id')
    const { spent } = await kysely
      .selectFrom('usage_counts')
      .select(sql<number>`coalesce(sum(cost), 0)`.as('spent'))
      .where('workspace_id', 'in', workspaceId === null ? workspaces : [workspaceId])
      .where('day', '=', day)
      .$if(judgeIds !== null, (query) => query.where('judge_id', 'in', judgeIds ?? []))
      .executeTakeFirstOrThrow()
    return { workspaceId, judgeIds, spent }
  }

  /** Null: every one; undefined where there is none of that name. */
  async #workspaceId({ workspaceName }: Budget): Promise<string | null | undefined> {
    if (workspaceName === undefined) return null
    const { kysely } = this.#database
    const found = await kysely
      .selectFrom('workspaces')
      .select('id')
      .where('name', '=', workspaceName)
      .executeTakeFirst()
    return found?.id
  }

  /** Of deleted judges too: to delete a judge and make it again gives no new budget. */
  async #judgeIds({ judge }: Budget, workspaceId: string | null): Promise<readonly string[] | null> {
    if (judge === undefined) return null
    const rows = await this.#database.kysely
      .selectFrom('judges')
      .select('id')
      .where((where) =>
        where.or([where('name', '=', judge), ...(uuid.test(judge) ? [where('id', '=', judge)] : [])]),
      )
      .$if(workspaceId !== null, (query) => query.where('workspace_id', '=', workspaceId ?? ''))
      .execute()
    return rows.map(({ id }) => id)
  }
}
