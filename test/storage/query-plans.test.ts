import { sql } from 'kysely'
import { describe, expect, test } from 'vitest'
import type { JudgeQuery } from '../../src/judges/judge-store.ts'
import { pageOfJudges } from '../../src/storage/judge-page.ts'
import { engines } from '../support/engines.ts'
import { addJudge, createWorld, scale, type World } from './world.ts'

async function planOf(world: World, query: Partial<JudgeQuery>): Promise<string[]> {
  const all = { page: 1, pageSize: 50, outputTypes: [], modelNames: [] }
  const page = await pageOfJudges(world.database, world.workspaceId, { ...all, ...query })
  const { rows } = await sql<{ detail: string }>`explain query plan ${page}`.execute(world.database.kysely)
  return rows.map(({ detail }) => detail)
}

for (const engine of engines.filter(({ name }) => name === 'sqlite')) {
  describe.each([
    ['before', false],
    ['after', true],
  ])(`query plans on sqlite %s it has counted its rows`, (_, isAnalyzed) => {
    test.each<[string, Partial<JudgeQuery>, string]>([
      ['a page', {}, 'judges_newest'],
      ['a later page', { page: 40 }, 'judges_newest'],
      ['a type', { outputTypes: ['REGRESSION'] }, 'judges_newest_of_type'],
      ['a model', { modelNames: ['a'] }, 'judges_newest_of_model'],
      ['models of a type', { modelNames: ['a', 'b'], outputTypes: ['REGRESSION'] }, 'judges_newest_of_model'],
      ['a search', { text: 'needle' }, 'VIRTUAL TABLE'],
      [
        'a narrowed search',
        { text: 'needle', modelNames: ['a'], outputTypes: ['REGRESSION'] },
        'VIRTUAL TABLE',
      ],
    ])('%s reads an index and never all judges', async (_name, query, index) => {
      const world = await createWorld(engine)
      for (let number = 0; number < 50; number++) {
        await addJudge(world, {
          name: `judge ${number}`,
          modelName: number % 2 ? 'a' : 'b',
          ...(number % 3 === 0 && { output: scale }),
        })
      }
      if (isAnalyzed) await sql`analyze`.execute(world.database.kysely)
      const plan = await planOf(world, query)
      // Of the few counts, all may be read; of judges and revisions, never.
      expect(plan.filter((line) => /^SCAN (judges|revision)\b(?!_search)/.test(line))).toEqual([])
      expect(plan.join('\n')).toContain(index)
    })
  })
}
