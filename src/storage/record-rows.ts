import { type RawBuilder, type Selectable, sql } from 'kysely'
import type { DatasetRecord, RecordContent } from '../datasets/dataset.ts'
import type { NewRecord, PlacedRecord, RecordStore, Stretch } from '../datasets/dataset-store.ts'
import type { Page } from '../judges/judge-store.ts'
import type { DatasetRecordRow } from './dataset-tables.ts'
import { insertRecords } from './insert-records.ts'
import { keptJson } from './kept-text.ts'
import { noteChange } from './note-change.ts'
import type { Database } from './open-database.ts'
import { nextPlaces } from './record-stretch.ts'
import { removeRecords } from './remove-records.ts'
import { transact } from './transact.ts'

type RecordColumns = Selectable<DatasetRecordRow>

/** A dataset's row for each of some records, or a single one without a record where there is none. */
type OfDataset = RecordColumns | { readonly [Column in keyof RecordColumns]: null }

/** Records of datasets in the database. Ids are found whatever the case of their hex digits. */
export class RecordRows implements RecordStore {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  insertRecords(
    workspaceId: string,
    datasetId: string,
    records: readonly NewRecord[],
  ): Promise<'inserted' | 'dataset_missing'> {
    return transact(this.#database, async (transaction) => {
      const result = await insertRecords(transaction, workspaceId, datasetId, records)
      if (result === 'inserted') {
        const subjectId = (records.length === 1 && records[0]?.id) || null
        const detail = { dataset_id: datasetId.toLowerCase(), count: records.length }
        const change = { workspaceId, action: 'record.added', subjectId, detail } as const
        await noteChange(this.#database, transaction, change)
      }
      return result
    })
  }

  async find(workspaceId: string, id: string): Promise<DatasetRecord | undefined> {
    return (await this.readRecords(workspaceId, [id]))[0]
  }

  async list(
    workspaceId: string,
    datasetId: string,
    { page, pageSize }: { readonly page: number; readonly pageSize: number },
  ): Promise<Page<DatasetRecord> | undefined> {
    const places = sql`
      select seq from dataset_records where dataset_id = ${datasetId.toLowerCase()}
      order by seq limit ${pageSize} offset ${(page - 1) * pageSize}`
    const { rows } = await sql<OfDataset & { readonly record_count: number }>`
      select datasets.record_count, records.* ${withRecords(workspaceId, datasetId, places)}`.execute(
      this.#database.kysely,
    )
    const count = rows[0]?.record_count
    return count === undefined ? undefined : { items: rowsOf(rows).map(toRecord), count }
  }

  async readRecords(workspaceId: string, ids: readonly string[]): Promise<readonly DatasetRecord[]> {
    if (ids.length === 0) return []
    const wanted = ids.map((id) => id.toLowerCase())
    const rows = await this.#database.kysely
      .selectFrom('dataset_records')
      // Keeps SQLite from walking all records of a workspace's datasets to look for the ids.
      .crossJoin('datasets')
      .whereRef('datasets.id', '=', 'dataset_records.dataset_id')
      .selectAll('dataset_records')
      .where('dataset_records.id', 'in', wanted)
      .where('datasets.workspace_id', '=', workspaceId)
      .where('datasets.deleted_at_ms', 'is', null)
      .execute()
    const found = new Map(rows.map((row) => [row.id, toRecord(row)]))
    return wanted.flatMap((id) => found.get(id) ?? [])
  }

