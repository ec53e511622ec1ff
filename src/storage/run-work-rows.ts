import { sql, type Transaction } from 'kysely'
import type { JudgmentRecord } from '../judging/judgment.ts'
import type { RunState } from '../runs/run.ts'
import type { ClaimedItem, RunningRun, RunWorkStore, StoredLook, Worker } from '../runs/run-work-store.ts'
import type { NumberedId } from './engines.ts'
import { insertJudgments } from './insert-judgments.ts'
import type { Database } from './open-database.ts'
import { addToAnswers } from './run-answers.ts'
import { isSeen, type RunColumns, runColumns, toRuns, withCounts } from './run-columns.ts'
import { addToCounts } from './run-counts.ts'
import type { Tables } from './tables.ts'
import { transact } from './transact.ts'
import { transactSoon } from './transact-soon.ts'
import { addToUsage } from './usage-rows.ts'

/** Runs as those see them who work on them, in the database. */
export class RunWorkRows implements RunWorkStore {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  async listRunning(): Promise<readonly RunningRun[]> {
    const rows = await this.#database.kysely
      .selectFrom('runs')
      .select(['id', 'workspace_id', 'priority'])
      .where('state', '=', 'running')
      .orderBy('created_at_ms')
      .orderBy('id')
      .execute()
    return rows.map((row) => ({ id: row.id, workspaceId: row.workspace_id, priority: row.priority }))
  }

  async renew(worker: Worker, now: Date, leaseUntil: Date): Promise<void> {
    await transact(this.#database, async (transaction) => {
      const { numUpdatedRows } = await transaction
        .updateTable('runs')
        .set(({ fn, val }) => ({ started_at_ms: fn.coalesce('started_at_ms', val(now.getTime())) }))
        .where('id', '=', worker.runId)
        .executeTakeFirstOrThrow()
      if (numUpdatedRows === 0n) return
      await transaction
        .insertInto('run_workers')
        .values({ run_id: worker.runId, id: worker.id, lease_until_ms: leaseUntil.getTime() })
        .onConflict((conflict) =>
          conflict.columns(['run_id', 'id']).doUpdateSet({ lease_until_ms: leaseUntil.getTime() }),
        )
        .execute()
    })
  }

  async look(
    { id, workspaceId }: Pick<RunningRun, 'id' | 'workspaceId'>,
    lately: Date,
  ): Promise<StoredLook | undefined> {
    const { rows } = await sql<RunColumns & { readonly workers: number }>`
      select ${runColumns}, (
        select count(*) from run_workers
        where run_workers.run_id = runs.id and run_workers.lease_until_ms > ${lately.getTime()}
      ) as workers
      from runs ${withCounts}
      where runs.id = ${id} and runs.workspace_id = ${workspaceId} and ${isSeen}`.execute(
      this.#database.kysely,
    )
    const [run] = toRuns(rows)
    return run && { run, workers: rows[0]?.workers ?? 0 }
  }

  async claim(worker: Worker, most: number, now: Date): Promise<readonly ClaimedItem[]> {
    return await transactSoon(this.#database, async (transaction) => {
      const claimed = await claimItems(transaction, worker, most, now, this.#database)
      if (claimed.length === 0) return []
      const { rows } = await sql<{ readonly id: string; readonly bytes: number }>`
        select records.id, octet_length(records.payload) + octet_length(records.properties) as bytes
        from dataset_records as records cross join datasets
        where records.id in (${sql.join(claimed.map((item) => item.record_id))})
          and datasets.id = records.dataset_id and datasets.deleted_at_ms is null`.execute(transaction)
      const sizes = new Map(rows.map((row) => [row.id, row.bytes]))
      return claimed.map(({ number, record_id: recordId }) => ({
        number,
        recordId,
        bytes: sizes.get(recordId) ?? null,
      }))
    })
  }

  async keep(worker: Worker, records: readonly JudgmentRecord[]): Promise<void> {
    const { engine } = this.#database
    const pairs = records.map(({ run, id }): NumberedId => [run?.itemNumber ?? 0, id])
    const numbers = pairs.map(([number]) => number)
    await transactSoon(this.#database, async (transaction) => {
      const { rows } = await sql<{ readonly number: number }>`
        update run_items set judgment_id = ${engine.idOf('number', pairs)}, claimed_by = null
        where run_id = ${worker.runId} and ${engine.isAmong('number', numbers)}
          and claimed_by = ${worker.id} and judgment_id is null
        returning number`.execute(transaction)
      const marked = new Set(rows.map((row) => row.number))
      const kept = records.filter(({ run }) => run !== null && marked.has(run.itemNumber))
      if (kept.length === 0) return
      await insertJudgments(transaction, this.#database.kysely, kept)
      await addToCounts(transaction, worker.runId, kept)
      await addToAnswers(transaction, worker.runId, kept)
      await addToUsage(transaction, kept)
    })
  }

  async leave({ runId, id }: Worker): Promise<void> {
    await this.#database.kysely
      .deleteFrom('run_workers')
      .where('run_id', '=', runId)
      .where('id', '=', id)
      .execute()
  }

  async end(
    runId: string,
    { state, reason, at }: { readonly state: RunState; readonly reason: string; readonly at: Date },
  ): Promise<void> {
    await this.#database.kysely
      .updateTable('runs')
      .set({ state, reason, ended_at_ms: at.getTime() })
      .where('id', '=', runId)
      .where('state', '=', 'running')
      .execute()
  }

  async complete(runId: string, at: Date): Promise<'completed' | 'not_completed'> {
    const { numUpdatedRows } = await this.#database.kysely
      .updateTable('runs')
      .set({ state: 'completed', reason: null, ended_at_ms: at.getTime() })
      .where('id', '=', runId)
      .where('state', '=', 'running')
      .where(({ not, exists, selectFrom }) =>
        not(
          exists(
            selectFrom('run_items')
              .select('number')
              .whereRef('run_items.run_id', '=', 'runs.id')
              .where('judgment_id', 'is', null),
          ),
        ),
      )
      .executeTakeFirstOrThrow()
    return numUpdatedRows > 0n ? 'completed' : 'not_completed'
  }
}

async function claimItems(
  transaction: Transaction<Tables>,
  { runId, id }: Worker,
  most: number,
  now: Date,
  { engine }: Database,
): Promise<readonly { readonly number: number; readonly record_id: string }[]> {
  const { rows } = await sql<{ readonly number: number; readonly record_id: string }>`
    update run_items set claimed_by = ${id}
    where run_id = ${runId} and number in (
      select number from run_items
      where run_id = ${runId} and judgment_id is null and (
        claimed_by is null or claimed_by <> ${id} and claimed_by not in (
          select id from run_workers where run_id = ${runId} and lease_until_ms >= ${now.getTime()}
        )
      )
      order by number limit ${most} ${engine.skipLocked}
    )
    returning number, record_id`.execute(transaction)
  return rows.toSorted((one, other) => one.number - other.number)
}
