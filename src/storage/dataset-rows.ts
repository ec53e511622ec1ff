import { type RawBuilder, type Selectable, sql } from 'kysely'
import type { Dataset } from '../datasets/dataset.ts'
import type { DatasetChange, DatasetQuery, DatasetStore, ExportLink } from '../datasets/dataset-store.ts'
import type { Page } from '../judges/judge-store.ts'
import type { DatasetRow } from './dataset-tables.ts'
import type { Database } from './open-database.ts'
import { purgeDatasets } from './purge-datasets.ts'
import { toSearchText, withoutCase } from './search-text.ts'
import { transact } from './transact.ts'

type DatasetColumns = Omit<Selectable<DatasetRow>, 'search_text' | 'record_count' | 'deleted_at_ms'>

const columns = [
  'datasets.id',
  'datasets.workspace_id',
  'datasets.owner_id',
  'datasets.name',
  'datasets.description',
  'datasets.created_at_ms',
  'datasets.updated_at_ms',
] as const

/** Datasets in the database. Ids are found whatever the case of their hex digits. */
export class DatasetRows implements DatasetStore {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  async insert(dataset: Dataset): Promise<void> {
    await this.#database.kysely.insertInto('datasets').values(toRow(dataset)).execute()
  }

  async find(workspaceId: string, id: string): Promise<Dataset | undefined> {
    const row = await this.#living(workspaceId)
      .select(columns)
      .where('datasets.id', '=', id.toLowerCase())
      .executeTakeFirst()
    return row && toDataset(row)
  }

  async list(workspaceId: string, query: DatasetQuery): Promise<Page<Dataset>> {
    const { page, pageSize, text } = query
    const holdsText = text
      ? sql`and ${this.#database.engine.holds('datasets.search_text', withoutCase(text))}`
      : sql``
    const isListed = sql`
      datasets.workspace_id = ${workspaceId} and datasets.deleted_at_ms is null ${holdsText}`
    const { rows } = await pageOfDatasets(isListed, pageSize, (page - 1) * pageSize).execute(
      this.#database.kysely,
    )
    return {
      items: rows.flatMap((row) => (row.id === null ? [] : [toDataset(row)])),
      count: rows[0]?.count ?? 0,
    }
  }

  async update(
    workspaceId: string,
    id: string,
    { name, description, updatedAt }: DatasetChange,
  ): Promise<Dataset | undefined> {
    return await transact(this.#database, async (transaction) => {
      const row = await transaction
        .updateTable('datasets')
        .set({
          ...(name === undefined ? {} : { name }),
          ...(description === undefined ? {} : { description }),
          updated_at_ms: updatedAt.getTime(),
        })
        .where('id', '=', id.toLowerCase())
        .where('workspace_id', '=', workspaceId)
        .where('deleted_at_ms', 'is', null)
        .returning(columns)
        .executeTakeFirst()
      if (row === undefined) return undefined
      await transaction
        .updateTable('datasets')
        .set({ search_text: toSearchText(row.name, row.description) })
        .where('id', '=', row.id)
        .execute()
      return toDataset(row)
    })
  }

  async remove(workspaceId: string, id: string, deletedAt: Date): Promise<'removed' | 'missing'> {
    const { numUpdatedRows } = await this.#database.kysely
      .updateTable('datasets')
      .set({ deleted_at_ms: deletedAt.getTime() })
      .where('id', '=', id.toLowerCase())
      .where('workspace_id', '=', workspaceId)
      .where('deleted_at_ms', 'is', null)
      .executeTakeFirstOrThrow()
    return numUpdatedRows > 0n ? 'removed' : 'missing'
  }

  purge(): Promise<'removed' | 'nothing_left'> {
    return purgeDatasets(this.#database)
  }

  async insertLink({ hash, datasetId, expiresAt }: ExportLink, now: Date): Promise<void> {
    await transact(this.#database, async (transaction) => {
      await transaction
        .deleteFrom('export_links')
        .where('dataset_id', '=', datasetId)
        .where('expires_at_ms', '<=', now.getTime())
        .execute()
      await transaction
        .insertInto('export_links')
        .values({ hash, dataset_id: datasetId, expires_at_ms: expiresAt.getTime() })
        .execute()
    })
  }

  async findLink(hash: string): Promise<{ link: ExportLink; dataset: Dataset } | undefined> {
    const row = await this.#database.kysely
      .selectFrom('export_links')
      .innerJoin('datasets', 'datasets.id', 'export_links.dataset_id')
      .select([...columns, 'export_links.expires_at_ms'])
      .where('export_links.hash', '=', hash)
      .where('datasets.deleted_at_ms', 'is', null)
      .executeTakeFirst()
    return (
      row && {
        link: { hash, datasetId: row.id, expiresAt: new Date(row.expires_at_ms) },
        dataset: toDataset(row),
      }
    )
  }

  #living(workspaceId: string) {
    return this.#database.kysely
      .selectFrom('datasets')
      .where('datasets.workspace_id', '=', workspaceId)
      .where('datasets.deleted_at_ms', 'is', null)
  }
}

/** One row for each dataset of the page, or a single row without one when the page is empty. */
function pageOfDatasets(
  isListed: RawBuilder<unknown>,
  limit: number,
  offset: number,
): RawBuilder<{ count: number } & (DatasetColumns | { readonly [Column in keyof DatasetColumns]: null })> {
  const newestFirst = sql`order by created_at_ms desc, id desc`
  return sql`
    with page as (
      select id, created_at_ms from datasets where ${isListed} ${newestFirst} limit ${limit} offset ${offset}
    )
    select counted.count, ${sql.join(columns.map((column) => sql.ref(column)))}
    from (select count(*) as count from datasets where ${isListed}) as counted
    left join page on true
    left join datasets on datasets.id = page.id
    order by page.created_at_ms desc, page.id desc`
}

function toRow(dataset: Dataset): DatasetRow {
  const { name, description, createdAt, updatedAt } = dataset
  return {
    id: dataset.id,
    workspace_id: dataset.workspaceId,
    owner_id: dataset.ownerId,
    name,
    description,
    search_text: toSearchText(name, description),
    record_count: 0,
    created_at_ms: createdAt.getTime(),
    updated_at_ms: updatedAt.getTime(),
    deleted_at_ms: null,
  }
}

function toDataset(row: DatasetColumns): Dataset {
  return {
    id: row.id,
    workspaceId: row.workspace_id,
    ownerId: row.owner_id,
    name: row.name,
    description: row.description,
    createdAt: new Date(row.created_at_ms),
    updatedAt: new Date(row.updated_at_ms),
  }
}
