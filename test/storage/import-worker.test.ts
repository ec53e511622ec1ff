import { setTimeout as delay, setImmediate as nextTurn } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import { uuidv7 } from 'uuidv7'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { ImportSource, ImportTask } from '../../src/datasets/import-task.ts'
import { createImportWorker, type ImportWorkerTools } from '../../src/datasets/import-worker.ts'
import { chunkBytes } from '../../src/datasets/stored-file.ts'
import type { TaskStore } from '../../src/datasets/task-store.ts'
import { AssizeError } from '../../src/errors.ts'
import { FileRows } from '../../src/storage/file-rows.ts'
import { TaskRows } from '../../src/storage/task-rows.ts'
import { engines, type TestEngine } from '../support/engines.ts'
import { addDataset, recordsOf } from './dataset-world.ts'
import { createWorld, someTime } from './world.ts'

async function start(engine: TestEngine) {
  const world = await createWorld(engine)
  const dataset = await addDataset(world)
  const files = new FileRows(world.database)
  const tasks = new TaskRows(world.database)
  const { records, add: addRecords } = recordsOf(world)
  const { workspaceId, ownerId } = world
  const clock = { nowMs: someTime.getTime() }
  const failures: unknown[] = []

  async function addFile(content: string | Buffer): Promise<string> {
    const id = uuidv7()
    await files.begin({ id, workspaceId, ownerId, createdAt: someTime, taskId: null })
    const bytes = Buffer.from(content)
    for (let number = 0; number * chunkBytes < bytes.length; number++) {
      await files.append(id, number, bytes.subarray(number * chunkBytes, (number + 1) * chunkBytes), someTime)
    }
    await files.finish(id, { name: 'data.jsonl', purpose: 'import', mediaType: null, expiresAt: null })
    return id
  }

  async function addTask(source: ImportSource, datasetId = dataset.id): Promise<() => Promise<ImportTask>> {
    const id = uuidv7()
    await tasks.insert({ id, workspaceId, datasetId, creatorId: ownerId, createdAt: someTime, source })
    return async () => (await tasks.find(workspaceId, datasetId, id)) as ImportTask
  }

  /** A worker of a process of its own. */
  function startWorker(change: Partial<ImportWorkerTools> = {}) {
    const worker = createImportWorker({
      tasks,
      files,
      records,
      now: () => new Date(clock.nowMs),
      newId: uuidv7,
      workerId: uuidv7(),
      nextTurn: () => nextTurn(),
      pause: async (_ms, ended) => {
        await delay(20, undefined, { signal: ended }).catch(() => {})
      },
      onFailure: (error) => failures.push(error),
      onEnded: () => {},
      ...change,
    })
    worker.wake()
    onTestFinished(() => worker[Symbol.asyncDispose]())
    return worker
  }

  async function contents(): Promise<unknown[]> {
    const all: unknown[] = []
    for (let page = 1; ; page++) {
      const found = await records.list(workspaceId, dataset.id, { page, pageSize: 100 })
      if (!found || found.items.length === 0) return all
      all.push(...found.items.map(({ payload }) => payload.number))
    }
  }

  return {
    world,
    dataset,
    files,
    tasks,
    records,
    addRecords,
    clock,
    failures,
    addFile,
    addTask,
    startWorker,
    contents,
  }
}

/** Lines with numbers, of which each seventh is none. */
function linesOf(count: number): string {
  return Array.from({ length: count }, (_, number) =>
    number % 7 === 6 ? '{' : JSON.stringify({ messages: [{ role: 'user', content: 'Hi' }], number }),
  ).join('\n')
}

function numbersOf(count: number): number[] {
  return Array.from({ length: count }, (_, number) => number).filter((number) => number % 7 !== 6)
}

const fromFile = (fileId: string): ImportSource => ({ type: 'file', fileId, format: null, mapping: null })

/** A store of which some methods are others. */
function changed(tasks: TaskStore, change: Partial<TaskStore>): TaskStore {
  return new Proxy(tasks, {
    get: (target, name: keyof TaskStore) => change[name] ?? target[name].bind(target),
  })
}

/** A store whose process dies at its nth step, before it is stored or behind. */
function dying(tasks: TaskStore, step: number, isStored: boolean, died: () => void): TaskStore {
  let steps = 0
  return changed(tasks, {
    claim: async (claim: Parameters<TaskStore['claim']>[0]) =>
      steps < step ? await tasks.claim(claim) : undefined,
    async advance(...args: Parameters<TaskStore['advance']>) {
      steps += 1
      if (steps === step && isStored) await tasks.advance(...args)
      if (steps < step) return await tasks.advance(...args)
      died()
      // Neither it nor what it would do next ever comes back.
      return await new Promise<never>(() => {})
    },
  })
}

