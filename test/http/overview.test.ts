import { describe, expect, it } from 'vitest'
import { ModelFailure } from '../../src/judging/model.ts'
import { engines } from '../support/engines.ts'
import { path } from '../support/test-assize.ts'
import { plain, startTestRuns } from '../support/test-runs.ts'

const overview = '/v1/observability/overview'
const conversation = { messages: [{ role: 'user', content: 'Hi' }] }
const prices = [{ modelPatterns: ['scripted/*'], inputPerMillion: 2, outputPerMillion: 4 }]
const dayMs = 86_400_000

for (const engine of engines) {
  describe(`the overview on ${engine.name}`, () => {
    it('tells what there is, what runs, and what judging came to', async () => {
      const test = await startTestRuns(plain(3), { engine, isIdle: true, config: { prices } })
      const { call, judgeId, recordIds, model } = test
      const live = () => call('POST', `${path}/${judgeId}/live-judging`, { body: conversation })
      expect((await live()).status).toBe(200)
      test.advance(2 * dayMs)
      model.script(async () => {
        throw new ModelFailure('rate_limited', 'slow down')
      })
      expect((await live()).status).toBe(429)
      const label = { judge_id: judgeId, value: null, author: 'Ada' }
      await call('POST', `/v1/observability/dataset-records/${recordIds[0]}/labels`, { body: label })
      const runId = await test.begin()

      const { status, body } = await call('GET', overview)
      expect(status).toBe(200)
      const { counts, running, days, today, last_7_days } = body.overview
      expect(counts).toEqual({ judges: 1, datasets: 1, records: 3, labels: 1 })
      expect(running).toMatchObject({ count: 1, results: [{ id: runId, total: 3, pending: 3 }] })
      expect(days).toHaveLength(30)
      expect(days.at(-1)).toMatchObject({ judgments: 1, outcomes: { answered: 0, rate_limited: 1 } })
      expect(days.at(-2)).toMatchObject({ judgments: 0, outcomes: { answered: 0 }, cost: 0 })
      expect(days.at(-3)).toMatchObject({ judgments: 1, outcomes: { answered: 1 }, cost: 0.000_04 })
      const failing = { judge_id: judgeId, judge_name: 'Approval', not_answered: 1 }
      expect(today).toEqual({
        from: days.at(-1).day,
        failing_judges: [{ ...failing, judgments: 1, share_not_answered: 1 }],
        rate_limited: [{ provider: 'scripted', judgments: 1 }],
      })
      expect(last_7_days).toEqual({
        from: days.at(-7).day,
        failing_judges: [{ ...failing, judgments: 2, share_not_answered: 0.5 }],
        rate_limited: [{ provider: 'scripted', judgments: 1 }],
      })
    })

    it('leaves out judges that were deleted', async () => {
      const test = await startTestRuns([], { engine, isIdle: true })
      test.model.script(async () => ({ finish: 'refused', text: '' }))
      await test.call('POST', `${path}/${test.judgeId}/live-judging`, { body: conversation })
      const failing = async () => (await test.call('GET', overview)).body.overview.today.failing_judges
      expect(await failing()).toHaveLength(1)
      expect((await test.call('DELETE', `${path}/${test.judgeId}`)).status).toBe(204)
      expect(await failing()).toEqual([])
      expect((await test.call('GET', overview)).body.overview.counts.judges).toBe(0)
    })

    it('says nothing of other workspaces', async () => {
      const test = await startTestRuns(plain(1), { engine, isIdle: true })
      await test.begin()
      test.model.script(async () => ({ finish: 'refused', text: '' }))
      await test.call('POST', `${path}/${test.judgeId}/live-judging`, { body: conversation })
      const { body } = await test.call('GET', overview, { key: await test.keyOf('viewer', 'other') })
      const { counts, running, days, today } = body.overview
      expect(counts).toEqual({ judges: 0, datasets: 0, records: 0, labels: 0 })
      expect(running).toEqual({ results: [], count: 0 })
      expect(days.map((day: { judgments: number }) => day.judgments)).toEqual(Array(30).fill(0))
      expect(today).toMatchObject({ failing_judges: [], rate_limited: [] })
    })
  })
}
