import { uuidv7 } from 'uuidv7'
import { describe, expect, test } from 'vitest'
import { engines } from '../support/engines.ts'
import {
  addRecords,
  addRun,
  addWorker,
  countedRows,
  createRunWorld,
  judgmentOfItem,
  later,
  planOf,
  type RunWorld,
} from './run-world.ts'
import { addWorkspace, someTime } from './world.ts'

const three = [{}, {}, {}]

/** Judges every pending item of a run, the outcomes in turn. */
async function judgeAll(world: RunWorld, runId: string, outcomes: readonly ('answered' | 'timed_out')[]) {
  const worker = await addWorker(world, runId)
  const items = await world.work.claim(worker, 1000, someTime)
  const records = items.map((item, index) => {
    const outcome = outcomes[index % outcomes.length] ?? 'answered'
    return judgmentOfItem(world, runId, item, outcome === 'answered' ? {} : { outcome, answer: null })
  })
  await world.work.keep(worker, records)
  await world.work.leave(worker)
  return records
}

for (const engine of engines) {
  describe(`runs on ${engine.name}`, () => {
    test('a run is found as it was planned, with what its revision says', async () => {
      const world = await createRunWorld(engine, three)
      const plan = await addRun(world, {
        filter: { 'a"b': ['x', 1, null, true] },
        maxCost: 0.5,
        maxTokens: 7,
      })
      expect(await world.runs.find(world.workspaceId, plan.id)).toBeUndefined()
      const whole = await addRun(world, { maxCost: 0.5, maxTokens: 2 ** 40, samples: 3 })
      const run = await world.runs.find(world.workspaceId, whole.id.toUpperCase())
      expect(run).toEqual({
        ...whole,
        judgeName: world.judge.definition.name,
        modelName: world.judge.definition.modelName,
        state: 'running',
        reason: null,
        startedAt: null,
        endedAt: null,
        progress: expect.objectContaining({ total: 3, pending: 3, inputTokens: 0, outputTokens: 0, cost: 0 }),
      })
      const { workspaceId } = await addWorkspace(world.keys, 'second')
      expect(await world.runs.find(workspaceId, whole.id)).toBeUndefined()
    })

    test('nobody sees a run before it is published, and one that is given up goes away', async () => {
      const world = await createRunWorld(engine, three)
      const plan = planOf(world)
      await world.making.begin(plan, later(1000))
      const stretch = { datasetId: world.datasetId, filter: null, after: 0, through: 1e9 }
      const step = await world.making.takeStretch(plan.id, stretch, later(2000))
      expect(step).toEqual({ place: expect.any(Number) })
      expect(await world.runs.find(world.workspaceId, plan.id)).toBeUndefined()
      expect(await world.runs.list(world.workspaceId, { page: 1, pageSize: 10, states: [] })).toEqual({
        items: [],
        count: 0,
      })
      expect(await world.work.listRunning()).toEqual([])
      expect(await world.runs.purge(later(1999))).toBe('nothing_left')
      while ((await world.runs.purge(later(2001))) === 'removed');
      expect(await world.making.takeStretch(plan.id, stretch, later(9000))).toBe('given_up')
      expect(await world.making.publish(plan.id)).toBe('given_up')
      expect(await world.database.kysely.selectFrom('run_items').selectAll().execute()).toEqual([])
    })

    test('a run of no records is none', async () => {
      const world = await createRunWorld(engine, three)
      const plan = planOf(world)
      await world.making.begin(plan, later(1000))
      expect(await world.making.publish(plan.id)).toBe('empty')
      expect(await world.runs.find(world.workspaceId, plan.id)).toBeUndefined()
    })

    test('records are taken by their ids, in that order, and unknown ones are told', async () => {
      const world = await createRunWorld(engine, three)
      const [one = '', two = '', last = ''] = world.recordIds
      const plan = planOf(world, { datasetId: null })
      await world.making.begin(plan, later(1000))
      expect(await world.making.takeRecords(plan.id, [last.toUpperCase(), one], later(1000))).toEqual([])
      expect(await world.making.takeRecords(plan.id, [two], later(1000))).toEqual([])
      await world.making.publish(plan.id)
      const worker = await addWorker(world, plan.id)
      const items = await world.work.claim(worker, 10, someTime)
      expect(items.map(({ number, recordId }) => [number, recordId])).toEqual([
        [1, last],
        [2, one],
        [3, two],
      ])
      const other = planOf(world, { datasetId: null })
      await world.making.begin(other, later(1000))
      const unknown = uuidv7()
      expect(await world.making.takeRecords(other.id, [one, unknown], later(1000))).toEqual([unknown])
      await world.datasets.remove(world.workspaceId, world.datasetId, someTime)
      expect(await world.making.takeRecords(other.id, [two], later(1000))).toEqual([two])
    })

    test('lists are narrowed by judge, revision, dataset and state, newest first', async () => {
      const world = await createRunWorld(engine, three)
      const first = await addRun(world)
      const second = await addRun(world, { createdAt: later(1) })
      await judgeAll(world, second.id, ['answered', 'timed_out'])
      await world.work.complete(second.id, later(5))
      const list = async (query: object, pageSize = 10, page = 1) => {
        const { items, count } = await world.runs.list(world.workspaceId, {
          page,
          pageSize,
          states: [],
          ...query,
        })
        return [items.map(({ id }) => id), count]
      }
      expect(await list({})).toEqual([[second.id, first.id], 2])
      expect(await list({}, 1, 2)).toEqual([[first.id], 2])
      expect(await list({}, 0)).toEqual([[], 2])
      expect(await list({ states: ['completed'] })).toEqual([[second.id], 1])
      expect(await list({ judgeId: world.judge.id.toUpperCase(), datasetId: world.datasetId })).toEqual([
        [second.id, first.id],
        2,
      ])
      expect(await list({ judgeId: world.judge.revisionId, states: ['running', 'failed'] })).toEqual([
        [first.id],
        1,
      ])
      expect(await list({ judgeId: uuidv7() })).toEqual([[], 0])
      expect(await list({ datasetId: uuidv7() })).toEqual([[], 0])
      const { items } = await world.runs.list(world.workspaceId, { page: 1, pageSize: 1, states: [] })
      expect(items[0]).toEqual(await world.runs.find(world.workspaceId, second.id))
      expect(items[0]?.progress).toMatchObject({
        total: 3,
        pending: 0,
        outcomes: { answered: 2, timed_out: 1 },
      })
    })

    test('a state changes from the states that are expected alone', async () => {
      const world = await createRunWorld(engine, three)
      const { id } = await addRun(world, { maxTokens: 5 })
      const change = (from: 'running' | 'cancelled', state: 'running' | 'cancelled', caps = {}) =>
        world.runs.change(world.workspaceId, id, [from], {
          state,
          reason: null,
          at: later(7),
          settings: caps,
        })
      expect(await change('cancelled', 'running')).toBe('not_changed')
      expect(await change('running', 'cancelled')).toBe('changed')
      expect(await world.runs.find(world.workspaceId, id)).toMatchObject({
        state: 'cancelled',
        endedAt: later(7),
        maxTokens: 5,
      })
      expect(await change('cancelled', 'running', { maxCost: 1, maxTokens: null })).toBe('changed')
      expect(await world.runs.find(world.workspaceId, id)).toMatchObject({
        state: 'running',
        endedAt: null,
        maxCost: 1,
        maxTokens: null,
      })
    })

    test('a retry makes items pending whose judgments ended so, and keeps what was spent', async () => {
      const world = await createRunWorld(
        engine,
        Array.from({ length: 1203 }, () => ({})),
      )
      const { id } = await addRun(world)
      for (let batch = 0; batch < 2; batch += 1)
        await judgeAll(world, id, ['timed_out', 'timed_out', 'answered'])
      await world.work.complete(id, later(5))
      const before = await world.runs.find(world.workspaceId, id)
      expect(before).toMatchObject({
        state: 'completed',
        progress: { pending: 0, outcomes: { answered: 400, timed_out: 803 } },
      })
      let steps = 0
      for (let after: number | undefined = 0; after !== undefined; steps += 1) {
        after = await world.runs.retry(world.workspaceId, id, { outcome: 'timed_out', after })
        const { progress } = (await world.runs.find(world.workspaceId, id)) ?? {}
        expect(await countedRows(world, id)).toEqual({ total: 1203, pending: progress?.pending })
      }
      expect(steps).toBe(2)
      const run = await world.runs.find(world.workspaceId, id)
      expect(run).toMatchObject({
        state: 'running',
        endedAt: null,
        progress: { total: 1203, pending: 803, outcomes: { answered: 400, timed_out: 0 } },
      })
      const { inputTokens, outputTokens, cost, charged } = run?.progress ?? {}
      expect({ inputTokens, outputTokens, cost, charged }).toEqual({
        inputTokens: 1203 * 512,
        outputTokens: 1203 * 64,
        cost: before?.progress.cost,
        charged: 1203,
      })
      await judgeAll(world, id, ['answered'])
      expect(await countedRows(world, id)).toEqual({ total: 1203, pending: 0 })
    })

    test('a retry of nothing changes a run that is complete in nothing', async () => {
      const world = await createRunWorld(engine, three)
      const { id } = await addRun(world)
      await judgeAll(world, id, ['answered'])
      await world.work.complete(id, later(5))
      const before = await world.runs.find(world.workspaceId, id)
      expect(
        await world.runs.retry(world.workspaceId, id, { outcome: 'timed_out', after: 0 }),
      ).toBeUndefined()
      expect(await world.runs.find(world.workspaceId, id)).toEqual(before)
      expect(
        await world.runs.retry(world.workspaceId, uuidv7(), { outcome: 'timed_out', after: 0 }),
      ).toBeUndefined()
    })

    test('a removed run is found no more, and takes its judgments along', async () => {
      const world = await createRunWorld(
        engine,
        Array.from({ length: 700 }, () => ({})),
      )
      const { id } = await addRun(world)
      const kept = await addRun(world)
      await judgeAll(world, id, ['answered'])
      await judgeAll(world, kept.id, ['answered'])
      const late = await addWorker(world, id)
      expect(await world.runs.remove(world.workspaceId, id)).toBe('removed')
      expect(await world.runs.remove(world.workspaceId, id)).toBe('missing')
      expect(await world.runs.find(world.workspaceId, id)).toBeUndefined()
      expect(await world.work.look({ id, workspaceId: world.workspaceId }, someTime)).toBeUndefined()
      let parts = 0
      while ((await world.runs.purge(someTime)) === 'removed') parts += 1
      expect(parts).toBeGreaterThan(3)
      const item = { number: 1, recordId: world.recordIds[0] ?? '' }
      await world.work.keep(late, [judgmentOfItem(world, id, item)])
      await world.work.renew(late, someTime, later(1))
      for (const table of ['run_items', 'judgments', 'run_counts', 'run_workers'] as const) {
        const rows = await world.database.kysely
          .selectFrom(table)
          .select('run_id')
          .where('run_id', '=', id)
          .execute()
        expect(rows, table).toEqual([])
      }
      expect(await countedRows(world, kept.id)).toEqual({ total: 700, pending: 0 })
    })

    test('records that come later are not in the run', async () => {
      const world = await createRunWorld(engine, three)
      const { id } = await addRun(world)
      await addRecords(world.records, { id: world.datasetId, workspaceId: world.workspaceId }, three)
      expect(await countedRows(world, id)).toEqual({ total: 3, pending: 3 })
    })
  })
}
