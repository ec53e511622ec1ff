import { type RawBuilder, sql } from 'kysely'
import type { Dataset } from '../datasets/dataset.ts'
import type { DatasetChange, DatasetQuery, DatasetStore } from '../datasets/dataset-store.ts'
import type { Page } from '../judges/judge-store.ts'
import { type DatasetColumns, datasetColumns, toDataset, toDatasetRow } from './dataset-columns.ts'
import type { UniqueIndex } from './engines.ts'
import { noteChange } from './note-change.ts'
import type { Database } from './open-database.ts'
import { purgeDatasets } from './purge-datasets.ts'
import { toSearchText, withoutCase } from './search-text.ts'
import { transact } from './transact.ts'

const livingSlug: UniqueIndex = {
  name: 'datasets_living_slug',
  columns: 'datasets.workspace_id, datasets.slug',
}

/** Datasets in the database. Ids are found whatever the case of their hex digits. */
export class DatasetRows implements DatasetStore {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  async insert(dataset: Dataset): Promise<'inserted' | 'slug_taken'> {
    try {
      await transact(this.#database, async (transaction) => {
        await transaction.insertInto('datasets').values(toDatasetRow(dataset)).execute()
        const { id: subjectId, workspaceId, name } = dataset
        const change = { workspaceId, action: 'dataset.created', subjectId, detail: { name } } as const
        await noteChange(this.#database, transaction, change)
      })
      return 'inserted'
    } catch (error) {
      if (this.#database.engine.violates(error, livingSlug)) return 'slug_taken'
      throw error
    }
  }

  async find(workspaceId: string, id: string): Promise<Dataset | undefined> {
    const row = await this.#living(workspaceId)
      .select(datasetColumns)
      .where('datasets.id', '=', id.toLowerCase())
      .executeTakeFirst()
    return row && toDataset(row)
  }

  async findBySlug(workspaceId: string, slug: string): Promise<Dataset | undefined> {
    const row = await this.#living(workspaceId)
      .select(datasetColumns)
      .where('datasets.slug', '=', slug)
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
        .returning(datasetColumns)
        .executeTakeFirst()
      if (row === undefined) return undefined
      await transaction
        .updateTable('datasets')
        .set({ search_text: toSearchText(row.name, row.description) })
        .where('id', '=', row.id)
        .execute()
      const change = { workspaceId, action: 'dataset.changed', subjectId: id } as const
      await noteChange(this.#database, transaction, { ...change, detail: { name: row.name } })
      return toDataset(row)
    })
  }

  async remove(workspaceId: string, id: string, deletedAt: Date): Promise<'removed' | 'missing'> {
    return await transact(this.#database, async (transaction) => {
      const row = await transaction
        .updateTable('datasets')
        .set({ deleted_at_ms: deletedAt.getTime() })
        .where('id', '=', id.toLowerCase())
        .where('workspace_id', '=', workspaceId)
        .where('deleted_at_ms', 'is', null)
        .returning('name')
        .executeTakeFirst()
      if (row === undefined) return 'missing'
      const change = { workspaceId, action: 'dataset.deleted', subjectId: id } as const
      await noteChange(this.#database, transaction, { ...change, detail: { name: row.name } })
      return 'removed'
    })
  }

  purge(): Promise<'removed' | 'nothing_left'> {
    return purgeDatasets(this.#database)
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
    select counted.count, ${sql.join(datasetColumns.map((column) => sql.ref(column)))}
    from (select count(*) as count from datasets where ${isListed}) as counted
    left join page on true
    left join datasets on datasets.id = page.id
    order by page.created_at_ms desc, page.id desc`
}
