import { sql, type Transaction } from 'kysely'
import type { Page } from '../judges/judge-store.ts'
import type { Run, RunState } from '../runs/run.ts'
import type { Retried, RunQuery, RunStore, StateChange } from '../runs/run-store.ts'
import { noteChange } from './note-change.ts'
import type { Database } from './open-database.ts'
import { purgeRuns } from './purge-runs.ts'
import { takeFromAnswers } from './run-answers.ts'
import { isSeen, type RunColumns, runColumns, toRuns, withCounts } from './run-columns.ts'
import type { Tables } from './tables.ts'
import { transact } from './transact.ts'

/** Judgments that are deleted at once: SQLite works in the process and keeps everything else waiting meanwhile. */
const retriedAtOnce = 500

/** Runs in the database. Ids are found whatever the case of their hex digits. */
export class RunRows implements RunStore {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  async find(workspaceId: string, id: string): Promise<Run | undefined> {
    const { rows } = await sql<RunColumns>`
      select ${runColumns} from runs ${withCounts}
      where runs.id = ${id.toLowerCase()} and runs.workspace_id = ${workspaceId} and ${isSeen}`.execute(
      this.#database.kysely,
    )
    return toRuns(rows)[0]
  }

  async list(workspaceId: string, query: RunQuery): Promise<Page<Run>> {
    const isListed = sql.join(conditionsOf(workspaceId, query), sql` and `)
    const offset = (query.page - 1) * query.pageSize
    const { rows } = await sql<{ total_count: number } & (RunColumns | { id: null })>`
      with page as (
        select runs.* from runs where ${isListed}
        order by runs.created_at_ms desc, runs.id desc limit ${query.pageSize} offset ${offset}
      ), shown as (select ${runColumns} from page as runs ${withCounts})
      select counted.total_count, shown.*
      from (select count(*) as total_count from runs where ${isListed}) as counted
      left join shown on true
      order by shown.created_at_ms desc, shown.id desc`.execute(this.#database.kysely)
    return {
      items: toRuns(rows.flatMap((row) => (row.id === null ? [] : [row]))),
      count: rows[0]?.total_count ?? 0,
    }
  }

  async change(
    workspaceId: string,
    id: string,
    from: readonly RunState[],
    { state, reason, at, settings }: StateChange,
  ): Promise<'changed' | 'not_changed'> {
    return await transact(this.#database, async (transaction) => {
      const { numUpdatedRows } = await transaction
        .updateTable('runs')
        .set({
          state,
          reason,
          ended_at_ms: state === 'running' ? null : at.getTime(),
          ...(settings?.maxCost === undefined ? {} : { max_cost: settings.maxCost }),
          ...(settings?.maxTokens === undefined ? {} : { max_tokens: settings.maxTokens }),
          ...(settings?.priority === undefined ? {} : { priority: settings.priority }),
        })
        .where('id', '=', id.toLowerCase())
        .where('workspace_id', '=', workspaceId)
        .where('state', 'in', from)
        .executeTakeFirstOrThrow()
      if (numUpdatedRows === 0n) return 'not_changed'
      const action = state === 'cancelled' ? 'run.cancelled' : 'run.resumed'
      await noteChange(this.#database, transaction, { workspaceId, action, subjectId: id })
      return 'changed'
    })
  }

  async retry(workspaceId: string, id: string, retried: Retried): Promise<number | undefined> {
    return await transact(this.#database, async (transaction) => {
      const run = await lockRun(transaction, workspaceId, id)
      if (run === undefined) return undefined
      const numbers = await takeBack(transaction, run.id, retried)
      if (numbers.length > 0 || run.state !== 'completed') {
        await transaction
          .updateTable('runs')
          .set({ state: 'running', reason: null, ended_at_ms: null })
          .where('id', '=', run.id)
          .execute()
      }
      if (numbers.length > 0 || !['running', 'completed'].includes(run.state)) {
        const detail = { outcome: retried.outcome, records: numbers.length }
        const change = { workspaceId, action: 'run.retried', subjectId: id, detail } as const
        await noteChange(this.#database, transaction, change)
      }
      return numbers.length < retriedAtOnce ? undefined : numbers.at(-1)
    })
  }

  async remove(workspaceId: string, id: string): Promise<'removed' | 'missing'> {
    return await transact(this.#database, async (transaction) => {
      const row = await transaction
        .updateTable('runs')
        .set({ state: 'removed' })
        .where('id', '=', id.toLowerCase())
        .where('workspace_id', '=', workspaceId)
        .where('state', 'not in', ['making', 'removed'])
        .returning('name')
        .executeTakeFirst()
      if (row === undefined) return 'missing'
      const change = { workspaceId, action: 'run.deleted', subjectId: id } as const
      await noteChange(this.#database, transaction, { ...change, detail: { name: row.name } })
      return 'removed'
    })
  }

  purge(now: Date): Promise<'removed' | 'nothing_left'> {
    return purgeRuns(this.#database, now)
  }
}

function conditionsOf(workspaceId: string, { judgeId, datasetId, states }: RunQuery) {
  const judge = judgeId?.toLowerCase()
  return [
    sql`runs.workspace_id = ${workspaceId} and ${isSeen}`,
    ...(judge === undefined ? [] : [sql`(runs.judge_id = ${judge} or runs.revision_id = ${judge})`]),
    ...(datasetId === undefined ? [] : [sql`runs.dataset_id = ${datasetId.toLowerCase()}`]),
    ...(states.length === 0 ? [] : [sql`runs.state in (${sql.join(states)})`]),
  ]
}

/** Keeps out everybody else who would retry or remove the run until the transaction ends. */
async function lockRun(
  transaction: Transaction<Tables>,
  workspaceId: string,
  id: string,
): Promise<{ readonly id: string; readonly state: string } | undefined> {
  return await transaction
    .updateTable('runs')
    .set(({ ref }) => ({ total: ref('total') }))
    .where('id', '=', id.toLowerCase())
    .where('workspace_id', '=', workspaceId)
    .where('state', 'not in', ['making', 'removed'])
    .returning(['id', 'state'])
    .executeTakeFirst()
}

/** @returns the numbers of the items that are pending again, in order */
async function takeBack(
  transaction: Transaction<Tables>,
  runId: string,
  { outcome, after }: Retried,
): Promise<readonly number[]> {
  const found = await transaction
    .selectFrom('judgments')
    .select('item_number')
    .where('run_id', '=', runId)
    .where('outcome', '=', outcome)
    .where('item_number', '>', after)
    .orderBy('item_number')
    .limit(retriedAtOnce)
    .execute()
  const numbers = found.flatMap(({ item_number }) => item_number ?? [])
  if (numbers.length === 0) return []
  await transaction
    .updateTable('run_items')
    .set({ judgment_id: null, claimed_by: null })
    .where('run_id', '=', runId)
    .where('number', 'in', numbers)
    .execute()
  const taken = await transaction
    .deleteFrom('judgments')
    .where('run_id', '=', runId)
    .where('item_number', 'in', numbers)
    .returning('answer')
    .execute()
  const answers = taken.map(({ answer }) => answer)
  const sum = await takeFromAnswers(transaction, runId, answers)
  await transaction
    .updateTable('run_counts')
    .set(({ eb }) => ({
      judgments: eb('judgments', '-', numbers.length),
      answer_sum: eb('answer_sum', '-', sum),
    }))
    .where('run_id', '=', runId)
    .where('outcome', '=', outcome)
    .execute()
  return numbers
}
