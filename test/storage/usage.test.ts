import { uuidv7 } from 'uuidv7'
import { describe, expect, test } from 'vitest'
import type { JudgmentRecord } from '../../src/judging/judgment.ts'
import { usageGroups } from '../../src/judging/usage-store.ts'
import { JudgmentRows } from '../../src/storage/judgment-rows.ts'
import { type Database, openDatabase } from '../../src/storage/open-database.ts'
import { UsageRows } from '../../src/storage/usage-rows.ts'
import { engines } from '../support/engines.ts'
import { addRun, addWorker, createRunWorld, judgmentOfItem, later } from './run-world.ts'
import { addJudge, createSharedWorld, createWorld, judgmentOf, someTime, type World } from './world.ts'

const day = Math.floor(someTime.getTime() / 86_400_000)

async function usedOf(database: Database, workspaceId: string) {
  const query = { fromDay: day, toDay: day, groups: [] }
  const [sum] = await new UsageRows(database).sum(workspaceId, query, 10)
  return sum
}

const countOf = async ({ database, workspaceId }: World) => (await usedOf(database, workspaceId))?.judgments

for (const engine of engines) {
  describe(`usage on ${engine.name}`, () => {
    test('is the sum over what was stored, and over what was only counted', async () => {
      const world = await createWorld(engine)
      const judge = await addJudge(world)
      const made: JudgmentRecord[] = [0.25, null, 0.5].map((cost) => judgmentOf(judge, { cost }))
      for (const record of made) await world.judgments.insert(record)
      const counted = judgmentOf(judge, { cost: 1, outcome: 'timed_out', answer: null })
      await world.judgments.count(counted)
      expect(await world.judgments.find(world.workspaceId, counted.id)).toBeUndefined()
      const { inputTokens, outputTokens } = counted.account
      expect(await usedOf(world.database, world.workspaceId)).toEqual({
        judgments: 4,
        unpriced: 1,
        inputTokens: 4 * inputTokens,
        outputTokens: 4 * outputTokens,
        cost: 1.75,
      })
      const query = { fromDay: day, toDay: day, groups: usageGroups }
      const rows = await new UsageRows(world.database).sum(world.workspaceId, query, 10)
      expect(rows).toMatchObject([
        { day, judgeId: judge.id, source: 'live', outcome: 'answered', judgments: 3, cost: 0.75 },
        { day, judgeId: judge.id, source: 'live', outcome: 'timed_out', judgments: 1, cost: 1 },
      ])
    })

    test('counts nothing of what could not be stored, and all that came with it', async () => {
      const world = await createWorld(engine)
      const judge = await addJudge(world)
      const good = Array.from({ length: 20 }, () => judgmentOf(judge))
      const bad = [judgmentOf(judge, { judgeId: uuidv7() }), judgmentOf(judge, { id: good[0]?.id ?? '' })]
      const results = await Promise.allSettled(
        [...good, ...bad].map((record) => world.judgments.insert(record)),
      )
      expect(results.filter(({ status }) => status === 'rejected')).toHaveLength(2)
      expect(await countOf(world)).toBe(20)
    })

    test('stays as it is where judgments are deleted', async () => {
      const world = await createWorld(engine)
      const judge = await addJudge(world)
      await world.judgments.insert(judgmentOf(judge))
      expect(await world.judgments.removeOlder(new Date(someTime.getTime() + 1))).toBe(1)
      expect(await countOf(world)).toBe(1)
    })

    test('counts a judgment of a run once, however often its worker keeps it', async () => {
      const world = await createRunWorld(engine, [{}, {}])
      const run = await addRun(world)
      const worker = await addWorker(world, run.id)
      const items = await world.work.claim(worker, 2, later(0))
      const records = items.map((item) => judgmentOfItem(world, run.id, item))
      expect(records.length).toBeGreaterThan(0)
      await world.work.keep(worker, records)
      await world.work.keep(worker, records)
      expect(await countOf(world)).toBe(records.length)
    })

    test('is added to by two processes at once, in opposite orders, and loses nothing', async () => {
      const { location, world } = await createSharedWorld(engine)
      await using other = await openDatabase(location)
      const judges = [await addJudge(world), await addJudge(world, { name: 'Another' })]
      const stores = [world.judgments, new JudgmentRows(other)]
      const add = (store: JudgmentRows, order: typeof judges) =>
        Array.from({ length: 25 }, async () => {
          await Promise.all(order.map((judge) => store.insert(judgmentOf(judge))))
        })
      await Promise.all(
        stores.flatMap((store, index) => add(store, index === 0 ? judges : judges.toReversed())),
      )
      expect(await countOf(world)).toBe(100)
    })
  })
}
