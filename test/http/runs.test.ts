import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import type { ModelRequest } from '../../src/judging/model.ts'
import { ModelFailure } from '../../src/judging/model.ts'
import { engines } from '../support/engines.ts'
import { approval, path } from '../support/test-assize.ts'
import { plain, runsPath, startTestRuns } from '../support/test-runs.ts'

const saying = (answer: string) => ({ text: JSON.stringify({ analysis: 'as scripted', answer }) })
const numberIn = ({ messages }: ModelRequest): number =>
  Number(/Question (\d+)/.exec(messages.at(-1)?.content ?? '')?.[1])

for (const engine of engines) {
  describe(`a run on ${engine.name}`, () => {
    it('judges every record of a dataset once, and counts what came of it', async () => {
      const test = await startTestRuns(plain(30), { engine })
      test.model.script(async (request) =>
        numberIn(request) % 3 === 0 ? { finish: 'refused', text: '' } : saying('approved'),
      )
      const created = await test.create({ concurrency: 3 })
      expect(created).toMatchObject({
        status: 201,
        body: {
          name: 'Approval: Questions',
          state: 'running',
          reason: null,
          judge_id: test.judgeId,
          revision_id: test.revisionId,
          judge_name: 'Approval',
          model_name: 'scripted',
          dataset_id: test.datasetId,
          filter: null,
          samples: 1,
          concurrency: 3,
          priority: 'normal',
          max_cost: null,
          max_tokens: null,
          total: 30,
          pending: 30,
          input_tokens: 0,
          output_tokens: 0,
          cost: 0,
          ended_at: null,
        },
      })
      const run = await test.until(created.body.id, 'completed')
      expect(run).toMatchObject({ total: 30, pending: 0, input_tokens: 300, output_tokens: 150, cost: null })
      expect(run.outcomes).toMatchObject({ answered: 20, refused: 10, unreadable: 0 })
      expect(run.started_at).toMatch(/^2026/)
      expect(run.ended_at).toMatch(/^2026/)
      expect(test.model.requests).toHaveLength(30)
      const judgments = await test.judgmentsOf(run.id)
      expect(judgments.map(({ item_number }) => item_number)).toEqual(plain(30).map((_, index) => index + 1))
      expect(judgments.map(({ record_id }) => record_id)).toEqual(test.recordIds)
      const one = await test.call('GET', `${runsPath}/${run.id}/judgments/${judgments[3].id}`)
      expect(one.body).toEqual(judgments[3])
      const counted = await test.call('GET', `${runsPath}/${run.id}/answers`)
      expect(counted.body).toEqual({ answers: [{ answer: 'approved', count: 20 }] })
      expect(judgments[2]).toMatchObject({ outcome: 'refused', answer: null, run_id: run.id })
      expect(judgments[3]).toMatchObject({ outcome: 'answered', answer: 'approved', votes: null })
    })

    it('takes the records that a filter lets through', async () => {
      const odd = 'a"b\\c.d[0] $é'
      const test = await startTestRuns(
        [
          { [odd]: 'x' },
          { [odd]: 1 },
          { [odd]: '1' },
          { [odd]: null },
          { [odd]: true },
          { [odd]: 'true' },
          {},
          { [odd]: ['x'] },
        ],
        { engine, isIdle: true },
      )
      const taken = async (filter: object) => (await test.create({ filter })).body.total
      expect(await taken({ [odd]: 'x' })).toBe(1)
      expect(await taken({ [odd]: ['x', 1, null] })).toBe(3)
      expect(await taken({ [odd]: true })).toBe(1)
      const { body } = await test.create({ filter: { [odd]: 'y' } })
      expect(body.detail.message).toContain('filter: no record of dataset')
    })

    it('keeps to its revision, and to the records that were there', async () => {
      const test = await startTestRuns(plain(4), { engine })
      let goOn = (): void => {}
      const gate = new Promise<void>((resolve) => {
        goOn = resolve
      })
      test.model.script(async () => {
        await gate
        return saying('approved')
      })
      const id = await test.begin({ concurrency: 1 })
      await expect.poll(() => test.model.requests.length).toBe(1)
      const changed = { ...approval, instructions: 'Is it really fine?' }
      expect((await test.call('PUT', `${path}/${test.judgeId}`, { body: changed })).status).toBe(204)
      await test.call('DELETE', `/v1/observability/dataset-records/${test.recordIds[2]}`)
      goOn()
      const run = await test.until(id, 'completed')
      expect(run).toMatchObject({ total: 4, revision_id: test.revisionId })
      const prompts = test.model.requests.map(({ messages }) => messages.at(-1)?.content ?? '')
      expect(prompts.filter((prompt) => prompt.includes('really'))).toEqual([])
      const pinned = await test.until(await test.begin({ judge_id: test.revisionId }), 'completed')
      expect(pinned).toMatchObject({ total: 3, revision_id: test.revisionId })
    })

    it('makes one judgment of several samples, like live judging', async () => {
      const test = await startTestRuns(plain(1), { engine })
      test.model.script(async ({ sampling }) => saying(sampling?.seed === 2 ? 'rejected' : 'approved'))
      const run = await test.until(await test.begin({ samples: 5 }), 'completed')
      const [judgment] = await test.judgmentsOf(run.id)
      expect(judgment).toMatchObject({ outcome: 'answered', answer: 'approved', agreement: 0.75 })
      expect(judgment.votes).toHaveLength(4)
      expect(judgment.distribution).toEqual({ approved: 0.75, rejected: 0.25 })
    })

    it('keeps to the judgments that all runs of the process may have under way together', async () => {
      const config = { runs: { atOnce: 3, concurrency: 8, mostInFlight: 3 } }
      const test = await startTestRuns(plain(12), { engine, isIdle: true, config })
      const inFlight = { now: 0, most: 0 }
      test.model.script(async () => {
        inFlight.now += 1
        inFlight.most = Math.max(inFlight.most, inFlight.now)
        await delay(30)
        inFlight.now -= 1
        return saying('approved')
      })
      const ids = [await test.begin(), await test.begin(), await test.begin()]
      test.assize.runWorker.start()
      for (const id of ids) {
        expect((await test.until(id, 'completed')).outcomes.answered).toBe(12)
      }
      expect(inFlight.most).toBe(3)
      expect(test.model.requests).toHaveLength(36)
    })

    it('goes first where it has a higher priority', async () => {
      const config = { runs: { atOnce: 1, concurrency: 1 } }
      const test = await startTestRuns(plain(3), { engine, isIdle: true, config })
      test.model.script(async () => saying('approved'))
      const priorities = ['low', undefined, 'high']
      for (const [index, priority] of priorities.entries()) {
        await test.begin({ record_ids: [test.recordIds[index]], priority })
      }
      test.assize.runWorker.start()
      await expect.poll(() => test.model.requests.map(numberIn), { timeout: 10_000 }).toEqual([3, 2, 1])
    })

    it('stops when it is cancelled, keeps what is under way, and goes on when it is resumed', async () => {
      const test = await startTestRuns(plain(10), { engine })
      test.model.script(async () => {
        await delay(50)
        return saying('approved')
      })
      const id = await test.begin({ concurrency: 2 })
      await expect.poll(() => test.model.requests.length).toBeGreaterThan(2)
      const cancelled = await test.call('POST', `${runsPath}/${id}/cancel`)
      expect(cancelled).toMatchObject({ status: 200, body: { state: 'cancelled' } })
      await delay(300)
      const stopped = await test.show(id)
      expect(stopped.pending).toBeGreaterThan(0)
      expect(stopped.outcomes.answered).toBe(test.model.requests.length)
      expect(stopped.ended_at).not.toBeNull()
      await delay(1500)
      expect((await test.show(id)).pending).toBe(stopped.pending)
      const resumed = await test.call('POST', `${runsPath}/${id}/resume`, { body: { priority: 'high' } })
      const expected = { state: 'running', ended_at: null, priority: 'high' }
      expect(resumed).toMatchObject({ status: 200, body: expected })
      await test.until(id, 'completed')
      expect(test.model.requests).toHaveLength(10)
    })

    it('judges again what has no answer, when it is retried', async () => {
      const test = await startTestRuns(plain(9), { engine })
      let isBroken = true
      test.model.script(async (request) => {
        const number = numberIn(request)
        if (isBroken && number % 3 === 0) throw new ModelFailure('provider_failed', 'It is broken.')
        if (isBroken && number % 3 === 1) return { finish: 'filtered', text: '' }
        return saying('approved')
      })
      const id = await test.begin()
      expect((await test.until(id, 'completed')).outcomes).toMatchObject({
        answered: 3,
        provider_failed: 3,
        filtered: 3,
      })
      isBroken = false
      const retry = (body?: object) => test.call('POST', `${runsPath}/${id}/retry`, { body })
      expect(await retry({ outcomes: ['timed_out'] })).toMatchObject({
        status: 200,
        body: { state: 'completed' },
      })
      expect((await retry({ outcomes: ['filtered'] })).body).toMatchObject({ state: 'running', pending: 3 })
      const run = await test.until(id, 'completed')
      expect(run.outcomes).toMatchObject({ answered: 6, provider_failed: 3, filtered: 0 })
      expect(run.input_tokens).toBe(90)
      await retry()
      expect((await test.until(id, 'completed')).outcomes).toMatchObject({ answered: 9, provider_failed: 0 })
      expect(test.model.requests).toHaveLength(15)
    })

    it('goes away with its judgments when it is deleted, and what is under way is broken off', async () => {
      const test = await startTestRuns(plain(3), { engine })
      const aborted: unknown[] = []
      test.model.script(async (_request, signal) => {
        await new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => {
            aborted.push(signal.reason)
            reject(signal.reason)
          })
        })
        return {}
      })
      const id = await test.begin({ concurrency: 2 })
      await expect.poll(() => test.model.requests.length).toBe(2)
      expect((await test.call('DELETE', `${runsPath}/${id}`)).status).toBe(204)
      expect((await test.call('GET', `${runsPath}/${id}`)).status).toBe(404)
      expect((await test.call('DELETE', `${runsPath}/${id}`)).status).toBe(404)
      await expect.poll(() => aborted.length, { timeout: 5000 }).toBe(2)
      expect((await test.call('GET', runsPath)).body.runs).toMatchObject({ results: [], count: 0 })
    })
  })
}
