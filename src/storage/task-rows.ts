import { sql } from 'kysely'
import type { FileFacts } from '../datasets/file-store.ts'
import type { ImportRefusal, ImportTask } from '../datasets/import-task.ts'
import type { Claim, ClaimedTask, ImportStep, NewTask, TaskStore } from '../datasets/task-store.ts'
import type { Page } from '../judges/judge-store.ts'
import { advanceImport } from './advance-import.ts'
import type { DatasetTaskRow } from './dataset-tables.ts'
import { finishFile, touchFile } from './file-changes.ts'
import { insertRecords } from './insert-records.ts'
import { noteChange } from './note-change.ts'
import type { Database } from './open-database.ts'
import { type TaskColumns, taskColumns, toNewTaskRow, toTask } from './task-columns.ts'
import { transact } from './transact.ts'

const maxIdsPerQuery = 1000

/** Imports in the database. Ids are found whatever the case of their hex digits. */
export class TaskRows implements TaskStore {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  async insert(
    task: NewTask,
    upload?: { readonly fileId: string; readonly facts: FileFacts },
  ): Promise<'inserted' | 'dataset_missing' | 'file_missing'> {
    return await transact(this.#database, async (transaction) => {
      // Locks the dataset against being deleted meanwhile.
      const into = await insertRecords(transaction, task.workspaceId, task.datasetId, [])
      if (into === 'dataset_missing') return into
      if (upload !== undefined)
        await finishFile(transaction, upload.fileId, upload.facts).executeTakeFirstOrThrow()
      if (upload === undefined && task.source.type === 'file') {
        if (!(await touchFile(transaction, task.source.fileId, task.createdAt))) return 'file_missing'
      }
      await transaction.insertInto('dataset_tasks').values(toNewTaskRow(task)).execute()
      const { id: subjectId, workspaceId, datasetId } = task
      const detail = { dataset_id: datasetId, from: task.source.type }
      await noteChange(this.#database, transaction, {
        workspaceId,
        action: 'import.started',
        subjectId,
        detail,
      })
      return 'inserted'
    })
  }

  async find(workspaceId: string, datasetId: string, id: string): Promise<ImportTask | undefined> {
    const row = await this.#database.kysely
      .selectFrom('dataset_tasks')
      .select(taskColumns)
      .where('id', '=', id.toLowerCase())
      .where('dataset_id', '=', datasetId.toLowerCase())
      .where('workspace_id', '=', workspaceId)
      .executeTakeFirst()
    return row && toTask(row)
  }

  async list(
    workspaceId: string,
    datasetId: string,
    { page, pageSize }: { readonly page: number; readonly pageSize: number },
  ): Promise<Page<ImportTask> | undefined> {
    const dataset = await this.#database.kysely
      .selectFrom('datasets')
      .select(({ selectFrom, fn }) => [
        'id',
        selectFrom('dataset_tasks')
          .select(fn.countAll<number>().as('count'))
          .whereRef('dataset_id', '=', 'datasets.id')
          .as('count'),
      ])
      .where('id', '=', datasetId.toLowerCase())
      .where('workspace_id', '=', workspaceId)
      .where('deleted_at_ms', 'is', null)
      .executeTakeFirst()
    if (dataset === undefined) return undefined
    const rows = await this.#database.kysely
      .selectFrom('dataset_tasks')
      .select(taskColumns)
      .where('dataset_id', '=', dataset.id)
      .orderBy('created_at_ms', 'desc')
      .orderBy('id', 'desc')
      .limit(pageSize)
      .offset((page - 1) * pageSize)
      .execute()
    return { items: rows.map(toTask), count: dataset.count ?? 0 }
  }

  async listRefusals(
    taskId: string,
    { page, pageSize }: { readonly page: number; readonly pageSize: number },
  ): Promise<readonly ImportRefusal[]> {
    return await this.#database.kysely
      .selectFrom('import_refusals')
      .select(['line', 'reason'])
      .where('task_id', '=', taskId)
      .orderBy('line')
      .limit(pageSize)
      .offset((page - 1) * pageSize)
      .execute()
  }

  async claim({ workerId, now, until }: Claim): Promise<ClaimedTask | undefined> {
    // Said twice: whoever waits for the row while another claims it looks at the outer condition again.
    const isFree = sql`status = 'RUNNING' and (claimed_until_ms is null or claimed_until_ms <= ${now.getTime()})`
    const { rows } = await sql<TaskColumns & Pick<DatasetTaskRow, 'source'>>`
      update dataset_tasks set claimed_by = ${workerId}, claimed_until_ms = ${until.getTime()}
      where ${isFree} and id = (
        select id from dataset_tasks where ${isFree} order by created_at_ms, id limit 1
      )
      returning *`.execute(this.#database.kysely)
    return rows[0] && { ...toTask(rows[0]), source: JSON.parse(rows[0].source) }
  }

  advance(step: ImportStep, claim: Claim): Promise<'stored' | 'lost' | 'dataset_missing'> {
    return advanceImport(this.#database, step, claim)
  }

  async renew(taskId: string, { workerId, until }: Claim): Promise<'renewed' | 'lost'> {
    const { numUpdatedRows } = await this.#ofWorker(taskId, workerId)
      .set({ claimed_until_ms: until.getTime() })
      .executeTakeFirstOrThrow()
    return numUpdatedRows > 0n ? 'renewed' : 'lost'
  }

  async end(
    taskId: string,
    workerId: string,
    { status, message, updatedAt }: Pick<ImportTask, 'status' | 'message' | 'updatedAt'>,
  ): Promise<void> {
    await this.#ofWorker(taskId, workerId)
      .set({ status, message, updated_at_ms: updatedAt.getTime(), claimed_by: null, claimed_until_ms: null })
      .execute()
  }

  async release(taskId: string, workerId: string): Promise<void> {
    await this.#ofWorker(taskId, workerId).set({ claimed_by: null, claimed_until_ms: null }).execute()
  }

  async firstUnknownRecord(workspaceId: string, ids: readonly string[]): Promise<string | undefined> {
    for (let from = 0; from < ids.length; from += maxIdsPerQuery) {
      const some = ids.slice(from, from + maxIdsPerQuery)
      const rows = await this.#database.kysely
        .selectFrom('dataset_records')
        .innerJoin('datasets', 'datasets.id', 'dataset_records.dataset_id')
        .select('dataset_records.id')
        .where('dataset_records.id', 'in', some)
        .where('datasets.workspace_id', '=', workspaceId)
        .where('datasets.deleted_at_ms', 'is', null)
        .execute()
      const found = new Set(rows.map(({ id }) => id))
      const unknown = some.find((id) => !found.has(id))
      if (unknown !== undefined) return unknown
    }
    return undefined
  }

  #ofWorker(taskId: string, workerId: string) {
    return this.#database.kysely
      .updateTable('dataset_tasks')
      .where('id', '=', taskId)
      .where('claimed_by', '=', workerId)
      .where('status', '=', 'RUNNING')
  }
}
