import { uuidv7 } from 'uuidv7'
import { describe, expect, test } from 'vitest'
import type { Dataset } from '../../src/datasets/dataset.ts'
import { DatasetRows } from '../../src/storage/dataset-rows.ts'
import { LinkRows } from '../../src/storage/link-rows.ts'
import { engines, type TestEngine } from '../support/engines.ts'
import { addDataset, recordsOf } from './dataset-world.ts'
import { addWorkspace, createWorld, someTime, type World } from './world.ts'

const later = new Date('2026-03-02T08:00:00.123Z')

async function start(engine: TestEngine) {
  const world = await createWorld(engine)
  return {
    world,
    datasets: new DatasetRows(world.database),
    links: new LinkRows(world.database),
    ...recordsOf(world),
  }
}

async function names(
  { workspaceId, database }: World,
  query: Partial<Parameters<DatasetRows['list']>[1]> = {},
): Promise<{ names: string[]; count: number }> {
  const { items, count } = await new DatasetRows(database).list(workspaceId, {
    page: 1,
    pageSize: 50,
    ...query,
  })
  return { names: items.map(({ name }) => name), count }
}

for (const engine of engines) {
  describe(`datasets on ${engine.name}`, () => {
    test('a dataset is found as it was stored, in its workspace', async () => {
      const { world, datasets } = await start(engine)
      const dataset = await addDataset(world, { name: 'Ünïcode "quoted" \\ %_', description: '' })
      expect(await datasets.find(world.workspaceId, dataset.id)).toEqual(dataset)
      expect(await datasets.find(world.workspaceId, dataset.id.toUpperCase())).toEqual(dataset)
      expect(await datasets.find(world.workspaceId, uuidv7())).toBeUndefined()
      const { workspaceId } = await addWorkspace(world.keys, 'second')
      expect(await datasets.find(workspaceId, dataset.id)).toBeUndefined()
      expect(await datasets.update(workspaceId, dataset.id, { name: 'Theirs', updatedAt: later })).toBe(
        undefined,
      )
      expect(await datasets.remove(workspaceId, dataset.id, later)).toBe('missing')
      expect(await datasets.find(world.workspaceId, dataset.id)).toEqual(dataset)
    })

    test('a change changes what it names', async () => {
      const { world, datasets } = await start(engine)
      const dataset = await addDataset(world)
      const renamed = { ...dataset, name: 'Renamed', updatedAt: later }
      const { workspaceId } = world
      expect(await datasets.update(workspaceId, dataset.id, { name: 'Renamed', updatedAt: later })).toEqual(
        renamed,
      )
      const described = { ...renamed, description: 'Anew.' }
      expect(
        await datasets.update(workspaceId, dataset.id, { description: 'Anew.', updatedAt: later }),
      ).toEqual(described)
      expect(await datasets.find(workspaceId, dataset.id)).toEqual(described)
      expect(await names(world, { text: 'anew' })).toEqual({ names: ['Renamed'], count: 1 })
      expect(await names(world, { text: dataset.name })).toEqual({ names: [], count: 0 })
      expect(await datasets.update(workspaceId, uuidv7(), { updatedAt: later })).toBeUndefined()
    })

    test('a list has the newest first, ties by id, in pages', async () => {
      const { world } = await start(engine)
      const made: Dataset[] = []
      for (let number = 0; number < 7; number++) {
        const createdAt = number < 5 ? someTime : later
        made.push(await addDataset(world, { name: `Set ${number}`, createdAt, updatedAt: createdAt }))
      }
      const expected = made.map(({ name }) => name).reverse()
      expect(await names(world)).toEqual({ names: expected, count: 7 })
      expect(await names(world, { pageSize: 3, page: 2 })).toEqual({ names: expected.slice(3, 6), count: 7 })
      expect(await names(world, { pageSize: 3, page: 9 })).toEqual({ names: [], count: 7 })
      expect(await names(world, { pageSize: 0 })).toEqual({ names: [], count: 7 })
    })

    test.each([
      ['QUEST', ['Questions']],
      ['of 100% kind', ['Plain']],
      ['%', ['Plain']],
      ['a_b', ['a_b']],
      ['_', ['a_b']],
      ['straße', ['Straße']],
      ['ΣΊΣΥΦΟΣ', ['σίσυφος']],
      ['\\', []],
      ['nsPla', []],
      ['sAll', []],
    ])('a search for %s finds it in name or description, whatever the case', async (text, expected) => {
      const { world } = await start(engine)
      for (const [name, description] of [
        ['Questions', 'All of them.'],
        ['Plain', 'Of 100% kind.'],
        ['a_b', ''],
        ['axb', ''],
        ['Straße', ''],
        ['σίσυφος', ''],
      ] as const) {
        await addDataset(world, { name, description })
      }
      expect(await names(world, { text })).toEqual({ names: expected, count: expected.length })
    })

    test('a deleted dataset is found by nobody', async () => {
      const { world, datasets, links, records, add } = await start(engine)
      const dataset = await addDataset(world)
      const [record] = await add(dataset.id, 1)
      const { workspaceId } = world
      await links.insert({ hash: 'h', datasetId: dataset.id, expiresAt: later }, someTime)
      expect(await datasets.remove(workspaceId, dataset.id.toUpperCase(), later)).toBe('removed')
      expect(await datasets.remove(workspaceId, dataset.id, later)).toBe('missing')
      expect(await datasets.find(workspaceId, dataset.id)).toBeUndefined()
      expect(await names(world)).toEqual({ names: [], count: 0 })
      expect(await datasets.update(workspaceId, dataset.id, { name: 'x', updatedAt: later })).toBeUndefined()
      expect(await links.find('h')).toBeUndefined()
      const recordId = record?.id ?? ''
      expect(await records.find(workspaceId, recordId)).toBeUndefined()
      expect(await records.readRecords(workspaceId, [recordId])).toEqual([])
      expect(await records.list(workspaceId, dataset.id, { page: 1, pageSize: 50 })).toBeUndefined()
      expect(await records.lastPlace(workspaceId, dataset.id)).toBeUndefined()
      expect(await records.readOn(workspaceId, dataset.id, { after: 0, through: 1e9 })).toBeUndefined()
      expect(await records.update(workspaceId, recordId, { properties: {}, updatedAt: later })).toBe(
        'missing',
      )
      expect(await records.remove(workspaceId, [recordId])).toEqual([recordId])
      expect(await records.insertRecords(workspaceId, dataset.id, [])).toBe('dataset_missing')
    })

    test('a link is found until it is replaced after it expired', async () => {
      const { world, links } = await start(engine)
      const dataset = await addDataset(world)
      const old = { hash: 'old', datasetId: dataset.id, expiresAt: later }
      await links.insert(old, someTime)
      await links.insert({ ...old, hash: 'beside' }, someTime)
      expect(await links.find('old')).toEqual({ link: old, dataset })
      expect(await links.find('another')).toBeUndefined()
      const end = new Date(later.getTime() + 3_600_000)
      await links.insert({ ...old, hash: 'new', expiresAt: end }, later)
      expect(await links.find('old')).toBeUndefined()
      expect(await links.find('beside')).toBeUndefined()
      expect(await links.find('new')).toMatchObject({ link: { expiresAt: end } })
    })

    test('a slug is unique among the living datasets of a workspace', async () => {
      const { world, datasets } = await start(engine)
      const { workspaceId } = world
      const dataset = await addDataset(world, { slug: 'questions' })
      const same = { ...dataset, id: uuidv7() }
      expect(await datasets.insert(same)).toBe('slug_taken')
      expect(await datasets.insert({ ...same, slug: 'questions-2' })).toBe('inserted')
      expect(await datasets.findBySlug(workspaceId, 'questions')).toEqual(dataset)
      expect(await datasets.findBySlug(workspaceId, 'question')).toBeUndefined()
      const other = await addWorkspace(world.keys, 'second')
      expect(await datasets.findBySlug(other.workspaceId, 'questions')).toBeUndefined()
      expect(await datasets.insert({ ...same, ...other, id: uuidv7() })).toBe('inserted')
      await datasets.update(workspaceId, dataset.id, { name: 'Renamed', updatedAt: later })
      expect((await datasets.findBySlug(workspaceId, 'questions'))?.name).toBe('Renamed')
      await datasets.remove(workspaceId, dataset.id, later)
      expect(await datasets.findBySlug(workspaceId, 'questions')).toBeUndefined()
      expect(await datasets.insert({ ...same, id: uuidv7() })).toBe('inserted')
    })
  })
}
