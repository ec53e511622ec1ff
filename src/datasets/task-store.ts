import type { Page } from '../judges/judge-store.ts'
import type { NewRecord } from './dataset-store.ts'
import type { FileFacts } from './file-store.ts'
import type { ImportRefusal, ImportSource, ImportTask, TaskStatus } from './import-task.ts'

export type NewTask = Pick<ImportTask, 'id' | 'workspaceId' | 'datasetId' | 'creatorId' | 'createdAt'> & {
  readonly source: ImportSource
}

/** Who works on a task, and until when nobody else does: it has to say that it is still there. */
export interface Claim {
  readonly workerId: string
  readonly now: Date
  readonly until: Date
}

export interface ClaimedTask extends ImportTask {
  readonly source: ImportSource
}

/** What was made of some lines of a task. */
export interface ImportStep {
  readonly task: Pick<ImportTask, 'id' | 'workspaceId' | 'datasetId'>
  /** How many lines were read before these: an import that somebody else went on with stands elsewhere. */
  readonly linesBefore: number
  readonly records: readonly NewRecord[]
  readonly refusals: readonly ImportRefusal[]
  readonly progress: number | null
  readonly message: string
  /** With these lines, the task ends so. */
  readonly end?: Exclude<TaskStatus, 'RUNNING'>
}

interface PageChoice {
  /** From 1. */
  readonly page: number
  readonly pageSize: number
}

/** What the domain needs of storage to import. Each method is one transaction. */
export interface TaskStore {
  /**
   * Adds a running task to a dataset that is there.
   * @param upload makes a file that has begun whole at the same time
   * @returns `file_missing` where the file to be read was deleted; nothing is added then
   */
  insert(
    task: NewTask,
    upload?: { readonly fileId: string; readonly facts: FileFacts },
  ): Promise<'inserted' | 'dataset_missing' | 'file_missing'>
  find(workspaceId: string, datasetId: string, id: string): Promise<ImportTask | undefined>
  /** Newest first, ties by id; undefined where there is no such dataset. */
  list(workspaceId: string, datasetId: string, page: PageChoice): Promise<Page<ImportTask> | undefined>
  /** In the order of their lines. */
  listRefusals(taskId: string, page: PageChoice): Promise<readonly ImportRefusal[]>
  /** The oldest running task that nobody works on, which from now on is the worker's. */
  claim(claim: Claim): Promise<ClaimedTask | undefined>
  /**
   * Stores what was made of the next lines, all of it or nothing.
   * @returns `lost` where the task has ended, or is another worker's by now; nothing is stored then, nor where the
   *   dataset is deleted
   */
  advance(step: ImportStep, claim: Claim): Promise<'stored' | 'lost' | 'dataset_missing'>
  /** Says that the worker is still there. Not where the task has ended, or is another worker's by now. */
  renew(taskId: string, claim: Claim): Promise<'renewed' | 'lost'>
  /** Ends a task of which no lines are left to store. */
  end(
    taskId: string,
    workerId: string,
    end: Pick<ImportTask, 'status' | 'message' | 'updatedAt'>,
  ): Promise<void>
  /** Lets others go on with the task at once. */
  release(taskId: string, workerId: string): Promise<void>
  /** The first of these ids that is no record of the workspace. */
  firstUnknownRecord(workspaceId: string, ids: readonly string[]): Promise<string | undefined>
}
