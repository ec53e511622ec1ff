import { DatabaseSync } from 'node:sqlite'
import { CompiledQuery, sql } from 'kysely'
import { describe, expect, test, vi } from 'vitest'
import type { JudgmentPageQuery } from '../../src/judging/judgment-store.ts'
import { engines } from '../support/engines.ts'
import { addJudge, createWorld, judgmentOf, someTime, type World } from './world.ts'

const all = { page: 1, pageSize: 50, outcomes: [], answers: [] }
const later = new Date(someTime.getTime() + 1)

/** The plans of the statements on judgments that `work` is the first to run. */
async function plansOf({ database }: World, work: () => Promise<unknown>): Promise<string[]> {
  const prepare = vi.spyOn(DatabaseSync.prototype, 'prepare')
  await work()
  const statements = prepare.mock.calls.map(([text]) => text).filter((text) => text.includes('judgments'))
  prepare.mockRestore()
  const plans = statements.map(async (text) => {
    const explained = CompiledQuery.raw(`explain query plan ${text}`)
    const { rows } = await database.kysely.executeQuery<{ detail: string }>(explained)
    return rows.map(({ detail }) => detail).join('\n')
  })
  return await Promise.all(plans)
}

async function createFullWorld(engine: (typeof engines)[number], isAnalyzed: boolean) {
  const world = await createWorld(engine)
  const judges = [await addJudge(world), await addJudge(world, { name: 'Another' })]
  const records = judges.flatMap((judge) => Array.from({ length: 100 }, () => judgmentOf(judge)))
  await Promise.all(records.map((record) => world.judgments.insert(record)))
  if (isAnalyzed) await sql`analyze`.execute(world.database.kysely)
  return { world, judge: judges[0] as (typeof judges)[number] }
}

for (const engine of engines.filter(({ name }) => name === 'sqlite')) {
  describe.each([
    ['before', false],
    ['after', true],
  ])('query plans of judgments on sqlite %s it has counted its rows', (_, isAnalyzed) => {
    test.each<[string, Partial<JudgmentPageQuery>]>([
      ['a page', {}],
      ['outcomes', { outcomes: ['refused', 'answered'] }],
      ['a revision', { revisionId: '00000000-0000-0000-0000-000000000000' }],
      ['a time', { since: someTime, before: later, outcomes: ['answered'] }],
    ])('%s is found in one index, and no judgment is read but those of the page', async (_name, query) => {
      const { world, judge } = await createFullWorld(engine, isAnalyzed)
      const plans = await plansOf(world, () => world.judgments.list({ judgeId: judge.id, ...all, ...query }))
      expect(plans.length).toBeGreaterThan(1)
      for (const plan of plans) {
        expect(plan).toMatch(
          /USING COVERING INDEX judgments_of_judge|USING INDEX sqlite_autoindex_judgments_1/,
        )
        expect(plan).not.toMatch(/SCAN judgments/)
      }
      expect(plans.filter((plan) => plan.includes('sqlite_autoindex'))).toHaveLength(query.revisionId ? 0 : 1)
    })

    test('answers are looked for among the judgments of the judge alone', async () => {
      const { world, judge } = await createFullWorld(engine, isAnalyzed)
      const query = { judgeId: judge.id, ...all, answers: ['yes'] }
      for (const plan of await plansOf(world, () => world.judgments.list(query))) {
        expect(plan).toMatch(/SEARCH judgments USING (?:COVERING )?INDEX/)
        expect(plan).not.toMatch(/SCAN judgments/)
      }
    })

    test.each([
      ['of a judge', 'judgments_of_judge'],
      ['of all judges', 'judgments_by_age'],
    ])('old judgments %s are found in an index', async (name, index) => {
      const { world, judge } = await createFullWorld(engine, isAnalyzed)
      const of = name === 'of a judge' ? { judgeId: judge.id } : undefined
      const plans = await plansOf(world, () => world.judgments.removeOlder(someTime, of))
      expect(plans).toHaveLength(1)
      expect(plans[0]).toContain(`SEARCH judgments USING INDEX ${index}`)
      expect(plans[0]).not.toMatch(/SCAN judgments/)
    })
  })
}
