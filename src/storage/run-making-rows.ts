import { sql, type Transaction } from 'kysely'
import type { RunPlan } from '../runs/run.ts'
import type { RunMakingStore, SelectedStretch } from '../runs/run-making-store.ts'
import { noteChange } from './note-change.ts'
import type { Database } from './open-database.ts'
import { hasProperties } from './property-filter.ts'
import { toNewRunRow } from './run-columns.ts'
import type { Tables } from './tables.ts'
import { transact } from './transact.ts'

/** What is looked through at once: SQLite works in the process and keeps everything else waiting meanwhile. */
const mostRecords = 4000
/** Where a filter has to read them. */
const mostFiltered = { records: 2000, bytes: 4_000_000 }

/** Runs that are being made, in the database. */
export class RunMakingRows implements RunMakingStore {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  async begin(plan: RunPlan, leaseUntil: Date): Promise<void> {
    await this.#database.kysely.insertInto('runs').values(toNewRunRow(plan, leaseUntil)).execute()
  }

  takeStretch(
    runId: string,
    stretch: SelectedStretch,
    leaseUntil: Date,
  ): Promise<'given_up' | { readonly place: number } | undefined> {
    return this.#goOn(runId, leaseUntil, async (transaction) => {
      const place = await endOf(transaction, stretch)
      if (place === undefined) return undefined
      const { datasetId, filter, after } = stretch
      const isWanted = hasProperties('dataset_records.properties', filter, this.#database.engine.hasProperty)
      const { numAffectedRows } = await sql`
        insert into run_items (run_id, number, record_id)
        select runs.id, runs.total + row_number() over (order by dataset_records.seq), dataset_records.id
        from runs join dataset_records on dataset_records.dataset_id = ${datasetId}
          and dataset_records.seq > ${after} and dataset_records.seq <= ${place}
        where runs.id = ${runId} and ${isWanted}`.execute(transaction)
      await grow(transaction, runId, Number(numAffectedRows ?? 0n))
      return { place }
    })
  }

  takeRecords(
    runId: string,
    recordIds: readonly string[],
    leaseUntil: Date,
  ): Promise<'given_up' | readonly string[]> {
    const pairs = recordIds.map((id, index) => [index + 1, id.toLowerCase()] as const)
    return this.#goOn(runId, leaseUntil, async (transaction) => {
      const { rows } = await sql<{ readonly record_id: string }>`
        insert into run_items (run_id, number, record_id)
        select runs.id, runs.total + wanted.number, dataset_records.id
        from runs cross join ${this.#database.engine.pairs(pairs)} as wanted
        cross join dataset_records cross join datasets
        where runs.id = ${runId} and dataset_records.id = wanted.id
          and datasets.id = dataset_records.dataset_id
          and datasets.workspace_id = runs.workspace_id and datasets.deleted_at_ms is null
        returning record_id`.execute(transaction)
      await grow(transaction, runId, rows.length)
      const taken = new Set(rows.map((row) => row.record_id))
      return recordIds.filter((id) => !taken.has(id.toLowerCase()))
    })
  }

  async publish(runId: string): Promise<'given_up' | 'published' | 'empty'> {
    return await transact(this.#database, async (transaction) => {
      const run = await transaction
        .updateTable('runs')
        .set(({ eb }) => ({
          state: eb
            .case()
            .when('total', '>', 0)
            .then('running' as const)
            .else('removed' as const)
            .end(),
        }))
        .where('id', '=', runId)
        .where('state', '=', 'making')
        .returning(['total', 'workspace_id', 'name', 'judge_id', 'revision_id', 'dataset_id'])
        .executeTakeFirst()
      if (run === undefined) return 'given_up'
      if (run.total === 0) return 'empty'
      const { workspace_id: workspaceId, total, ...told } = run
      const change = { workspaceId, action: 'run.started', subjectId: runId } as const
      await noteChange(this.#database, transaction, { ...change, detail: { ...told, records: total } })
      return 'published'
    })
  }

  async abandon(runId: string): Promise<void> {
    await this.#database.kysely
      .updateTable('runs')
      .set({ state: 'removed' })
      .where('id', '=', runId)
      .where('state', '=', 'making')
      .execute()
  }

  async #goOn<Result>(
    runId: string,
    leaseUntil: Date,
    work: (transaction: Transaction<Tables>) => Promise<Result>,
  ): Promise<'given_up' | Result> {
    return await transact(this.#database, async (transaction) => {
      const { numUpdatedRows } = await transaction
        .updateTable('runs')
        .set({ made_until_ms: leaseUntil.getTime() })
        .where('id', '=', runId)
        .where('state', '=', 'making')
        .executeTakeFirstOrThrow()
      return numUpdatedRows === 0n ? 'given_up' : work(transaction)
    })
  }
}

async function grow(transaction: Transaction<Tables>, runId: string, by: number): Promise<void> {
  await transaction
    .updateTable('runs')
    .set(({ eb }) => ({ total: eb('total', '+', by) }))
    .where('id', '=', runId)
    .execute()
}

/** The place of the last record that is well looked at together with those before it. */
async function endOf(
  transaction: Transaction<Tables>,
  { datasetId, filter, after, through }: SelectedStretch,
): Promise<number | undefined> {
  const records = sql`
    from dataset_records where dataset_id = ${datasetId} and seq > ${after} and seq <= ${through} order by seq`
  const places =
    filter === null
      ? sql`select seq ${records} limit ${mostRecords}`
      : sql`
        select seq from (
          select seq, sum(bytes) over (order by seq rows unbounded preceding) - bytes as bytes_before from (
            select seq, octet_length(payload) + octet_length(properties) as bytes ${records}
            limit ${mostFiltered.records}
          ) as sized
        ) as summed
        where bytes_before < ${mostFiltered.bytes}`
  const { rows } = await sql<{ readonly last: number | null }>`
    select max(seq) as last from (${places}) as places`.execute(transaction)
  return rows[0]?.last ?? undefined
}
