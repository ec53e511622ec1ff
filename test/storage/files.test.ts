import { uuidv7 } from 'uuidv7'
import { describe, expect, test } from 'vitest'
import type { FileFacts } from '../../src/datasets/file-store.ts'
import { FileRows } from '../../src/storage/file-rows.ts'
import { TaskRows } from '../../src/storage/task-rows.ts'
import { engines, type TestEngine } from '../support/engines.ts'
import { addDataset } from './dataset-world.ts'
import { addWorkspace, createWorld, someTime, type World } from './world.ts'

const facts: FileFacts = {
  name: 'data.jsonl',
  purpose: 'fine-tune',
  mediaType: 'text/plain',
  expiresAt: null,
}
const everything = { page: 0, pageSize: 100 }
const longAgo = new Date(0)

function at(ms: number): Date {
  return new Date(someTime.getTime() + ms)
}

async function start(engine: TestEngine) {
  const world = await createWorld(engine)
  const files = new FileRows(world.database)
  return { world, files, add: fileAdder(world, files) }
}

/** Stores a file in one chunk, or begins one. */
function fileAdder(world: World, files: FileRows) {
  return async (
    change: Partial<FileFacts> = {},
    { createdAt = someTime, taskId = null as string | null } = {},
  ) => {
    const id = uuidv7()
    const { workspaceId, ownerId } = world
    await files.begin({ id, workspaceId, ownerId, createdAt, taskId })
    await files.append(id, 0, Buffer.from('content'), createdAt)
    const file = await files.finish(id, { ...facts, ...change })
    if (file === undefined) throw new Error('The file is gone.')
    return file
  }
}

async function purgeAll(files: FileRows, now: Date, cutOffBefore: Date): Promise<number> {
  let parts = 0
  while ((await files.purge(now, cutOffBefore)) === 'removed') parts += 1
  return parts
}

async function rowsLeft({ database }: World): Promise<{ files: number; chunks: number }> {
  const files = await database.kysely.selectFrom('files').select('id').execute()
  const chunks = await database.kysely.selectFrom('file_chunks').select('number').execute()
  return { files: files.length, chunks: chunks.length }
}

