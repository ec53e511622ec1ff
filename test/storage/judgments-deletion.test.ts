import { readFileSync } from 'node:fs'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { sql } from 'kysely'
import { describe, expect, onTestFinished, test } from 'vitest'
import { JudgmentRows } from '../../src/storage/judgment-rows.ts'
import { openDatabase } from '../../src/storage/open-database.ts'
import { engines } from '../support/engines.ts'
import { addJudge, createSharedWorld, createWorld, judgmentOf, someTime, type World } from './world.ts'

const later = new Date(someTime.getTime() + 1)
const longText = 'x'.repeat(100_000)

async function addJudgments(world: World, count: number, conversation: string | null = null) {
  const judge = await addJudge(world)
  const records = Array.from({ length: count }, () => judgmentOf(judge, { conversation }))
  await Promise.all(records.map((record) => world.judgments.insert(record)))
  return judge
}

/** A signal that is aborted when it is looked at once more. */
function abortedAfter(looks: number): AbortSignal {
  let looked = 0
  const signal = new AbortController().signal
  Object.defineProperty(signal, 'aborted', { get: () => ++looked > looks })
  return signal
}

async function countOf({ database }: World): Promise<number> {
  const { rows } = await sql<{ count: number }>`select count(*) as count from judgments`.execute(
    database.kysely,
  )
  return rows[0]?.count ?? Number.NaN
}

for (const engine of engines) {
  describe(`the deletion of old judgments on ${engine.name}`, () => {
    test('takes those of all judges that are older than a time, and says how many', async () => {
      const world = await createWorld(engine)
      const [one, other] = [await addJudge(world), await addJudge(world, { name: 'Another' })]
      for (const judge of [one, other]) {
        for (const createdAt of [someTime, later])
          await world.judgments.insert(judgmentOf(judge, { createdAt }))
      }
      expect(await world.judgments.removeOlder(someTime)).toBe(0)
      expect(await world.judgments.removeOlder(later, { judgeId: one.id })).toBe(1)
      expect(await world.judgments.removeOlder(later)).toBe(1)
      expect(await countOf(world)).toBe(2)
    })

    test('takes those of one revision alone', async () => {
      const world = await createWorld(engine)
      const judge = await addJudgments(world, 2)
      const { id: judgeId, revisionId } = judge
      expect(await world.judgments.removeOlder(later, { judgeId, revisionId: judgeId })).toBe(0)
      expect(await world.judgments.removeOlder(later, { judgeId, revisionId })).toBe(2)
    })

    test('takes those of a judge that is deleted', async () => {
      const world = await createWorld(engine)
      const judge = await addJudgments(world, 3)
      await world.judges.remove(world.workspaceId, judge.id, judge.revisionId, later)
      expect(await world.judgments.removeOlder(later)).toBe(3)
    })

    test.each([
      ['many', 1_001, null],
      ['long', 12, longText],
    ])('is done in parts when they are %s, and stops between two of them', async (_, count, conversation) => {
      const world = await createWorld(engine)
      await addJudgments(world, count, conversation)
      const removed = await world.judgments.removeOlder(later, undefined, abortedAfter(2))
      expect(removed).toBeGreaterThan(1)
      expect(removed).toBeLessThan(count)
      expect(await countOf(world)).toBe(count - removed)
      expect(await world.judgments.removeOlder(later)).toBe(count - removed)
      expect(await countOf(world)).toBe(0)
    })

    test('gives others their turns between its parts', async () => {
      const world = await createWorld(engine)
      await addJudgments(world, 1_001)
      const removal = world.judgments.removeOlder(later)
      let isDone = false
      void removal.then(() => {
        isDone = true
      })
      let turns = 0
      for (; !isDone; turns++) await nextTurn()
      expect(await removal).toBe(1_001)
      expect(turns).toBeGreaterThan(5)
    })

    test('is done by two processes at once, each judgment once', async () => {
      const { location, world } = await createSharedWorld(engine)
      await using other = await openDatabase(location)
      await addJudgments(world, 1_500)
      const stores = [world.judgments, new JudgmentRows(other)]
      const removed = await Promise.all(stores.map((store) => store.removeOlder(later)))
      expect(removed.reduce((sum, count) => sum + count, 0)).toBe(1_500)
      expect(await countOf(world)).toBe(0)
    })
  })
}

for (const engine of engines.filter(({ name }) => name === 'sqlite')) {
  test('what is deleted is not left in the file of SQLite', async () => {
    const { location, drop } = await engine.createDatabase()
    onTestFinished(drop)
    if (location.engine !== 'sqlite') throw new Error('This test is for SQLite.')
    const secret = 'the secret of a conversation '
    const holdsSecret = () => readFileSync(location.path).includes(secret)
    const database = await openDatabase(location)
    const world = await createWorld({
      ...engine,
      createDatabase: async () => ({ location, drop: async () => {} }),
    })
    await addJudgments(world, 3, secret.repeat(1_000))
    await addShort(world, secret)
    // Moves what was written from the log of SQLite into the file.
    await sql`pragma wal_checkpoint(truncate)`.execute(database.kysely)
    expect(holdsSecret()).toBe(true)
    expect(await world.judgments.removeOlder(later)).toBe(4)
    await sql`pragma wal_checkpoint(truncate)`.execute(database.kysely)
    expect(holdsSecret()).toBe(false)
    await database[Symbol.asyncDispose]()
  })
}

async function addShort(world: World, analysis: string): Promise<void> {
  await world.judgments.insert(judgmentOf(await addJudge(world, { name: 'Another' }), { analysis }))
}
