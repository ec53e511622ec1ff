import { uuidv7 } from 'uuidv7'
import { describe, expect, test } from 'vitest'
import type { NewJudge } from '../../src/judges/judge-store.ts'
import type { JudgmentRecord } from '../../src/judging/judgment.ts'
import type { JudgmentPageQuery } from '../../src/judging/judgment-store.ts'
import { engines } from '../support/engines.ts'
import { addJudge, createWorld, judgmentOf, someTime, type World } from './world.ts'

const minuteMs = 60_000

function minutesLater(minutes: number): Date {
  return new Date(someTime.getTime() + minutes * minuteMs)
}

/** So many judgments, a minute apart, oldest first. */
async function addJudgments(
  world: World,
  judge: NewJudge,
  count: number,
  change: (number: number) => Partial<JudgmentRecord> = () => ({}),
): Promise<JudgmentRecord[]> {
  const records = Array.from({ length: count }, (_, number) =>
    judgmentOf(judge, { createdAt: minutesLater(number), ...change(number) }),
  )
  await Promise.all(records.map((record) => world.judgments.insert(record)))
  return records
}

async function addRevision(world: World, judge: NewJudge): Promise<string> {
  const revisionId = uuidv7()
  await world.judges.addRevision({
    workspaceId: judge.workspaceId,
    judgeId: judge.id,
    ownerId: judge.ownerId,
    revisionId,
    createdAt: someTime,
    definition: { ...judge.definition, description: 'Another.' },
    followsRevisionId: judge.revisionId,
  })
  return revisionId
}

async function listed(world: World, judge: NewJudge, query: Partial<JudgmentPageQuery> = {}) {
  const all = { page: 1, pageSize: 50, outcomes: [], answers: [] }
  const { items, count } = await world.judgments.list({ judgeId: judge.id, ...all, ...query })
  return { ids: items.map(({ id }) => id), count }
}

function idsOf(records: readonly JudgmentRecord[]): string[] {
  return records.map(({ id }) => id)
}

