import { type RawBuilder, sql } from 'kysely'
import { uuidv7 } from 'uuidv7'
import { describe, expect, test } from 'vitest'
import type { ComparedRecord } from '../../src/agreement/run-comparison.ts'
import type { NewJudge } from '../../src/judges/judge-store.ts'
import type { Outcome } from '../../src/judging/judgment.ts'
import { nextFlips, nextPairs, RunComparisonRows } from '../../src/storage/run-comparison-rows.ts'
import { engines } from '../support/engines.ts'
import { addJudge, createWorld, definition, judgmentOf, someTime, type World } from './world.ts'

/** An answer, an outcome without one, or null for a record that isn't judged yet. */
type Said = { readonly answer: string | number } | { readonly outcome: Outcome } | null

/** Stores a run whose records have these ids, in this order. */
async function addRun(
  world: World,
  judge: NewJudge,
  items: readonly (readonly [recordId: string, said: Said])[],
): Promise<string> {
  const runId = uuidv7()
  const { kysely } = world.database
  await kysely
    .insertInto('runs')
    .values({
      id: runId,
      workspace_id: world.workspaceId,
      owner_id: world.ownerId,
      judge_id: judge.id,
      revision_id: judge.revisionId,
      dataset_id: null,
      name: 'A run',
      filter: null,
      samples: 1,
      concurrency: 1,
      priority: 'normal',
      max_cost: null,
      max_tokens: null,
      state: 'completed',
      reason: null,
      total: items.length,
      created_at_ms: someTime.getTime(),
      started_at_ms: null,
      ended_at_ms: null,
      made_until_ms: null,
    })
    .execute()
  const judged = items.map(([recordId, said], at) => {
    if (said === null) return { recordId, judgment: undefined }
    const run = { runId, itemNumber: at + 1, recordId }
    const failed = { answer: null, analysis: null, reason: 'It failed.' }
    const judgment = judgmentOf(judge, 'outcome' in said ? { ...failed, ...said, run } : { ...said, run })
    return { recordId, judgment }
  })
  await Promise.all(judged.flatMap(({ judgment }) => (judgment ? [world.judgments.insert(judgment)] : [])))
  for (let at = 0; at < judged.length; at += 1000) {
    const rows = judged.slice(at, at + 1000).map(({ recordId, judgment }, place) => ({
      run_id: runId,
      number: at + place + 1,
      record_id: recordId,
      judgment_id: judgment?.id ?? null,
      claimed_by: null,
    }))
    await kysely.insertInto('run_items').values(rows).execute()
  }
  return runId
}

const [yes, no] = [{ answer: 'yes' }, { answer: 'no' }]

async function planOf(world: World, query: RawBuilder<unknown>): Promise<string[]> {
  const { rows } = await sql<{ detail: string }>`explain query plan ${query}`.execute(world.database.kysely)
  return rows.map(({ detail }) => detail)
}

