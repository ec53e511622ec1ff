import { uuidv7 } from 'uuidv7'
import { describe, expect, test } from 'vitest'
import { FileRows } from '../../src/storage/file-rows.ts'
import { LinkRows } from '../../src/storage/link-rows.ts'
import {
  removeDeadKeys,
  removeExpiredLinks,
  removeOldImports,
  removeUnusedFiles,
} from '../../src/storage/remove-old.ts'
import { SessionRows } from '../../src/storage/session-rows.ts'
import { TaskRows } from '../../src/storage/task-rows.ts'
import { engines } from '../support/engines.ts'
import { addDataset } from './dataset-world.ts'
import { createWorld, someTime, type World } from './world.ts'

const dayMs = 86_400_000
const neverStopped = new AbortController().signal
const facts = { name: 'a.csv', purpose: 'import', mediaType: null, expiresAt: null }

function onDay(day: number): Date {
  return new Date(someTime.getTime() + day * dayMs)
}

/** A task that reads a file, and how it ends. */
async function addTask(world: World, datasetId: string, fileId: string, createdAt: Date) {
  const tasks = new TaskRows(world.database)
  const { workspaceId, ownerId } = world
  const source = { type: 'file', fileId, format: null, mapping: null } as const
  const id = uuidv7()
  const result = await tasks.insert({ id, workspaceId, datasetId, creatorId: ownerId, createdAt, source })
  const end = async (at: Date, refused = 0) => {
    const claim = { workerId: uuidv7(), now: at, until: at }
    while ((await tasks.claim(claim))?.id !== id) {}
    const refusals = Array.from({ length: refused }, (_, index) => ({ line: index + 1, reason: 'x' }))
    const task = { id, workspaceId, datasetId }
    const step = { task, linesBefore: 0, records: [], refusals, progress: 100, message: 'Done.' }
    expect(await tasks.advance({ ...step, end: 'COMPLETED' }, claim)).toBe('stored')
  }
  return { id, result, end }
}

async function addFile(
  { database, workspaceId, ownerId }: World,
  createdAt: Date,
  taskId: string | null = null,
) {
  const files = new FileRows(database)
  const id = uuidv7()
  await files.begin({ id, workspaceId, ownerId, createdAt, taskId })
  await files.append(id, 0, Buffer.from('a,b'), createdAt)
  await files.finish(id, facts)
  return id
}

async function addKey({ keys, workspaceId, ownerId }: World, revokedAt: Date | null, expiresAt: Date | null) {
  const id = uuidv7()
  const about = { name: 'k', role: 'editor', hint: 'a', createdAt: someTime, lastUsedAt: null } as const
  await keys.insertKey({ ...about, id, workspaceId, ownerId, hash: id, revokedAt, expiresAt })
  return id
}

async function idsIn({ database }: World, table: 'files' | 'keys' | 'dataset_tasks'): Promise<string[]> {
  const rows = await database.kysely.selectFrom(table).select('id').orderBy('id').execute()
  return rows.map(({ id }) => id)
}

