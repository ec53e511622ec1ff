import { uuidv7 } from 'uuidv7'
import { describe, expect, test } from 'vitest'
import { DatasetRows } from '../../src/storage/dataset-rows.ts'
import { LinkRows } from '../../src/storage/link-rows.ts'
import { engines, type TestEngine } from '../support/engines.ts'
import { addDataset, recordsOf } from './dataset-world.ts'
import { createWorld, someTime, type World } from './world.ts'

const later = new Date('2026-03-02T08:00:00.123Z')

async function start(engine: TestEngine) {
  const world = await createWorld(engine)
  return { world, datasets: new DatasetRows(world.database), ...recordsOf(world) }
}

/** An import of a dataset that refused so many lines. */
async function addImport({ database, workspaceId, ownerId }: World, datasetId: string, refused: number) {
  const id = uuidv7()
  const row = {
    id,
    workspace_id: workspaceId,
    dataset_id: datasetId,
    creator_id: ownerId,
    source: '{}',
    status: 'COMPLETED',
    message: null,
    progress: null,
    lines_read: refused,
    lines_taken: 0,
    lines_refused: refused,
    created_at_ms: 0,
    updated_at_ms: 0,
    claimed_by: null,
    claimed_until_ms: null,
  } as const
  await database.kysely.insertInto('dataset_tasks').values(row).execute()
  const lines = Array.from({ length: refused }, (_, index) => ({ task_id: id, line: index + 1, reason: 'x' }))
  await database.kysely.insertInto('import_refusals').values(lines).execute()
}

async function rowsOf({ database }: World): Promise<Record<string, number>> {
  const tables = ['datasets', 'dataset_records', 'dataset_tasks', 'import_refusals', 'export_links'] as const
  const counts = tables.map(async (table) => {
    const { rows } = await database.kysely
      .selectFrom(table)
      .select((eb) => eb.fn.countAll<number>().as('count'))
      .execute()
      .then((found) => ({ rows: found }))
    return [table, Number(rows[0]?.count)] as const
  })
  return Object.fromEntries(await Promise.all(counts))
}

for (const engine of engines) {
  describe(`the purge on ${engine.name}`, () => {
    test('removes bit by bit all that a deleted dataset has left, and nothing of others', async () => {
      const { world, datasets, records, add } = await start(engine)
      const [deleted, kept] = [await addDataset(world), await addDataset(world)]
      for (const { id } of [deleted, kept]) {
        await add(id, 450)
        await addImport(world, id, 1100)
        await new LinkRows(world.database).insert({ hash: id, datasetId: id, expiresAt: later }, someTime)
      }
      expect(await datasets.purge()).toBe('nothing_left')
      await datasets.remove(world.workspaceId, deleted.id, later)
      const left: number[] = []
      while ((await datasets.purge()) === 'removed') left.push((await rowsOf(world)).dataset_records ?? 0)
      expect(left).toEqual([800, 700, 600, 500, 450, 450, 450, 450, 450])
      expect(await rowsOf(world)).toEqual({
        datasets: 1,
        dataset_records: 450,
        dataset_tasks: 1,
        import_refusals: 1100,
        export_links: 1,
      })
      expect((await records.list(world.workspaceId, kept.id, { page: 1, pageSize: 1 }))?.count).toBe(450)
    })

    test('goes on with what was left when it was broken off, whoever does it', async () => {
      const { world, add } = await start(engine)
      for (let number = 0; number < 3; number++) {
        const dataset = await addDataset(world)
        await add(dataset.id, 300)
        await addImport(world, dataset.id, 5)
        await new DatasetRows(world.database).remove(world.workspaceId, dataset.id, later)
      }
      await new DatasetRows(world.database).purge()
      const purgers = Array.from({ length: 4 }, async () => {
        const purger = new DatasetRows(world.database)
        while ((await purger.purge()) === 'removed');
      })
      await Promise.all(purgers)
      expect(Object.values(await rowsOf(world))).toEqual([0, 0, 0, 0, 0])
    })

    test('takes a few large records at a time, and one at least', async () => {
      const { world, datasets, add } = await start(engine)
      const dataset = await addDataset(world)
      await add(dataset.id, 6, (number) => 'x'.repeat(number < 3 ? 300_000 : 150_000))
      await datasets.remove(world.workspaceId, dataset.id, later)
      const left: number[] = []
      while ((await datasets.purge()) === 'removed') left.push((await rowsOf(world)).dataset_records ?? 0)
      expect(left).toEqual([5, 4, 2, 0, 0])
    })
  })
}