for (const engine of engines) {
  describe(`two runs on ${engine.name}`, () => {
    test('are read record by record, whatever the order of the second', async () => {
      const world = await createWorld(engine)
      const judge = await addJudge(world)
      const [a = '', b = '', c = '', d = ''] = Array.from({ length: 4 }, () => uuidv7())
      const first = await addRun(world, judge, [
        [a, yes],
        [b, { outcome: 'rate_limited' }],
        [c, null],
        [d, no],
      ])
      const second = await addRun(world, judge, [
        [d, yes],
        [b, no],
        [a, null],
      ])
      const rows = new RunComparisonRows(world.database)
      const pairs = await rows.readPairs(first, second, 0)
      const none = { answer: null, analysis: null, servedModel: null, enforcement: null }
      const pending = { id: null, outcome: 'pending', ...none }
      const said = { analysis: null, servedModel: 'mistral/mistral-small-latest', enforcement: 'json_schema' }
      const id = expect.any(String)
      expect(pairs).toEqual([
        {
          recordId: a,
          itemNumber: 1,
          first: { id, outcome: 'answered', answer: 'yes', ...said },
          second: pending,
        },
        {
          recordId: b,
          itemNumber: 2,
          first: { id, outcome: 'rate_limited', answer: null, ...said },
          second: { id, outcome: 'answered', answer: 'no', ...said },
        },
        { recordId: c, itemNumber: 3, first: pending, second: undefined },
        {
          recordId: d,
          itemNumber: 4,
          first: { id, outcome: 'answered', answer: 'no', ...said },
          second: { id, outcome: 'answered', answer: 'yes', ...said },
        },
      ])
      expect(await rows.readPairs(first, second, 4)).toEqual([])
      expect((await rows.readPairs(second, first, 2)).map(({ recordId }) => recordId)).toEqual([a])
      expect([await rows.countItems(first), await rows.countItems(second), await rows.countItems(a)]).toEqual(
        [4, 3, 0],
      )
    })

    test('have their flips found, with what the judgments say', async () => {
      const world = await createWorld(engine)
      const judge = await addJudge(world)
      const [a = '', b = '', c = ''] = Array.from({ length: 3 }, () => uuidv7())
      const [half, more] = [{ answer: 0.1 + 0.2 }, { answer: 2 }]
      const first = await addRun(world, judge, [
        [a, half],
        [b, half],
        [c, half],
      ])
      const second = await addRun(world, judge, [
        [a, half],
        [b, more],
        [c, { outcome: 'refused' }],
      ])
      const rows = new RunComparisonRows(world.database)
      const { flips, lastItem } = await rows.readFlips(first, second, 0)
      expect(lastItem).toBe(3)
      expect(flips).toEqual([
        {
          recordId: b,
          itemNumber: 2,
          first: { id: expect.any(String), answer: 0.1 + 0.2, analysis: null },
          second: { id: expect.any(String), answer: 2, analysis: null },
        },
      ])
      expect(await rows.readFlips(first, second, 2)).toEqual({ flips: [], lastItem: 3 })
      expect(await rows.readFlips(first, second, 3)).toEqual({ flips: [], lastItem: undefined })
      const ids = [flips[0]?.first.id ?? '', uuidv7()]
      expect(await rows.findAnalyses(ids)).toEqual(new Map([[ids[0], 'It answers the question.']]))
      expect(await rows.findAnalyses([])).toEqual(new Map())
    })

    test('are read to their end, in parts', async () => {
      const world = await createWorld(engine)
      const judge = await addJudge(world)
      const ids = Array.from({ length: 2500 }, () => uuidv7())
      const first = await addRun(
        world,
        judge,
        ids.map((id) => [id, yes]),
      )
      const second = await addRun(
        world,
        judge,
        ids.map((id, at) => [id, at % 5 === 0 ? no : yes]),
      )
      const rows = new RunComparisonRows(world.database)
      const read: ComparedRecord[] = []
      let parts = 0
      for (let after = 0; ; parts += 1) {
        const pairs = await rows.readPairs(first, second, after)
        if (pairs.length === 0) break
        read.push(...pairs)
        after = pairs.at(-1)?.itemNumber ?? Number.NaN
      }
      expect(read.map(({ recordId }) => recordId)).toEqual(ids)
      expect(parts).toBeGreaterThan(1)
      const flipped: number[] = []
      for (let after: number | undefined = 0; after !== undefined; ) {
        const stretch: Awaited<ReturnType<typeof rows.readFlips>> = await rows.readFlips(first, second, after)
        flipped.push(...stretch.flips.map(({ itemNumber }) => itemNumber))
        after = stretch.lastItem
      }
      expect(flipped).toEqual(Array.from({ length: 500 }, (_, at) => at * 5 + 1))
    })

    test('tell what their judge was, also once it is deleted', async () => {
      const world = await createWorld(engine)
      const judge = await addJudge(world)
      await world.judges.remove(world.workspaceId, judge.id, judge.revisionId, someTime)
      const rows = new RunComparisonRows(world.database)
      expect(await rows.findDefinition(judge.revisionId)).toEqual(definition())
      expect(await rows.findDefinition(uuidv7())).toBeUndefined()
    })
  })
}

for (const engine of engines.filter(({ name }) => name === 'sqlite')) {
  test.each([
    ['before', false],
    ['after', true],
  ])('two runs are read by indexes %s sqlite has counted its rows', async (_, isAnalyzed) => {
    const world = await createWorld(engine)
    const judge = await addJudge(world)
    const ids = Array.from({ length: 200 }, () => uuidv7())
    for (const said of [yes, no]) {
      await addRun(
        world,
        judge,
        ids.map((id) => [id, said]),
      )
    }
    if (isAnalyzed) await sql`analyze`.execute(world.database.kysely)
    const place = { runId: uuidv7(), otherRunId: uuidv7(), afterItem: 10 }
    for (const query of [nextPairs(place), nextFlips(place)]) {
      const plan = (await planOf(world, query)).join('\n')
      expect(plan).toMatch(/SEARCH run_items USING .*\(run_id=\? AND number>\?\)/)
      expect(plan).toMatch(/SEARCH other USING .*\(run_id=\? AND record_id=\?\)/)
      expect(plan).not.toMatch(/SCAN (?:run_items|other|first|second)\b/)
    }
  })
}