for (const engine of engines) {
  describe(`the worker on imports on ${engine.name}`, () => {
    test.each([
      [1, false],
      [1, true],
      [2, true],
      [3, false],
      [5, true],
    ])('that dies at step %i (stored: %s) has lost and doubled nothing', async (step, isStored) => {
      const { addFile, addTask, startWorker, contents, tasks, clock } = await start(engine)
      const task = await addTask(fromFile(await addFile(linesOf(2400))))
      await new Promise<void>((died) => {
        const dead = createDeadWorker(startWorker, dying(tasks, step, isStored, died))
        expect(dead).toBeDefined()
      })
      expect((await task()).linesRead).toBe(Math.min(2400, 500 * (step - (isStored ? 0 : 1))))
      clock.nowMs += 10_000
      startWorker()
      await expect.poll(async () => (await task()).status).toBe('COMPLETED')
      expect(await task()).toMatchObject({ linesRead: 2400, linesTaken: 2058, linesRefused: 342 })
      expect(await contents()).toEqual(numbersOf(2400))
      const refusals = await tasks.listRefusals((await task()).id, { page: 1, pageSize: 1000 })
      expect(refusals.map(({ line }) => line)).toEqual(
        Array.from({ length: 342 }, (_, index) => 7 * index + 7),
      )
    })

    test('that was away too long stores nothing any more', async () => {
      const { addFile, addTask, startWorker, contents, tasks, clock, failures } = await start(engine)
      const task = await addTask(fromFile(await addFile(linesOf(2400))))
      let waitsFor = Promise.resolve()
      const slow = {
        nextTurn: async () => {
          await nextTurn()
          if ((await task()).linesRead >= 1000) await waitsFor
        },
      }
      const { promise, resolve } = Promise.withResolvers<void>()
      waitsFor = promise
      startWorker(slow)
      await expect.poll(async () => (await task()).linesRead).toBe(1000)
      clock.nowMs += 10_000
      startWorker()
      await expect.poll(async () => (await task()).status).toBe('COMPLETED')
      resolve()
      await delay(100)
      expect(await contents()).toEqual(numbersOf(2400))
      expect(await tasks.listRefusals((await task()).id, { page: 1, pageSize: 1000 })).toHaveLength(342)
      expect(failures).toEqual([])
    })

    test('keeps its claim while it skips what is done with', async () => {
      const { addFile, addTask, startWorker, contents, tasks, clock, failures } = await start(engine)
      const task = await addTask(fromFile(await addFile(linesOf(20_000))))
      const first = startWorker()
      await expect.poll(async () => (await task()).linesRead).toBeGreaterThan(1000)
      await first[Symbol.asyncDispose]()
      let turns = 0
      const slow = {
        nextTurn: async () => {
          turns += 1
          clock.nowMs += 9_999
          await delay(30)
        },
      }
      startWorker(slow)
      const claims: unknown[] = []
      const watching = changed(tasks, {
        claim: async (claim: Parameters<TaskStore['claim']>[0]) => {
          const claimed = turns === 0 ? undefined : await tasks.claim(claim)
          if (claimed) claims.push(claimed)
          return claimed
        },
      })
      startWorker({ tasks: watching })
      await expect.poll(async () => (await task()).status, { timeout: 20_000 }).toBe('COMPLETED')
      expect(turns).toBeGreaterThan(5)
      expect(claims).toEqual([])
      expect(await contents()).toEqual(numbersOf(20_000))
      expect(failures).toEqual([])
    })

    test('reads a compressed file of many chunks', async () => {
      const { addFile, addTask, startWorker, contents } = await start(engine)
      const task = await addTask(fromFile(await addFile(gzipSync(linesOf(20_000), { level: 0 }))))
      startWorker()
      await expect.poll(async () => (await task()).status, { timeout: 20_000 }).not.toBe('RUNNING')
      expect(await task()).toMatchObject({ status: 'COMPLETED', linesRead: 20_000 })
      expect(await contents()).toEqual(numbersOf(20_000))
    })

    test('lets go of a file that is compressed, too', async () => {
      const { addFile, addTask, startWorker, contents } = await start(engine)
      const content = gzipSync(linesOf(20_000), { level: 0 })
      const task = await addTask(fromFile(await addFile(content)))
      const worker = startWorker()
      await expect.poll(async () => (await task()).linesRead).toBeGreaterThan(0)
      await worker[Symbol.asyncDispose]()
      expect((await task()).status).toBe('RUNNING')
      startWorker()
      await expect.poll(async () => (await task()).status, { timeout: 20_000 }).toBe('COMPLETED')
      expect(await contents()).toEqual(numbersOf(20_000))
    })

    test('goes on once the database can be reached again', async () => {
      const { addFile, addTask, startWorker, contents, tasks, clock, failures } = await start(engine)
      const task = await addTask(fromFile(await addFile(linesOf(1200))))
      let calls = 0
      const away = new AssizeError('database_unavailable', 'The database is away.')
      const shaky = changed(tasks, {
        async advance(...args: Parameters<TaskStore['advance']>) {
          calls += 1
          if (calls === 2) throw away
          return await tasks.advance(...args)
        },
      })
      startWorker({ tasks: shaky })
      await expect.poll(() => failures).toEqual([away])
      expect(await task()).toMatchObject({ status: 'RUNNING', linesRead: 500 })
      clock.nowMs += 10_000
      await expect.poll(async () => (await task()).status).toBe('COMPLETED')
      expect(await contents()).toEqual(numbersOf(1200))
    })

    test('lets an import fail by a fault of this server', async () => {
      const { addFile, addTask, startWorker, failures } = await start(engine)
      const task = await addTask(fromFile(await addFile(linesOf(10))))
      const fault = new TypeError('a fault')
      startWorker({
        newId: () => {
          throw fault
        },
      })
      await expect.poll(async () => (await task()).status).toBe('FAILED')
      expect((await task()).message).toBe('Something went wrong on this server; its log has more.')
      expect(failures).toEqual([fault])
    })

    test('lets go of an import when it is stopped', async () => {
      const { addFile, addTask, startWorker, contents, tasks } = await start(engine)
      const task = await addTask(fromFile(await addFile(linesOf(5000))))
      const worker = startWorker()
      await expect.poll(async () => (await task()).linesRead).toBeGreaterThan(0)
      await worker[Symbol.asyncDispose]()
      const { linesRead, status } = await task()
      expect([status, linesRead % 500]).toEqual(['RUNNING', 0])
      expect(linesRead).toBeLessThan(5000)
      await delay(50)
      expect((await task()).linesRead).toBe(linesRead)
      const claim = { workerId: uuidv7(), now: someTime, until: someTime }
      expect(await tasks.claim(claim)).toMatchObject({ linesRead })
      startWorker()
      await expect.poll(async () => (await task()).status, { timeout: 20_000 }).toBe('COMPLETED')
      expect(await contents()).toEqual(numbersOf(5000))
    })

    test('does not let a small import wait for a large one', async () => {
      const { addFile, addTask, startWorker } = await start(engine)
      const large = await addTask(fromFile(await addFile(linesOf(20_000))))
      const small = await addTask(fromFile(await addFile(linesOf(5))))
      startWorker()
      await expect.poll(async () => (await small()).status).toBe('COMPLETED')
      expect((await large()).status).toBe('RUNNING')
    })

    test('says that a file was deleted before all of it was read', async () => {
      const { addFile, addTask, startWorker, files, world, contents } = await start(engine)
      const fileId = await addFile(linesOf(10))
      const task = await addTask(fromFile(fileId))
      await files.remove(world.workspaceId, fileId)
      startWorker()
      await expect.poll(async () => (await task()).status).toBe('FAILED')
      expect((await task()).message).toBe(`The file ${fileId} was deleted before all of it was read.`)
      expect(await contents()).toEqual([])
    })

    test('copies records, and refuses those that were deleted meanwhile', async () => {
      const { world, addRecords, addTask, startWorker, records, tasks } = await start(engine)
      const other = await addDataset(world)
      const added = await addRecords(other.id, 120)
      const ids = added.map(({ id }) => id)
      const task = await addTask({ type: 'records', recordIds: ids })
      await records.remove(world.workspaceId, [ids[60] as string])
      startWorker()
      await expect.poll(async () => (await task()).status).toBe('COMPLETED')
      expect(await task()).toMatchObject({
        message: 'Read records of datasets: 119 lines taken, 1 line refused.',
        progress: 100,
      })
      expect(await tasks.listRefusals((await task()).id, { page: 1, pageSize: 10 })).toEqual([
        { line: 61, reason: `The record ${ids[60]} was deleted before it was copied.` },
      ])
    })
  })
}

/** A worker that stays claimed to be there, and never ends what it does: nobody waits for it when the test is over. */
function createDeadWorker(
  startWorker: (change: Partial<ImportWorkerTools>) => AsyncDisposable,
  tasks: TaskStore,
): AsyncDisposable {
  const worker = startWorker({ tasks })
  Object.assign(worker, { [Symbol.asyncDispose]: async () => {} })
  return worker
}