  async lastPlace(workspaceId: string, datasetId: string): Promise<number | undefined> {
    const { rows } = await sql<{ last: number | null }>`
      select (select max(seq) from dataset_records where dataset_id = datasets.id) as last from datasets
      where ${isLiving(workspaceId, datasetId)}`.execute(this.#database.kysely)
    return rows[0] && (rows[0].last ?? 0)
  }

  async readOn(
    workspaceId: string,
    datasetId: string,
    stretch: Stretch,
  ): Promise<readonly PlacedRecord[] | undefined> {
    const places = nextPlaces(datasetId.toLowerCase(), stretch)
    const { rows } = await sql<OfDataset>`
      select records.* ${withRecords(workspaceId, datasetId, places)}`.execute(this.#database.kysely)
    return rows.length === 0 ? undefined : rowsOf(rows).map((row) => ({ ...toRecord(row), place: row.seq }))
  }

  async update(
    workspaceId: string,
    id: string,
    { payload, properties, updatedAt }: Partial<RecordContent> & { readonly updatedAt: Date },
  ): Promise<'updated' | 'missing'> {
    return await transact(this.#database, async (transaction) => {
      const { numUpdatedRows } = await transaction
        .updateTable('dataset_records')
        .set({
          ...(payload === undefined ? {} : { payload: keptJson(payload) }),
          ...(properties === undefined ? {} : { properties: keptJson(properties) }),
          updated_at_ms: updatedAt.getTime(),
        })
        .where('id', '=', id.toLowerCase())
        .where('dataset_id', 'in', (query) =>
          query
            .selectFrom('datasets')
            .select('id')
            .where('workspace_id', '=', workspaceId)
            .where('deleted_at_ms', 'is', null),
        )
        .executeTakeFirstOrThrow()
      if (numUpdatedRows === 0n) return 'missing'
      const parts = [...(payload ? ['payload'] : []), ...(properties ? ['properties'] : [])]
      const change = { workspaceId, action: 'record.changed', subjectId: id, detail: { parts } } as const
      await noteChange(this.#database, transaction, change)
      return 'updated'
    })
  }

  async remove(workspaceId: string, ids: readonly string[]): Promise<readonly string[]> {
    if (ids.length === 0) return []
    const wanted = [...new Set(ids.map((id) => id.toLowerCase()))]
    return await transact(this.#database, async (transaction) => {
      const found = await transaction
        .selectFrom('dataset_records')
        .crossJoin('datasets')
        .whereRef('datasets.id', '=', 'dataset_records.dataset_id')
        .select('dataset_records.id')
        .where('dataset_records.id', 'in', wanted)
        .where('datasets.workspace_id', '=', workspaceId)
        .where('datasets.deleted_at_ms', 'is', null)
        .execute()
      const known = new Set(found.map(({ id }) => id))
      const missing = wanted.filter((id) => !known.has(id))
      if (missing.length > 0) return missing
      await removeRecords(transaction, wanted)
      const subjectId = (wanted.length === 1 && wanted[0]) || null
      const detail = { count: wanted.length }
      const change = { workspaceId, action: 'record.deleted', subjectId, detail } as const
      await noteChange(this.#database, transaction, change)
      return []
    })
  }
}

function isLiving(workspaceId: string, datasetId: string): RawBuilder<unknown> {
  return sql`
    datasets.id = ${datasetId.toLowerCase()} and datasets.workspace_id = ${workspaceId}
    and datasets.deleted_at_ms is null`
}

/** A living dataset, if it is there, with its records at `places`, a query for their `seq`, in their order. */
function withRecords(
  workspaceId: string,
  datasetId: string,
  places: RawBuilder<unknown>,
): RawBuilder<unknown> {
  return sql`
    from datasets
    left join (
      select dataset_records.* from (${places}) as places
      join dataset_records on dataset_records.seq = places.seq
    ) as records on true
    where ${isLiving(workspaceId, datasetId)}
    order by records.seq`
}

function rowsOf(rows: readonly OfDataset[]): RecordColumns[] {
  return rows.flatMap((row) => (row.id === null ? [] : [row]))
}

function toRecord(row: RecordColumns): DatasetRecord {
  return {
    id: row.id,
    datasetId: row.dataset_id,
    payload: JSON.parse(row.payload) as RecordContent['payload'],
    properties: JSON.parse(row.properties) as RecordContent['properties'],
    source: row.source,
    createdAt: new Date(row.created_at_ms),
    updatedAt: new Date(row.updated_at_ms),
  }
}
