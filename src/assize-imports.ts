import { randomBytes } from 'node:crypto'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { pause } from './assize-pause.ts'
import { type Datasets, tokenBytes } from './datasets/datasets.ts'
import { createFiles, cutOffAfterMs } from './datasets/files.ts'
import { createImportWorker } from './datasets/import-worker.ts'
import { createImports } from './datasets/imports.ts'
import { startPurge } from './datasets/purge.ts'
import type { ImportServices } from './http/file-routes.ts'
import type { Logger } from './log.ts'
import { FileRows } from './storage/file-rows.ts'
import type { Database } from './storage/open-database.ts'
import { RecordRows } from './storage/record-rows.ts'
import { TaskRows } from './storage/task-rows.ts'

interface ImportsSetting {
  readonly datasets: Datasets
  readonly maxFileBytes: number
  /** Whether this process imports; otherwise it only takes what others import. */
  readonly isWorking: boolean
  readonly now: () => Date
  readonly newId: () => string
}

/** Files, imports, and what works on them until it is disposed of. */
export function createImportServices(
  database: Database,
  log: Logger,
  { datasets, maxFileBytes, isWorking, now, newId }: ImportsSetting,
): ImportServices & AsyncDisposable {
  const store = new FileRows(database)
  const tasks = new TaskRows(database)
  const purge = startPurge({
    store: { purge: () => store.purge(now(), new Date(now().getTime() - cutOffAfterMs)) },
    pause,
    onFailure: (err) => log.warn({ err }, 'what is left of deleted files could not be removed yet'),
  })
  const worker = createImportWorker({
    tasks,
    files: store,
    records: new RecordRows(database),
    now,
    newId,
    workerId: newId(),
    nextTurn: () => nextTurn(),
    pause,
    onFailure: (err) => log.error({ err }, 'an import could not go on'),
    onEnded: () => purge.wake(),
  })
  const wake = () => {
    if (isWorking) worker.wake()
  }
  const files = createFiles({
    store,
    maxFileBytes,
    now,
    newId,
    randomTokenBytes: () => randomBytes(tokenBytes),
    onRemoved: () => purge.wake(),
  })
  return {
    files,
    imports: createImports({ tasks, datasets, files, now, newId, onTask: wake }),
    goOnWithImports: wake,
    async [Symbol.asyncDispose]() {
      await worker[Symbol.asyncDispose]()
      await purge[Symbol.asyncDispose]()
    },
  }
}
