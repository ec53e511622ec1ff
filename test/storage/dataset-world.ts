import { uuidv7 } from 'uuidv7'
import type { Dataset } from '../../src/datasets/dataset.ts'
import type { NewRecord } from '../../src/datasets/dataset-store.ts'
import { DatasetRows } from '../../src/storage/dataset-rows.ts'
import { RecordRows } from '../../src/storage/record-rows.ts'
import { someTime, type World } from './world.ts'

/** Stores a dataset and gives what was stored. */
export async function addDataset(world: World, change: Partial<Dataset> = {}): Promise<Dataset> {
  const id = uuidv7()
  const dataset: Dataset = {
    id,
    workspaceId: world.workspaceId,
    ownerId: world.ownerId,
    name: 'Questions',
    slug: `questions-${id}`,
    description: 'Of customers.',
    createdAt: someTime,
    updatedAt: someTime,
    ...change,
  }
  await new DatasetRows(world.database).insert(dataset)
  return dataset
}

export function newRecord(content: string, change: Partial<NewRecord> = {}): NewRecord {
  return {
    id: uuidv7(),
    payload: { messages: [{ role: 'user', content }] },
    properties: {},
    source: 'DIRECT_INPUT',
    createdAt: someTime,
    ...change,
  }
}

/** The records of a world, and how to add so many of them to a dataset. */
export function recordsOf(world: World) {
  const records = new RecordRows(world.database)
  return {
    records,
    async add(datasetId: string, count: number, contentOf = (number: number) => `Question ${number}`) {
      const added = Array.from({ length: count }, (_, index) => newRecord(contentOf(index + 1)))
      const result = await records.insertRecords(world.workspaceId, datasetId, added)
      if (result !== 'inserted') throw new Error(result)
      return added
    },
  }
}
