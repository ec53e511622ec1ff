import { uuidv7 } from 'uuidv7'
import { describe, expect, test } from 'vitest'
import type { ImportSource } from '../../src/datasets/import-task.ts'
import type { ImportStep } from '../../src/datasets/task-store.ts'
import { DatasetRows } from '../../src/storage/dataset-rows.ts'
import { FileRows } from '../../src/storage/file-rows.ts'
import { TaskRows } from '../../src/storage/task-rows.ts'
import { engines, type TestEngine } from '../support/engines.ts'
import { addDataset, newRecord, recordsOf } from './dataset-world.ts'
import { addWorkspace, createWorld, someTime } from './world.ts'

const fileId = uuidv7()
const source: ImportSource = { type: 'file', fileId, format: 'csv', mapping: { input: 'q\0' } }
const all = { page: 1, pageSize: 100 }

function at(ms: number): Date {
  return new Date(someTime.getTime() + ms)
}

async function start(engine: TestEngine) {
  const world = await createWorld(engine)
  const dataset = await addDataset(world)
  const tasks = new TaskRows(world.database)
  const files = new FileRows(world.database)
  const { workspaceId, ownerId } = world
  await files.begin({ id: fileId, workspaceId, ownerId, createdAt: someTime, taskId: null })
  await files.finish(fileId, { name: 'a.csv', purpose: 'import', mediaType: null, expiresAt: null })
  const add = async (createdAt = someTime, datasetId = dataset.id) => {
    const task = { id: uuidv7(), workspaceId, datasetId, creatorId: ownerId, createdAt, source }
    expect(await tasks.insert(task)).toBe('inserted')
    return task
  }
  const { records, add: addRecords } = recordsOf(world)
  return { world, dataset, tasks, add, records, addRecords }
}

function claimAt(ms: number, workerId: string = uuidv7()) {
  return { workerId, now: at(ms), until: at(ms + 100) }
}

function stepOf(task: ImportStep['task'], change: Partial<ImportStep> = {}): ImportStep {
  return { task, linesBefore: 0, records: [], refusals: [], progress: 10, message: 'Reading.', ...change }
}

