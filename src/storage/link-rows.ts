import type { Dataset } from '../datasets/dataset.ts'
import type { ExportLink, LinkStore } from '../datasets/dataset-store.ts'
import { datasetColumns, toDataset } from './dataset-columns.ts'
import type { Database } from './open-database.ts'
import { transact } from './transact.ts'

/** Links to exports in the database. */
export class LinkRows implements LinkStore {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  async insert({ hash, datasetId, expiresAt }: ExportLink, now: Date): Promise<void> {
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

  async find(hash: string): Promise<{ link: ExportLink; dataset: Dataset } | undefined> {
    const row = await this.#database.kysely
      .selectFrom('export_links')
      .innerJoin('datasets', 'datasets.id', 'export_links.dataset_id')
      .select([...datasetColumns, 'export_links.expires_at_ms'])
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
}
