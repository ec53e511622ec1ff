import type { Dataset, DatasetRecord } from './dataset.ts'
import type { RecordStore } from './dataset-store.ts'
import { datasetNotFound } from './datasets.ts'

/**
 * The records of a dataset as lines of JSON, a few at a time: those that it has when the first are asked for. Reads on
 * only when it is asked for more.
 * @throws AssizeError `dataset_not_found` when the dataset is deleted meanwhile: half of one must not look like a whole
 */
export async function* exportRecords(
  store: Pick<RecordStore, 'lastPlace' | 'readOn'>,
  { workspaceId, id }: Pick<Dataset, 'workspaceId' | 'id'>,
): AsyncGenerator<string, void> {
  const through = (await store.lastPlace(workspaceId, id)) ?? 0
  for (let after = 0; ; ) {
    const records = await store.readOn(workspaceId, id, { after, through })
    if (records === undefined) throw datasetNotFound(id)
    const last = records.at(-1)
    if (last === undefined) return
    yield records.map(recordLine).join('')
    after = last.place
  }
}

/** A record as a line of a file, which an import takes back with nothing lost but the id and the dates. */
function recordLine({ id, payload, properties, source, createdAt }: DatasetRecord): string {
  return `${JSON.stringify({ id, payload, properties, source, created_at: createdAt.toISOString() })}\n`
}