for (const engine of engines) {
  describe(`imports on ${engine.name}`, () => {
    test('a task is found in its dataset and workspace', async () => {
      const { world, dataset, tasks, add } = await start(engine)
      const { workspaceId, ownerId } = world
      const task = await add()
      const shown = {
        id: task.id,
        workspaceId,
        datasetId: dataset.id,
        creatorId: ownerId,
        status: 'RUNNING',
        message: null,
        progress: 0,
        linesRead: 0,
        linesTaken: 0,
        linesRefused: 0,
        createdAt: someTime,
        updatedAt: someTime,
      }
      expect(await tasks.find(workspaceId, dataset.id, task.id)).toEqual(shown)
      expect(await tasks.find(workspaceId, dataset.id.toUpperCase(), task.id.toUpperCase())).toEqual(shown)
      const other = await addDataset(world)
      expect(await tasks.find(workspaceId, other.id, task.id)).toBeUndefined()
      const stranger = (await addWorkspace(world.keys, 'second')).workspaceId
      expect(await tasks.find(stranger, dataset.id, task.id)).toBeUndefined()
      expect(await tasks.list(stranger, dataset.id, all)).toBeUndefined()
      expect(await tasks.insert({ ...task, id: uuidv7(), workspaceId: stranger })).toBe('dataset_missing')
    })

    test('tasks are listed in pages, newest first', async () => {
      const { world, dataset, tasks, add } = await start(engine)
      const [first, second, third] = [await add(), await add(), await add(at(-5))]
      const other = await addDataset(world)
      const list = async (datasetId: string, page: number, pageSize: number) => {
        const found = await tasks.list(world.workspaceId, datasetId, { page, pageSize })
        return [found?.items.map(({ id }) => id), found?.count]
      }
      expect(await list(dataset.id, 1, 2)).toEqual([[second.id, first.id], 3])
      expect(await list(dataset.id.toUpperCase(), 2, 2)).toEqual([[third.id], 3])
      expect(await list(other.id, 1, 2)).toEqual([[], 0])
    })

    test('a task is one worker’s at a time, oldest first', async () => {
      const { tasks, add } = await start(engine)
      const [second, first] = [await add(at(1)), await add()]
      const one = claimAt(0)
      expect(await tasks.claim(one)).toMatchObject({
        id: first.id,
        source: { ...source, mapping: { input: 'q\ufffd' } },
      })
      expect(await tasks.claim(claimAt(1))).toMatchObject({ id: second.id })
      expect(await tasks.claim(claimAt(99))).toBeUndefined()
      expect(await tasks.claim(claimAt(100))).toMatchObject({ id: first.id })
      await tasks.release(first.id, one.workerId)
      expect(await tasks.claim(claimAt(100))).toBeUndefined()
      const other = claimAt(101)
      expect(await tasks.claim(other)).toMatchObject({ id: second.id })
      await tasks.release(second.id, other.workerId)
      expect(await tasks.claim(claimAt(101))).toMatchObject({ id: second.id })
    })

    test('of many who claim at once, one gets each task', async () => {
      const { tasks, add } = await start(engine)
      for (let number = 0; number < 5; number++) await add()
      const claimed = await Promise.all(Array.from({ length: 20 }, () => tasks.claim(claimAt(0))))
      const ids = claimed.flatMap((task) => task?.id ?? [])
      expect(new Set(ids).size).toBe(ids.length)
      // Who looked at a row that another one got goes away with nothing, and looks again later.
      for (let more = await tasks.claim(claimAt(0)); more; more = await tasks.claim(claimAt(0)))
        ids.push(more.id)
      expect(new Set(ids).size).toBe(5)
      expect(ids).toHaveLength(5)
    })

    test('lines, what became of them and their counts are stored together', async () => {
      const { world, dataset, tasks, add, records } = await start(engine)
      const task = await add()
      const claim = claimAt(0)
      await tasks.claim(claim)
      const first = stepOf(task, {
        records: [newRecord('1'), newRecord('2')],
        refusals: [{ line: 3, reason: 'The row has \0.' }],
      })
      expect(await tasks.advance(first, claim)).toBe('stored')
      expect(await tasks.find(world.workspaceId, dataset.id, task.id)).toMatchObject({
        status: 'RUNNING',
        message: 'Reading.',
        progress: 10,
        linesRead: 3,
        linesTaken: 2,
        linesRefused: 1,
      })
      const last = stepOf(task, {
        linesBefore: 3,
        records: [newRecord('4')],
        refusals: [{ line: 9, reason: 'x' }],
        progress: 100,
        end: 'COMPLETED',
      })
      expect(await tasks.advance(last, { ...claim, now: at(7) })).toBe('stored')
      expect(await tasks.find(world.workspaceId, dataset.id, task.id)).toMatchObject({
        status: 'COMPLETED',
        progress: 100,
        linesRead: 5,
        linesTaken: 3,
        linesRefused: 2,
        updatedAt: at(7),
      })
      const found = await records.list(world.workspaceId, dataset.id, all)
      expect(found?.items.map(({ id }) => id)).toEqual(
        [...first.records, ...last.records].map(({ id }) => id),
      )
      expect(await tasks.listRefusals(task.id, all)).toEqual([
        { line: 3, reason: 'The row has \ufffd.' },
        { line: 9, reason: 'x' },
      ])
      expect(await tasks.listRefusals(task.id, { page: 2, pageSize: 1 })).toEqual([{ line: 9, reason: 'x' }])
      expect(await tasks.claim(claimAt(1e9))).toBeUndefined()
    })

    test('who has lost the task, or does not stand where it stands, stores nothing', async () => {
      const { world, dataset, tasks, add, records } = await start(engine)
      const task = await add()
      const [old, current] = [claimAt(0), claimAt(100)]
      await tasks.claim(old)
      expect(await tasks.claim(current)).toBeDefined()
      const step = (linesBefore = 0) =>
        stepOf(task, { linesBefore, records: [newRecord('1')], refusals: [{ line: 2, reason: 'x' }] })
      expect(await tasks.advance(step(), old)).toBe('lost')
      expect(await tasks.advance(step(1), current)).toBe('lost')
      await tasks.end(task.id, old.workerId, { status: 'FAILED', message: 'x', updatedAt: someTime })
      expect(await tasks.advance(step(), current)).toBe('stored')
      expect(await tasks.advance(step(), current)).toBe('lost')
      await tasks.end(task.id, current.workerId, { status: 'FAILED', message: 'x', updatedAt: at(9) })
      expect(await tasks.advance(step(2), current)).toBe('lost')
      expect(await tasks.find(world.workspaceId, dataset.id, task.id)).toMatchObject({
        status: 'FAILED',
        message: 'x',
        linesRead: 2,
        updatedAt: at(9),
      })
      expect((await records.list(world.workspaceId, dataset.id, all))?.count).toBe(1)
      expect(await tasks.listRefusals(task.id, all)).toHaveLength(1)
    })

    test('a claim is renewed by the worker that has it', async () => {
      const { tasks, add } = await start(engine)
      const task = await add()
      const mine = claimAt(0)
      await tasks.claim(mine)
      expect(await tasks.renew(task.id, { ...mine, until: at(500) })).toBe('renewed')
      expect(await tasks.claim(claimAt(499))).toBeUndefined()
      const other = claimAt(500)
      expect(await tasks.claim(other)).toMatchObject({ id: task.id })
      expect(await tasks.renew(task.id, mine)).toBe('lost')
      await tasks.end(task.id, other.workerId, { status: 'FAILED', message: 'x', updatedAt: someTime })
      expect(await tasks.renew(task.id, other)).toBe('lost')
    })

    test('nothing comes to a dataset that is deleted', async () => {
      const { world, dataset, tasks, add } = await start(engine)
      const task = await add()
      const claim = claimAt(0)
      await tasks.claim(claim)
      await new DatasetRows(world.database).remove(world.workspaceId, dataset.id, someTime)
      const step = stepOf(task, { refusals: [{ line: 1, reason: 'x' }] })
      expect(await tasks.advance(step, claim)).toBe('dataset_missing')
      expect(await tasks.listRefusals(task.id, all)).toEqual([])
      expect(await tasks.list(world.workspaceId, dataset.id, all)).toBeUndefined()
      const again = { ...task, id: uuidv7() }
      expect(await tasks.insert(again)).toBe('dataset_missing')
    })

    test('an upload becomes whole with its task, or not at all', async () => {
      const { world, dataset, tasks } = await start(engine)
      const files = new FileRows(world.database)
      const { workspaceId, ownerId } = world
      const base = { workspaceId, creatorId: ownerId, createdAt: someTime, source }
      const facts = { name: 'a.csv', purpose: 'import', mediaType: null, expiresAt: null }
      const fileId = uuidv7()
      const taskId = uuidv7()
      await files.begin({ id: fileId, workspaceId, ownerId, createdAt: someTime, taskId })
      const missing = { ...base, id: taskId, datasetId: uuidv7() }
      expect(await tasks.insert(missing, { fileId, facts })).toBe('dataset_missing')
      expect(await files.find(workspaceId, fileId)).toBeUndefined()
      const task = { ...base, id: taskId, datasetId: dataset.id }
      expect(await tasks.insert(task, { fileId, facts })).toBe('inserted')
      expect(await files.find(workspaceId, fileId)).toMatchObject({ name: 'a.csv', taskId })
      await expect(tasks.insert({ ...task, id: uuidv7() }, { fileId: uuidv7(), facts })).rejects.toThrow()
      expect((await tasks.list(workspaceId, dataset.id, all))?.count).toBe(1)
    })

    test('the first id that is no record of the workspace is told', async () => {
      const { world, dataset, tasks, addRecords } = await start(engine)
      const added = await addRecords(dataset.id, 3)
      const ids = added.map(({ id }) => id)
      const unknown = uuidv7()
      expect(await tasks.firstUnknownRecord(world.workspaceId, ids)).toBeUndefined()
      expect(await tasks.firstUnknownRecord(world.workspaceId, [])).toBeUndefined()
      const many = [...Array.from({ length: 1200 }, () => ids[0] as string), unknown, uuidv7()]
      expect(await tasks.firstUnknownRecord(world.workspaceId, many)).toBe(unknown)
      const stranger = (await addWorkspace(world.keys, 'second')).workspaceId
      expect(await tasks.firstUnknownRecord(stranger, ids)).toBe(ids[0])
    })
  })
}
