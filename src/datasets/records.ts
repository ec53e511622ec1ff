import { AssizeError } from '../errors.ts'
import type { Definition } from '../judges/definition.ts'
import type { Page } from '../judges/judge-store.ts'
import type { Author } from '../judges/judges.ts'
import type { Material, Wanted } from '../judging/judging.ts'
import type { LiveJudgment } from '../judging/live-judging.ts'
import type { UnsavedJudging } from '../judging/unsaved-judging.ts'
import type { DatasetRecord, RecordContent, RecordSource } from './dataset.ts'
import type { RecordStore } from './dataset-store.ts'
import { datasetNotFound } from './datasets.ts'
import { checkRecordContent } from './record-content.ts'

/** How many records may be removed together. */
export const mostRemoved = 1000

export interface RecordsTools {
  readonly store: RecordStore
  readonly unsavedJudging: Pick<UnsavedJudging, 'judge'>
  readonly now: () => Date
  /** A new UUID, version 7. */
  readonly newId: () => string
}

/** The use cases of records. Every one sees the author's workspace and nothing else. */
export interface Records {
  /** Adds a record behind the last one of a dataset. Throws `dataset_not_found`, `dataset_record_invalid`. */
  add(
    author: Author,
    datasetId: string,
    content: WrittenContent,
    source: RecordSource,
  ): Promise<DatasetRecord>
  /** In the order in which they were added. Throws `dataset_not_found`. */
  list(
    author: Author,
    datasetId: string,
    page: { readonly page: number; readonly pageSize: number },
  ): Promise<Page<DatasetRecord>>
  /** Throws `dataset_record_not_found`. */
  find(author: Author, id: string): Promise<DatasetRecord>
  /** Replaces the payload, the properties or both. Throws `dataset_record_not_found`, `dataset_record_invalid`. */
  update(author: Author, id: string, change: Partial<RecordContent>): Promise<void>
  /**
   * Removes all of these records, up to `mostRemoved`, or none of them.
   * @throws AssizeError `dataset_record_not_found` with the first id that is no record's
   */
  remove(author: Author, ids: readonly string[]): Promise<void>
  /**
   * Judges a record by a definition that is not saved; nothing is kept of the judgment.
   * @throws AssizeError `dataset_record_not_found`, `template_syntax`, and what `JudgeMaterial` throws
   */
  judge(
    author: Author,
    id: string,
    definition: Definition,
    abandoned: AbortSignal,
    wanted?: Wanted,
  ): Promise<LiveJudgment>
}

/** Content as it comes from outside. */
export type WrittenContent = Parameters<typeof checkRecordContent>[0]

/** @example createRecords({ store, unsavedJudging, now: () => new Date(), newId: uuidv7, ... }) */
export function createRecords({ store, unsavedJudging, now, newId }: RecordsTools): Records {
  async function find({ workspaceId }: Author, id: string): Promise<DatasetRecord> {
    const record = await store.find(workspaceId, id)
    if (record === undefined) throw recordNotFound(id)
    return record
  }

  return {
    find,

    async add(author, datasetId, content, source) {
      const record = { ...checkRecordContent(content), id: newId(), source, createdAt: now() }
      const result = await store.insertRecords(author.workspaceId, datasetId, [record])
      if (result === 'dataset_missing') throw datasetNotFound(datasetId)
      return find(author, record.id)
    },

    async list(author, datasetId, page) {
      const records = await store.list(author.workspaceId, datasetId, page)
      if (records === undefined) throw datasetNotFound(datasetId)
      return records
    },

    async update(author, id, change) {
      const { payload, properties } = await find(author, id)
      checkRecordContent({ payload, properties, ...change })
      const result = await store.update(author.workspaceId, id, { ...change, updatedAt: now() })
      if (result === 'missing') throw recordNotFound(id)
    },

    async remove(author, ids) {
      const [missing] = await store.remove(author.workspaceId, ids)
      if (missing === undefined) return
      throw recordNotFound(missing, ids.length > 1 ? ' Nothing was deleted.' : '')
    },

    async judge(author, id, definition, abandoned, wanted) {
      const record = await find(author, id)
      return unsavedJudging.judge(author, definition, toMaterial(record), abandoned, wanted)
    },
  }
}

/** What is judged of a record. */
export function toMaterial({ payload, properties }: RecordContent): Material {
  return { messages: payload.messages as readonly unknown[], properties }
}

export function recordNotFound(id: string, beside = ''): AssizeError {
  return new AssizeError('dataset_record_not_found', `There is no record ${id} in this workspace.${beside}`)
}