for (const engine of engines) {
  describe(`what was kept long enough, on ${engine.name}`, () => {
    test('are imports that ended, with their refusals; never one that goes on', async () => {
      const world = await createWorld(engine)
      const dataset = await addDataset(world)
      const file = await addFile(world, someTime)
      const old = await addTask(world, dataset.id, file, someTime)
      await old.end(onDay(1), 1200)
      const young = await addTask(world, dataset.id, file, someTime)
      await young.end(onDay(3), 2)
      const running = await addTask(world, dataset.id, file, someTime)
      expect(await removeOldImports(world.database, onDay(1), neverStopped)).toBe(0)
      expect(await removeOldImports(world.database, onDay(2), neverStopped)).toBe(1)
      expect(await idsIn(world, 'dataset_tasks')).toEqual([young.id, running.id])
      const refusals = await world.database.kysely.selectFrom('import_refusals').select('task_id').execute()
      expect(refusals.map(({ task_id }) => task_id)).toEqual([young.id, young.id])
    })

    test('are not taken away once it is stopped', async () => {
      const world = await createWorld(engine)
      const dead = await addKey(world, someTime, null)
      expect(await removeDeadKeys(world.database, onDay(1), AbortSignal.abort())).toBe(0)
      expect(await idsIn(world, 'keys')).toEqual([dead])
    })

    test('are files that nothing uses', async () => {
      const world = await createWorld(engine)
      const dataset = await addDataset(world)
      const files = new FileRows(world.database)
      const unused = await addFile(world, someTime)
      const readNow = await addFile(world, someTime)
      const readLately = await addFile(world, someTime)
      const linked = await addFile(world, someTime)
      const young = await addFile(world, onDay(5))
      await (await addTask(world, dataset.id, readLately, onDay(4))).end(onDay(4))
      const reading = await addTask(world, dataset.id, readNow, someTime)
      // That of an import belongs to it, and goes when it has ended.
      const ofImport = await addFile(world, someTime, reading.id)
      await files.insertLink({ hash: 'h', fileId: linked, expiresAt: onDay(9) }, someTime)
      expect(await removeUnusedFiles(world.database, onDay(3), onDay(8))).toBe(1)
      expect(await files.find(world.workspaceId, unused)).toBeUndefined()
      for (const id of [readNow, readLately, linked, young, ofImport]) {
        expect(await files.find(world.workspaceId, id)).toMatchObject({ id })
      }
      await reading.end(onDay(4))
      expect(await removeUnusedFiles(world.database, onDay(3), onDay(9))).toBe(2)
      while ((await files.purge(someTime, someTime)) === 'removed') {}
      expect(await idsIn(world, 'files')).toEqual([readLately, young].toSorted())
    })

    test('an import of a file that went meanwhile does not begin', async () => {
      const world = await createWorld(engine)
      const dataset = await addDataset(world)
      const file = await addFile(world, someTime)
      await removeUnusedFiles(world.database, onDay(1), onDay(1))
      expect((await addTask(world, dataset.id, file, onDay(1))).result).toBe('file_missing')
      expect(await idsIn(world, 'dataset_tasks')).toEqual([])
    })

    test('are keys that are dead, with their sessions', async () => {
      const world = await createWorld(engine)
      const sessions = new SessionRows(world.database)
      const revoked = await addKey(world, onDay(1), null)
      const expired = await addKey(world, null, onDay(1))
      const both = await addKey(world, onDay(5), onDay(1))
      const kept = [
        await addKey(world, null, null),
        await addKey(world, onDay(2), null),
        await addKey(world, null, onDay(3)),
      ]
      for (const keyId of [revoked, expired, ...kept]) {
        const createdAt = someTime
        await sessions.insertSession({ hash: `s${keyId}`, keyId, createdAt, expiresAt: onDay(30) })
        await sessions.insertLink({ hash: `l${keyId}`, keyId, expiresAt: onDay(30) }, someTime)
      }
      expect(await removeDeadKeys(world.database, onDay(2), neverStopped)).toBe(3)
      expect(await idsIn(world, 'keys')).toEqual(kept.toSorted())
      expect(await sessions.findKey(both)).toBeUndefined()
      for (const keyId of kept) expect(await sessions.findSession(`s${keyId}`)).toBeDefined()
    })

    test('are links that have expired', async () => {
      const world = await createWorld(engine)
      const dataset = await addDataset(world)
      const file = await addFile(world, someTime)
      const [links, files] = [new LinkRows(world.database), new FileRows(world.database)]
      for (const [hash, expiresAt] of [
        ['old', onDay(1)],
        ['new', onDay(2)],
      ] as const) {
        await links.insert({ hash, datasetId: dataset.id, expiresAt }, someTime)
        await files.insertLink({ hash, fileId: file, expiresAt }, someTime)
      }
      expect(await removeExpiredLinks(world.database, onDay(1))).toBe(2)
      expect(await links.find('old')).toBeUndefined()
      expect(await files.findLink('old')).toBeUndefined()
      expect(await links.find('new')).toBeDefined()
      expect(await files.findLink('new')).toBeDefined()
    })
  })
}
