import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { uuidv7 } from 'uuidv7'
import { describe, expect, onTestFinished, test } from 'vitest'
import { ConfigError } from '../../src/config.ts'
import { JudgeRows } from '../../src/storage/judge-rows.ts'
import { JudgmentRows } from '../../src/storage/judgment-rows.ts'
import { KeyRows } from '../../src/storage/key-rows.ts'
import { NodeSqliteDatabase } from '../../src/storage/node-sqlite.ts'
import { type Database, openDatabase } from '../../src/storage/open-database.ts'
import { engines } from '../support/engines.ts'
import { addWorkspace, definition, judgmentOf, newJudge, someTime, type World } from './world.ts'

/** A way to a PostgreSQL server that can be cut and opened again. */
class Bridge {
  readonly #target: URL
  readonly #sockets = new Set<Socket>()
  #server: Server | undefined
  #port = 0

  constructor(target: URL) {
    this.#target = target
  }

  async open(): Promise<number> {
    this.#server = createServer((near) => {
      const far = connect(Number(this.#target.port || 5432), this.#target.hostname)
      for (const [socket, other] of [
        [near, far],
        [far, near],
      ] as const) {
        this.#sockets.add(socket)
        socket.on('error', () => other.destroy())
        socket.on('close', () => this.#sockets.delete(socket))
        socket.pipe(other)
      }
    })
    await new Promise<void>((resolve) => this.#server?.listen(this.#port, '127.0.0.1', resolve))
    const address = this.#server.address()
    this.#port = typeof address === 'object' && address !== null ? address.port : 0
    return this.#port
  }

  async cut(): Promise<void> {
    const closed = new Promise((resolve) => this.#server?.close(resolve))
    for (const socket of this.#sockets) socket.destroy()
    await closed
  }
}

/** One call of each kind: reads, writes, transactions and batches. */
function callsOf(database: Database, world: World) {
  const judge = newJudge(world)
  const [judges, keys, judgments] = [
    new JudgeRows(database),
    new KeyRows(database),
    new JudgmentRows(database),
  ]
  const query = { page: 1, pageSize: 10, outputTypes: [], modelNames: [] }
  return [
    () => database.ping(),
    () => judges.insert(judge),
    () => judges.find(world.workspaceId, uuidv7()),
    () => judges.list(world.workspaceId, query),
    () =>
      judges.addRevision({
        ...judge,
        judgeId: judge.id,
        followsRevisionId: uuidv7(),
        definition: definition(),
      }),
    () => judges.remove(world.workspaceId, judge.id, judge.revisionId, someTime),
    () => judges.listRevisions(world.workspaceId, judge.id, 1, 10),
    () => keys.findByHash('x'),
    () => keys.listWorkspaces(),
    () => keys.markUsed(new Map([[uuidv7(), someTime]])),
    () => judgments.insert(judgmentOf(judge)),
    () => judgments.find(world.workspaceId, uuidv7()),
  ]
}

async function expectUnavailable(call: () => Promise<unknown>): Promise<void> {
  const failure = await call().then(
    () => 'no failure',
    (error) => error,
  )
  expect(failure).toMatchObject({ name: 'AssizeError', situation: 'database_unavailable' })
  expect(failure.message).not.toMatch(/hunter2|postgres:|127\.0\.0\.1/)
  expect(failure.cause).toBeDefined()
}

for (const engine of engines.filter(({ name }) => name === 'postgres')) {
  describe('an unreachable database on postgres', () => {
    test('is said by every call, and forgotten once it is back', async () => {
      const { location, drop } = await engine.createDatabase()
      if (location.engine !== 'postgres') return
      onTestFinished(drop)
      const url = new URL(location.url)
      const bridge = new Bridge(new URL(location.url))
      url.hostname = '127.0.0.1'
      url.port = String(await bridge.open())
      url.password = 'hunter2'
      await using database = await openDatabase({ engine: 'postgres', url: url.href })
      const ids = await addWorkspace(new KeyRows(database), 'default')
      const world = { database, ...ids } as World
      for (let round = 0; round < 2; round++) {
        await bridge.cut()
        for (const call of callsOf(database, world)) await expectUnavailable(call)
        await bridge.open()
        await database.ping()
        expect(await new JudgeRows(database).insert(newJudge(world, { name: `Round ${round}` }))).toBe(
          'inserted',
        )
      }
      await bridge.cut()
      await expectUnavailable(() => openDatabase({ engine: 'postgres', url: url.href }))
    })

    test('is survived when it shuts down within a transaction', async () => {
      const { location, drop } = await engine.createDatabase()
      onTestFinished(drop)
      await using database = await openDatabase(location)
      await using other = await openDatabase(location)
      const createdAt = someTime
      const workspace = { id: uuidv7(), name: 'default', createdAt }
      const owner = { id: uuidv7(), workspaceId: workspace.id, name: 'admin', createdAt }
      const key = {
        id: uuidv7(),
        workspaceId: workspace.id,
        ownerId: owner.id,
        name: 'first',
        hash: 'x',
        hint: 'x',
      }
      const times = { createdAt, expiresAt: null, revokedAt: null, lastUsedAt: null }
      const founding = { workspace, owner, key: { ...key, ...times, role: 'admin' as const } }
      await expectUnavailable(() =>
        new KeyRows(database).found(founding, async () => {
          await sql`select pg_terminate_backend(pid) from pg_stat_activity
            where datname = current_database() and pid <> pg_backend_pid()`.execute(other.kysely)
          await new Promise((resolve) => setTimeout(resolve, 100))
        }),
      )
      expect(await new KeyRows(database).found(founding, async () => {})).toBe('founded')
    })

    test('waits no longer than a few seconds for a connection when all are taken', {
      timeout: 20_000,
    }, async () => {
      const { location, drop } = await engine.createDatabase()
      onTestFinished(drop)
      await using database = await openDatabase(location)
      const hold = Array.from({ length: 10 }, () => sql`select pg_sleep(7)`.execute(database.kysely))
      await expectUnavailable(() => database.ping())
      await Promise.all(hold)
      await database.ping()
    })
  })
}

describe('an unusable database', () => {
  test('is refused without its password when the URL is malformed', async () => {
    const opening = openDatabase({ engine: 'postgres', url: 'postgres://me:hunter2@[bad/x' })
    await expect(opening).rejects.toThrow(ConfigError)
    await expect(opening).rejects.toThrow(/^(?!.*hunter2)/)
  })

  test('is said by the path of a file that is none', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'assize-test-'))
    onTestFinished(() => rm(folder, { recursive: true, force: true }))
    const path = join(folder, 'assize.db')
    await writeFile(
      path,
      'something else, and long enough to be taken for the header of a database'.repeat(10),
    )
    const opening = openDatabase({ engine: 'sqlite', path })
    await expect(opening).rejects.toMatchObject({ situation: 'database_unavailable' })
    await expect(opening).rejects.toThrow(path)
    await expect(openDatabase({ engine: 'sqlite', path: join(path, 'below') })).rejects.toThrow(path)
  })

  test('is unavailable on sqlite when the disk is full, and works once there is room', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'assize-test-'))
    onTestFinished(() => rm(folder, { recursive: true, force: true }))
    await using database = await openDatabase({ engine: 'sqlite', path: join(folder, 'assize.db') })
    const ids = await addWorkspace(new KeyRows(database), 'default')
    const world = { database, ...ids } as World
    await sql`pragma max_page_count = 1`.execute(database.kysely)
    const long = { instructions: 'x'.repeat(1_000_000) }
    await expectUnavailable(() => new JudgeRows(database).insert(newJudge(world, long)))
    await sql`pragma max_page_count = 1000000`.execute(database.kysely)
    expect(await new JudgeRows(database).insert(newJudge(world, long))).toBe('inserted')
  })

  test('keeps no more statements than its cache holds', () => {
    const database = new NodeSqliteDatabase(':memory:')
    onTestFinished(() => database.close())
    for (let index = 0; index < 1000; index++) {
      expect(database.prepare(`select ${index} as value`).all([])).toEqual([{ value: index }])
    }
  })
})
