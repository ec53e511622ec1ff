import { AssizeError } from '../errors.ts'
import type { Page } from '../judges/judge-store.ts'
import type { Author } from '../judges/judges.ts'
import { type Datasets, datasetNotFound } from './datasets.ts'
import { type Files, fileNotFound } from './files.ts'
import type { ImportRefusal, ImportSource, ImportTask } from './import-task.ts'
import { recordNotFound } from './records.ts'
import type { Bytes } from './rows/row.ts'
import type { TaskStore } from './task-store.ts'

type FileSource = Extract<ImportSource, { type: 'file' }>

/** How a file is to be read; null: as it says itself. */
export type HowToRead = Pick<FileSource, 'format' | 'mapping'>

/** What comes with an upload, in whatever order. */
export interface UploadFacts extends HowToRead {
  readonly name: string
  readonly mediaType: string | null
}

export interface ImportsTools {
  readonly tasks: TaskStore
  readonly datasets: Pick<Datasets, 'find'>
  readonly files: Files
  readonly now: () => Date
  /** A new UUID, version 7. */
  readonly newId: () => string
  /** Called when there is something to import. */
  readonly onTask: () => void
}

/** The use cases of imports. Every one sees the author's workspace and nothing else, and takes a dataset's slug for its id. */
export interface Imports {
  /** Begins to import a file. Throws `dataset_not_found`, `file_not_found`. */
  fromFile(author: Author, datasetId: string, fileId: string, how: HowToRead): Promise<ImportTask>
  /**
   * Begins to copy records, each once.
   * @throws AssizeError `dataset_not_found`; `dataset_record_not_found` with the first id that is no record's
   */
  fromRecords(author: Author, datasetId: string, recordIds: readonly string[]): Promise<ImportTask>
  /**
   * Keeps what comes until it is imported, and begins with that when all of it is there.
   * @param receive gives the bytes to be kept, and says what they are once they were read
   * @throws AssizeError `dataset_not_found`, `body_too_large`; and what `receive` throws. Nothing is kept then.
   */
  fromUpload(
    author: Author,
    datasetId: string,
    receive: (keep: (bytes: Bytes) => Promise<string>) => Promise<UploadFacts & { readonly fileId: string }>,
  ): Promise<ImportTask>
  /** Throws `dataset_not_found`, `dataset_task_not_found`. */
  find(author: Author, datasetId: string, id: string): Promise<ImportTask>
  /** Newest first. Throws `dataset_not_found`. */
  list(author: Author, datasetId: string, page: PageChoice): Promise<Page<ImportTask>>
  /** In the order of their lines. Throws `dataset_not_found`, `dataset_task_not_found`. */
  listRefusals(author: Author, datasetId: string, id: string, page: PageChoice): Promise<Page<ImportRefusal>>
}

interface PageChoice {
  readonly page: number
  readonly pageSize: number
}

/** @example createImports({ tasks, datasets, files, now: () => new Date(), newId: uuidv7, onTask: () => worker.wake() }) */
export function createImports(tools: ImportsTools): Imports {
  const { tasks, datasets, files, now, newId, onTask } = tools

  async function begin(
    { workspaceId, ownerId }: Author,
    datasetId: string,
    source: ImportSource,
    { id = newId(), upload }: { id?: string; upload?: Parameters<TaskStore['insert']>[1] } = {},
  ): Promise<ImportTask> {
    const task = { id, workspaceId, datasetId, creatorId: ownerId, createdAt: now(), source }
    const inserted = await tasks.insert(task, upload)
    if (inserted === 'dataset_missing') throw datasetNotFound(datasetId)
    if (inserted === 'file_missing' && source.type === 'file') throw fileNotFound(source.fileId)
    onTask()
    return (await tasks.find(workspaceId, datasetId, id)) ?? refuse(datasetNotFound(datasetId))
  }

  async function find(author: Author, datasetId: string, id: string): Promise<ImportTask> {
    const dataset = await datasets.find(author, datasetId)
    return (await tasks.find(author.workspaceId, dataset.id, id)) ?? refuse(taskNotFound(id))
  }

  return {
    find,

    async fromFile(author, datasetId, fileId, how) {
      const dataset = await datasets.find(author, datasetId)
      const file = await files.find(author, fileId)
      return await begin(author, dataset.id, { type: 'file', fileId: file.id, ...how })
    },

    async fromRecords(author, datasetId, ids) {
      const dataset = await datasets.find(author, datasetId)
      const recordIds = [...new Set(ids.map((id) => id.toLowerCase()))]
      const unknown = await tasks.firstUnknownRecord(author.workspaceId, recordIds)
      if (unknown !== undefined) throw recordNotFound(unknown, ' Nothing was imported.')
      return await begin(author, dataset.id, { type: 'records', recordIds })
    },

    async fromUpload(author, datasetId, receive) {
      const dataset = await datasets.find(author, datasetId)
      const taskId = newId()
      let kept: string | undefined
      try {
        const { fileId, name, mediaType, format, mapping } = await receive(async (bytes) => {
          kept = await files.receive(author, bytes, taskId)
          return kept
        })
        const facts = { name, mediaType, purpose: 'import', expiresAt: null }
        const source = { type: 'file', fileId, format, mapping } as const
        return await begin(author, dataset.id, source, { id: taskId, upload: { fileId, facts } })
      } catch (error) {
        if (kept !== undefined) await files.abandon(kept)
        throw error
      }
    },

    async list(author, datasetId, page) {
      const dataset = await datasets.find(author, datasetId)
      return (await tasks.list(author.workspaceId, dataset.id, page)) ?? refuse(datasetNotFound(datasetId))
    },

    async listRefusals(author, datasetId, id, page) {
      const task = await find(author, datasetId, id)
      return { items: await tasks.listRefusals(task.id, page), count: task.linesRefused }
    },
  }
}

function taskNotFound(id: string): AssizeError {
  return new AssizeError('dataset_task_not_found', `There is no task ${id} of this dataset.`)
}

function refuse(error: AssizeError): never {
  throw error
}