for (const engine of engines) {
  describe(`files on ${engine.name}`, () => {
    test('a file is found once it is whole, in its workspace', async () => {
      const { world, files } = await start(engine)
      const { workspaceId, ownerId } = world
      const id = uuidv7()
      await files.begin({ id, workspaceId, ownerId, createdAt: someTime, taskId: null })
      expect(await files.append(id, 0, Buffer.from([0, 255, 10]), at(1))).toBe('added')
      expect(await files.append(id, 1, Buffer.from([7]), at(2))).toBe('added')
      expect(await files.find(workspaceId, id)).toBeUndefined()
      expect(await files.readChunk(id, 0)).toBeUndefined()
      const whole = {
        id,
        workspaceId,
        ownerId,
        ...facts,
        sizeBytes: 4,
        createdAt: someTime,
        taskId: null,
      }
      expect(await files.finish(id, facts)).toEqual(whole)
      expect(await files.finish(id, facts)).toBeUndefined()
      expect(await files.append(id, 2, Buffer.from([7]), at(3))).toBe('missing')
      expect(await files.find(workspaceId, id.toUpperCase())).toEqual(whole)
      expect(Buffer.from((await files.readChunk(id, 0)) ?? [])).toEqual(Buffer.from([0, 255, 10]))
      expect(Buffer.from((await files.readChunk(id, 1)) ?? [])).toEqual(Buffer.from([7]))
      expect(await files.readChunk(id, 2)).toBeUndefined()
      const other = (await addWorkspace(world.keys, 'second')).workspaceId
      expect(await files.find(other, id)).toBeUndefined()
      expect(await files.list(other, everything, someTime)).toEqual({ items: [], count: 0 })
      expect(await files.remove(other, id)).toBe('missing')
    })

    test('files are listed, newest first, by what is asked for', async () => {
      const { world, files, add } = await start(engine)
      const first = await add({ name: 'Ärger_1.JSONL' })
      const second = await add({ name: 'b.csv', purpose: 'batch', mediaType: 'text/csv' })
      const third = await add({ name: 'c%.jsonl', mediaType: null }, { createdAt: at(5) })
      await add({}, { taskId: uuidv7() })
      await add({ expiresAt: at(10) })
      const list = async (query: object) => {
        const { items, count } = await files.list(world.workspaceId, { ...everything, ...query }, at(10))
        return [items.map(({ id }) => id), count]
      }
      expect(await list({})).toEqual([[third.id, second.id, first.id], 3])
      expect(await list({ pageSize: 2 })).toEqual([[third.id, second.id], 3])
      expect(await list({ pageSize: 2, page: 1 })).toEqual([[first.id], 3])
      expect(await list({ pageSize: 0 })).toEqual([[], 3])
      expect(await list({ text: 'jsonl' })).toEqual([[third.id, first.id], 2])
      expect(await list({ text: '%' })).toEqual([[third.id], 1])
      expect(await list({ text: '_' })).toEqual([[first.id], 1])
      expect(await list({ purpose: 'batch' })).toEqual([[second.id], 1])
      expect(await list({ purposeIsNot: 'batch' })).toEqual([[third.id, first.id], 2])
      expect(await list({ mediaTypes: ['text/csv', 'text/plain'] })).toEqual([[second.id, first.id], 2])
      const beforeExpiry = await files.list(world.workspaceId, everything, at(9))
      expect(beforeExpiry.count).toBe(4)
    })

    test('a file that is deleted is gone at once, and its content bit by bit', async () => {
      const { world, files, add } = await start(engine)
      const kept = await add()
      const { workspaceId, ownerId } = world
      const id = uuidv7()
      await files.begin({ id, workspaceId, ownerId, createdAt: someTime, taskId: null })
      for (let number = 0; number < 70; number++) await files.append(id, number, Buffer.from('x'), someTime)
      await files.finish(id, facts)
      expect(await files.remove(workspaceId, id)).toBe('removed')
      expect(await files.remove(workspaceId, id)).toBe('missing')
      expect(await files.find(workspaceId, id)).toBeUndefined()
      expect(await files.readChunk(id, 0)).toBeUndefined()
      expect(await files.append(id, 70, Buffer.from('x'), someTime)).toBe('missing')
      expect(await files.finish(id, facts)).toBeUndefined()
      expect(await rowsLeft(world)).toEqual({ files: 2, chunks: 71 })
      // 32, 32 and 6 chunks, and the file.
      expect(await purgeAll(files, someTime, longAgo)).toBe(0)
      expect(await purgeAll(files, someTime, at(-1000))).toBe(4)
      expect(await rowsLeft(world)).toEqual({ files: 1, chunks: 1 })
      expect(await files.find(workspaceId, kept.id)).toBeDefined()
    })

    test('what an upload left that was given up, or cut off, is removed', async () => {
      const { world, files } = await start(engine)
      const { workspaceId, ownerId } = world
      const begun = [uuidv7(), uuidv7(), uuidv7()] as const
      for (const id of begun) {
        await files.begin({ id, workspaceId, ownerId, createdAt: someTime, taskId: null })
        await files.append(id, 0, Buffer.from('x'), someTime)
      }
      await files.append(begun[1], 1, Buffer.from('x'), at(1000))
      await files.abandon(begun[2])
      expect(await files.append(begun[2], 1, Buffer.from('x'), someTime)).toBe('missing')
      await purgeAll(files, at(2000), someTime)
      expect(await rowsLeft(world)).toEqual({ files: 2, chunks: 3 })
      await purgeAll(files, at(2000), at(1000))
      expect(await rowsLeft(world)).toEqual({ files: 1, chunks: 2 })
      expect(await files.finish(begun[1], facts)).toMatchObject({ sizeBytes: 2 })
      await files.abandon(begun[1])
      expect(await purgeAll(files, at(2000), at(1000))).toBe(0)
    })

    test('files go when they expire, and with the import that they came for', async () => {
      const { world, files, add } = await start(engine)
      const tasks = new TaskRows(world.database)
      const dataset = await addDataset(world)
      const { workspaceId, ownerId } = world
      const taskId = uuidv7()
      const expiring = await add({ expiresAt: at(10) })
      const imported = await add({}, { taskId })
      const stays = await add()
      await tasks.insert({
        id: taskId,
        workspaceId,
        datasetId: dataset.id,
        creatorId: ownerId,
        createdAt: someTime,
        source: { type: 'file', fileId: imported.id, format: null, mapping: null },
      })
      expect(await purgeAll(files, at(9), at(-1000))).toBe(0)
      await purgeAll(files, at(10), at(-1000))
      expect(await files.find(workspaceId, expiring.id)).toBeUndefined()
      expect(await files.find(workspaceId, imported.id)).toBeDefined()
      const claim = { workerId: uuidv7(), now: someTime, until: at(1000) }
      await tasks.claim(claim)
      await tasks.end(taskId, claim.workerId, { status: 'COMPLETED', message: 'Done.', updatedAt: someTime })
      await purgeAll(files, at(10), at(-1000))
      expect(await files.find(workspaceId, imported.id)).toBeUndefined()
      expect(await files.find(workspaceId, stays.id)).toBeDefined()
      expect(await rowsLeft(world)).toEqual({ files: 1, chunks: 1 })
    })

    test('links lead to their file until they expire', async () => {
      const { world, files, add } = await start(engine)
      const file = await add()
      await files.insertLink({ hash: 'one', fileId: file.id, expiresAt: at(10) }, someTime)
      const link = { hash: 'one', fileId: file.id, workspaceId: world.workspaceId, expiresAt: at(10) }
      expect(await files.findLink('one')).toEqual(link)
      await files.insertLink({ hash: 'two', fileId: file.id, expiresAt: at(20) }, at(10))
      expect(await files.findLink('one')).toBeUndefined()
      expect(await files.findLink('two')).toMatchObject({ expiresAt: at(20) })
      await files.remove(world.workspaceId, file.id)
      await purgeAll(files, someTime, at(-1000))
      expect(await files.findLink('two')).toBeUndefined()
    })

    test('names keep what both engines can keep', async () => {
      const { add } = await start(engine)
      expect(await add({ name: 'a\0b\ud800', purpose: '\0', mediaType: 'x\0' })).toMatchObject({
        name: 'a\ufffdb\ufffd',
        purpose: '\ufffd',
        mediaType: 'x\ufffd',
      })
    })
  })
}
