import { randomBytes } from 'node:crypto'
import { pause } from './assize-pause.ts'
import { createDatasets, tokenBytes } from './datasets/datasets.ts'
import { exportRecords } from './datasets/export-records.ts'
import { startPurge } from './datasets/purge.ts'
import { createRecords, type RecordsTools } from './datasets/records.ts'
import type { DatasetServices } from './http/server.ts'
import type { Logger } from './log.ts'
import { DatasetRows } from './storage/dataset-rows.ts'
import { LinkRows } from './storage/link-rows.ts'
import type { Database } from './storage/open-database.ts'
import { RecordRows } from './storage/record-rows.ts'

/** Datasets with their records, and what removes deleted ones until it is disposed of. */
export function createDatasetServices(
  database: Database,
  log: Logger,
  tools: Omit<RecordsTools, 'store'>,
): DatasetServices & AsyncDisposable {
  const { now, newId } = tools
  const store = new DatasetRows(database)
  const recordStore = new RecordRows(database)
  const purge = startPurge({
    store,
    pause,
    onFailure: (err) => log.warn({ err }, 'what is left of deleted datasets could not be removed yet'),
  })
  return {
    datasets: createDatasets({
      store,
      links: new LinkRows(database),
      now,
      newId,
      randomTokenBytes: () => randomBytes(tokenBytes),
      onRemoved: () => purge.wake(),
    }),
    records: createRecords({ ...tools, store: recordStore }),
    exportRecords: (dataset) => exportRecords(recordStore, dataset),
    [Symbol.asyncDispose]: () => purge[Symbol.asyncDispose](),
  }
}