for (const engine of engines) {
  describe(`a judge's judgments on ${engine.name}`, () => {
    test('are listed newest first, ties by id, without their conversations', async () => {
      const world = await createWorld(engine)
      const judge = await addJudge(world)
      const records = await addJudgments(world, judge, 6, (number) => ({
        createdAt: minutesLater(number % 2),
        conversation: `{"messages":[],"properties":{"number":${number}}}`,
      }))
      await addJudgments(world, await addJudge(world, { name: 'Another' }), 3)
      const { items, count } = await world.judgments.list({
        judgeId: judge.id,
        page: 1,
        pageSize: 50,
        outcomes: [],
        answers: [],
      })
      const expected = records
        .toSorted((one, other) => (one.id < other.id ? 1 : -1))
        .toSorted((one, other) => other.createdAt.getTime() - one.createdAt.getTime())
        .map(({ conversation: _, ...rest }) => rest)
      expect({ items, count }).toEqual({ items: expected, count: 6 })
    })

    test('are those that no run made', async () => {
      const world = await createWorld(engine)
      const judge = await addJudge(world)
      const ofRun = { run: { runId: uuidv7(), itemNumber: 1, recordId: uuidv7() } }
      const [live] = await addJudgments(world, judge, 1)
      const [made] = await addJudgments(world, judge, 1, () => ofRun)
      expect(await listed(world, judge)).toEqual({ ids: [live?.id], count: 1 })
      const of = { judgeId: judge.id }
      expect(await world.judgments.findOf(of, made?.id ?? '')).toBeUndefined()
      expect(await world.judgments.remove(of, made?.id ?? '')).toBe('missing')
      expect(await world.judgments.removeOlder(minutesLater(100), of)).toBe(1)
      expect(await world.judgments.removeOlder(minutesLater(100))).toBe(0)
      expect(await world.judgments.find(world.workspaceId, made?.id ?? '')).toEqual(made)
    })

    test('come in pages, whatever lies between them', async () => {
      const world = await createWorld(engine)
      const judge = await addJudge(world)
      const records = await addJudgments(world, judge, 9_001, (number) => ({
        outcome: number % 1000 === 0 ? 'timed_out' : 'answered',
        answer: number % 90 === 0 ? 'no' : 'yes',
      }))
      const newestFirst = records.toReversed()
      for (const page of [1, 39, 40, 41, 80, 90, 91, 92]) {
        const ids = idsOf(newestFirst.slice((page - 1) * 100, page * 100))
        expect(await listed(world, judge, { page, pageSize: 100 }), `${page}`).toEqual({ ids, count: 9_001 })
      }
      const late = idsOf(newestFirst.filter(({ outcome }) => outcome === 'timed_out'))
      expect(await listed(world, judge, { outcomes: ['timed_out'] })).toEqual({ ids: late, count: 10 })
      const no = idsOf(newestFirst.filter(({ answer }) => answer === 'no'))
      expect(no).toHaveLength(101)
      for (const page of [1, 2, 3, 4]) {
        const ids = no.slice((page - 1) * 34, page * 34)
        expect(await listed(world, judge, { answers: ['no'], page, pageSize: 34 })).toEqual({
          ids,
          count: 101,
        })
      }
      expect(await listed(world, judge, { pageSize: 0 })).toEqual({ ids: [], count: 9_001 })
    })

    test('exactly fill a stretch', async () => {
      const world = await createWorld(engine)
      const judge = await addJudge(world)
      const records = await addJudgments(world, judge, 4_000)
      const ids = idsOf(records.toReversed().slice(3_900))
      expect(await listed(world, judge, { page: 40, pageSize: 100 })).toEqual({ ids, count: 4_000 })
      expect(await listed(world, judge, { page: 41, pageSize: 100 })).toEqual({ ids: [], count: 4_000 })
    })

    test('are narrowed to outcomes, answers, a revision and a time', async () => {
      const world = await createWorld(engine)
      const judge = await addJudge(world)
      const revisionId = await addRevision(world, judge)
      const answers = ['yes', 'no', 3, '3', 0.1, null] as const
      const [yes, no, three, text, tenth, none] = idsOf(
        await addJudgments(world, judge, 6, (number) => ({
          answer: answers[number] ?? null,
          outcome: number === 5 ? 'refused' : 'answered',
          ...(number < 2 && { revisionId }),
        })),
      )
      const is = async (query: Partial<JudgmentPageQuery>) => (await listed(world, judge, query)).ids
      expect(await is({ outcomes: ['refused'] })).toEqual([none])
      expect(await is({ outcomes: ['refused', 'answered'] })).toHaveLength(6)
      expect(await is({ outcomes: ['truncated'] })).toEqual([])
      expect(await is({ answers: ['3'] })).toEqual([text])
      expect(await is({ answers: [3, '3', 0.1] })).toEqual([tenth, text, three])
      expect(await is({ revisionId })).toEqual([no, yes])
      expect(await is({ revisionId: revisionId.toUpperCase(), answers: ['yes'] })).toEqual([yes])
      expect(await is({ revisionId: uuidv7() })).toEqual([])
      expect(await is({ since: minutesLater(2), before: minutesLater(4) })).toEqual([text, three])
      expect(await is({ since: minutesLater(6) })).toEqual([])
      expect(await is({ before: minutesLater(1) })).toEqual([yes])
    })

    test('are found and deleted one by one, under their judge and their revision', async () => {
      const world = await createWorld(engine)
      const judge = await addJudge(world)
      const other = await addJudge(world, { name: 'Another' })
      const revisionId = await addRevision(world, judge)
      const [record] = await addJudgments(world, judge, 1)
      const id = record?.id ?? ''
      for (const of of [{ judgeId: other.id }, { judgeId: judge.id, revisionId }]) {
        expect(await world.judgments.findOf(of, id)).toBeUndefined()
        expect(await world.judgments.remove(of, id)).toBe('missing')
      }
      const of = { judgeId: judge.id, revisionId: judge.revisionId }
      expect(await world.judgments.findOf(of, id.toUpperCase())).toEqual(record)
      expect(await world.judgments.remove(of, id.toUpperCase())).toBe('removed')
      expect(await world.judgments.remove(of, id)).toBe('missing')
      expect(await world.judgments.find(world.workspaceId, id)).toBeUndefined()
    })
  })
}
