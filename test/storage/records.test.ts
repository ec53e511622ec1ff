import { uuidv7 } from 'uuidv7'
import { describe, expect, test } from 'vitest'
import type { DatasetRecord } from '../../src/datasets/dataset.ts'
import type { NewRecord } from '../../src/datasets/dataset-store.ts'
import { engines, type TestEngine } from '../support/engines.ts'
import { addDataset, newRecord, recordsOf } from './dataset-world.ts'
import { addWorkspace, createWorld, someTime } from './world.ts'

const later = new Date('2026-03-02T08:00:00.123Z')
const all = { page: 1, pageSize: 100 }

async function start(engine: TestEngine) {
  const world = await createWorld(engine)
  const dataset = await addDataset(world)
  return { world, dataset, ...recordsOf(world) }
}

function stored({ createdAt, ...record }: NewRecord, datasetId: string): DatasetRecord {
  return { ...record, datasetId, createdAt, updatedAt: createdAt }
}

function contentsOf(records: readonly DatasetRecord[] = []): unknown[] {
  return records.map(({ payload }) => (payload.messages as { content: unknown }[])[0]?.content)
}

for (const engine of engines) {
  describe(`records on ${engine.name}`, () => {
    test('a record is found as it was stored, in its workspace', async () => {
      const { world, dataset, records } = await start(engine)
      const { workspaceId } = world
      const record = newRecord('Ünï "quoted" \\u0000 \\\\u0000 🎉', {
        payload: { messages: [{ role: 'user', content: 'x' }], more: { deep: [1.5, null, true, 'ä'] } },
        properties: { topic: 'geography', 'a.b': { c: [] } },
        source: 'TELEMETRY_SPAN',
      })
      expect(await records.insertRecords(workspaceId, dataset.id.toUpperCase(), [record])).toBe('inserted')
      expect(await records.find(workspaceId, record.id)).toEqual(stored(record, dataset.id))
      expect(await records.find(workspaceId, record.id.toUpperCase())).toEqual(stored(record, dataset.id))
      expect(await records.find(workspaceId, uuidv7())).toBeUndefined()
      const other = (await addWorkspace(world.keys, 'second')).workspaceId
      expect(await records.find(other, record.id)).toBeUndefined()
      expect(await records.list(other, dataset.id, all)).toBeUndefined()
      expect(await records.lastPlace(other, dataset.id)).toBeUndefined()
      expect(await records.readOn(other, dataset.id, { after: 0, through: 1e9 })).toBeUndefined()
      expect(await records.insertRecords(other, dataset.id, [newRecord('x')])).toBe('dataset_missing')
      expect(await records.update(other, record.id, { properties: {}, updatedAt: later })).toBe('missing')
      expect(await records.remove(other, [record.id])).toEqual([record.id])
      expect(await records.find(workspaceId, record.id)).toEqual(stored(record, dataset.id))
    })

    test('U+0000 and halves of surrogate pairs are replaced, and what looks like them is not', async () => {
      const { world, dataset, records } = await start(engine)
      const content = 'a\0b\ud800c\udc00 \\u0000 \\ud800 \\\\u0000 \ud83d\ude00'
      const kept = 'a\ufffdb\ufffdc\ufffd \\u0000 \\ud800 \\\\u0000 \ud83d\ude00'
      const record = newRecord(content, { properties: { 'k\0': [content] } })
      await records.insertRecords(world.workspaceId, dataset.id, [record])
      const found = await records.find(world.workspaceId, record.id)
      expect(contentsOf(found && [found])).toEqual([kept])
      expect(found?.properties).toEqual({ 'k\ufffd': [kept] })
      const payload = { messages: [{ role: 'user', content: 'z\0' }] }
      await records.update(world.workspaceId, record.id, { payload, updatedAt: later })
      expect(contentsOf(await records.readRecords(world.workspaceId, [record.id]))).toEqual(['z\ufffd'])
    })

    test('a list has records in the order in which they were added, in pages', async () => {
      const { world, dataset, records, add } = await start(engine)
      const { workspaceId } = world
      const added = await add(dataset.id, 450)
      await add((await addDataset(world)).id, 3)
      await add(dataset.id, 1, () => 'the last')
      const first = await records.list(workspaceId, dataset.id, all)
      expect(first).toEqual({
        items: added.slice(0, 100).map((record) => stored(record, dataset.id)),
        count: 451,
      })
      const last = await records.list(workspaceId, dataset.id, { page: 226, pageSize: 2 })
      expect(contentsOf(last?.items)).toEqual(['the last'])
      for (const page of [
        { page: 227, pageSize: 2 },
        { page: 1, pageSize: 0 },
      ]) {
        expect(await records.list(workspaceId, dataset.id, page)).toEqual({ items: [], count: 451 })
      }
      const empty = await addDataset(world)
      expect(await records.list(workspaceId, empty.id, all)).toEqual({ items: [], count: 0 })
      expect(await records.list(workspaceId, uuidv7(), all)).toBeUndefined()
    })

    test('all records of one call are stored or none', async () => {
      const { world, dataset, records, add } = await start(engine)
      const [known] = await add(dataset.id, 1)
      const many = Array.from({ length: 300 }, (_, index) => newRecord(`${index}`))
      const clash = [...many, newRecord('again', { id: known?.id ?? '' })]
      await expect(records.insertRecords(world.workspaceId, dataset.id, clash)).rejects.toThrow()
      expect((await records.list(world.workspaceId, dataset.id, all))?.count).toBe(1)
      expect(await records.readRecords(world.workspaceId, [many[0]?.id ?? ''])).toEqual([])
      expect(await records.insertRecords(world.workspaceId, dataset.id, [])).toBe('inserted')
    })

    test('records are read by their ids, in the order of the ids', async () => {
      const { world, dataset, records, add } = await start(engine)
      const here = await add(dataset.id, 3)
      const there = await add((await addDataset(world)).id, 2)
      const ids = [there[1], here[2], here[0]].map((record) => record?.id ?? '')
      const read = await records.readRecords(world.workspaceId, [
        ...ids.slice(0, 2),
        uuidv7(),
        ...ids.slice(2),
      ])
      expect(read.map(({ id }) => id)).toEqual(ids)
      expect(await records.readRecords(world.workspaceId, [])).toEqual([])
    })

    test('a stretch of records goes on where the one before ended', async () => {
      const { world, dataset, records, add } = await start(engine)
      const { workspaceId } = world
      expect(await records.lastPlace(workspaceId, dataset.id)).toBe(0)
      const added = await add(dataset.id, 450)
      const through = (await records.lastPlace(workspaceId, dataset.id)) ?? 0
      await add(dataset.id, 5, () => 'too late')
      const sizes: number[] = []
      const read: string[] = []
      for (let after = 0; ; ) {
        const stretch = (await records.readOn(workspaceId, dataset.id, { after, through })) ?? []
        if (stretch.length === 0) break
        sizes.push(stretch.length)
        read.push(...stretch.map(({ id }) => id))
        after = stretch.at(-1)?.place ?? 0
      }
      expect(read).toEqual(added.map(({ id }) => id))
      expect(Math.max(...sizes)).toBeLessThanOrEqual(200)
      expect(await records.lastPlace(workspaceId, uuidv7())).toBeUndefined()
      expect(await records.readOn(workspaceId, uuidv7(), { after: 0, through })).toBeUndefined()
    })

    test('a stretch ends before it is too large, and after one record at least', async () => {
      const { world, dataset, records, add } = await start(engine)
      const sizes = [10, 600_000, 10, 200_000, 200_000, 200_000, 200_000, 10]
      await add(dataset.id, sizes.length, (number) => 'x'.repeat(sizes[number - 1] ?? 0))
      const counts: number[] = []
      for (let after = 0; ; ) {
        const stretch = await records.readOn(world.workspaceId, dataset.id, { after, through: 1e9 })
        if (!stretch?.length) break
        counts.push(stretch.length)
        after = stretch.at(-1)?.place ?? 0
      }
      // A record that begins within the first 500,000 bytes is taken whole.
      expect(counts).toEqual([2, 4, 2])
    })

    test('a change changes what it names', async () => {
      const { world, dataset, records, add } = await start(engine)
      const { workspaceId } = world
      const [record] = await add(dataset.id, 2)
      if (record === undefined) throw new Error('nothing was added')
      const properties = { topic: 'x' }
      expect(
        await records.update(workspaceId, record.id.toUpperCase(), { properties, updatedAt: later }),
      ).toBe('updated')
      const changed = { ...stored(record, dataset.id), properties, updatedAt: later }
      expect(await records.find(workspaceId, record.id)).toEqual(changed)
      const payload = { messages: [{ role: 'user', content: 'Anew' }] }
      await records.update(workspaceId, record.id, { payload, updatedAt: someTime })
      expect(await records.find(workspaceId, record.id)).toEqual({ ...changed, payload, updatedAt: someTime })
      expect(await records.update(workspaceId, uuidv7(), { payload, updatedAt: later })).toBe('missing')
    })

    test('records are removed together, or none of them', async () => {
      const { world, dataset, records, add } = await start(engine)
      const { workspaceId } = world
      const other = await addDataset(world)
      const here = await add(dataset.id, 3)
      const there = await add(other.id, 2)
      const ids = [here[0], there[0], here[2]].map((record) => record?.id ?? '')
      const unknown = [uuidv7(), uuidv7()]
      expect(await records.remove(workspaceId, [...ids, ...unknown])).toEqual(unknown)
      expect((await records.readRecords(workspaceId, ids)).length).toBe(3)
      expect(await records.remove(workspaceId, [...ids, ...ids.map((id) => id.toUpperCase())])).toEqual([])
      expect(await records.readRecords(workspaceId, ids)).toEqual([])
      expect(await records.list(workspaceId, dataset.id, all)).toMatchObject({
        items: [{ id: here[1]?.id }],
        count: 1,
      })
      expect((await records.list(workspaceId, other.id, all))?.count).toBe(1)
      expect(await records.remove(workspaceId, [ids[0] ?? ''])).toEqual([ids[0]])
    })

    test('adding and removing at once leaves the count right', async () => {
      const { world, dataset, records, add } = await start(engine)
      const { workspaceId } = world
      const first = await add(dataset.id, 40)
      const halves = [first.slice(0, 25), first.slice(15).reverse()]
      await Promise.all([
        ...halves.map((half) =>
          records.remove(
            workspaceId,
            half.map(({ id }) => id),
          ),
        ),
        ...Array.from({ length: 8 }, () => add(dataset.id, 5)),
      ])
      const { items = [], count } = (await records.list(workspaceId, dataset.id, all)) ?? {}
      expect(count).toBe(items.length)
      expect(items.length).toBeGreaterThanOrEqual(40)
      const places = await records.readOn(workspaceId, dataset.id, { after: 0, through: 1e9 })
      expect(places?.map(({ id }) => id)).toEqual(items.map(({ id }) => id))
    })
  })
}
