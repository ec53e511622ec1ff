import { describe, expect, it } from 'vitest'
import type { ModelRequest } from '../../src/judging/model.ts'
import { engines } from '../support/engines.ts'
import { path } from '../support/test-assize.ts'
import { plain, runsPath, startTestRuns, type TestRuns } from '../support/test-runs.ts'

const overview = `${path}/overview`
const saying = (answer: string | number) => ({ text: JSON.stringify({ analysis: 'as scripted', answer }) })
const numberIn = ({ messages }: ModelRequest): number =>
  Number(/Question (\d+)/.exec(messages.at(-1)?.content ?? '')?.[1])
const score = { type: 'REGRESSION', min: 0, min_description: 'bad', max: 1, max_description: 'good' }

async function onlyResult({ call }: TestRuns) {
  const { status, body } = await call('GET', overview)
  expect(status).toBe(200)
  expect(body.judges).toMatchObject({ count: 1, next: null, previous: null })
  return body.judges.results[0]
}

for (const engine of engines) {
  describe(`what judges did last on ${engine.name}`, () => {
    it('is the newest run with its options, and when they judged', async () => {
      const test = await startTestRuns(plain(6), { engine })
      const { body: judge } = await test.call('GET', `${path}/${test.judgeId}`)
      expect(await onlyResult(test)).toEqual({ judge, last_run: null, last_judged_at: null })
      await test.until(await test.begin(), 'completed')
      test.advance(1000)
      test.model.script(async (request) => {
        if (numberIn(request) === 1) return { finish: 'refused', text: '' }
        return saying(numberIn(request) < 4 ? 'approved' : 'rejected')
      })
      const run = await test.until(await test.begin(), 'completed')
      const { last_run, last_judged_at } = await onlyResult(test)
      const answers = [
        { answer: 'rejected', count: 3 },
        { answer: 'approved', count: 2 },
      ]
      expect(last_run).toEqual({
        id: run.id,
        name: run.name,
        state: 'completed',
        created_at: run.created_at,
        finished_at: run.ended_at,
        total: 6,
        judged: 6,
        answered: 5,
        share_answered: 5 / 6,
        answers,
        mean: null,
      })
      expect(last_judged_at).toBe(run.ended_at)
      test.advance(1000)
      test.model.script(async () => saying('approved'))
      const messages = [{ role: 'user', content: 'Hi' }]
      await test.call('POST', `${path}/${test.judgeId}/live-judging`, { body: { messages } })
      expect((await onlyResult(test)).last_judged_at > run.ended_at).toBe(true)
    })

    it('follows a run whose answers are judged again', async () => {
      const test = await startTestRuns(plain(3), { engine })
      test.model.script(async (request) => saying(numberIn(request) < 3 ? 'approved' : 'rejected'))
      const id = await test.begin()
      await test.until(id, 'completed')
      test.model.script(async () => saying('rejected'))
      await test.call('POST', `${runsPath}/${id}/retry`, { body: { outcomes: ['answered'] } })
      await test.until(id, 'completed')
      const { last_run } = await onlyResult(test)
      expect(last_run).toMatchObject({ judged: 3, answers: [{ answer: 'rejected', count: 3 }] })
    })

    it('is the mean of numbers, which follows too', async () => {
      const test = await startTestRuns(plain(4), { engine, judge: { output: score } })
      test.model.script(async (request) => saying(numberIn(request) / 4))
      const id = await test.begin()
      await test.until(id, 'completed')
      expect((await onlyResult(test)).last_run).toMatchObject({ answered: 4, answers: [], mean: 0.625 })
      test.model.script(async () => saying(0.25))
      await test.call('POST', `${runsPath}/${id}/retry`, { body: { outcomes: ['answered'] } })
      await test.until(id, 'completed')
      expect((await onlyResult(test)).last_run).toMatchObject({ answered: 4, mean: 0.25 })
    })

    it('is listed like judges are, and of one workspace alone', async () => {
      const test = await startTestRuns([], { engine, isIdle: true })
      const names = async (query: string, key?: string) =>
        (await test.call('GET', `${overview}?${query}`, key ? { key } : {})).body.judges.results.map(
          ({ judge }: { judge: { name: string } }) => judge.name,
        )
      expect(await names('q=PROV')).toEqual(['Approval'])
      expect(await names('type_filter=REGRESSION')).toEqual([])
      expect(await names('', await test.keyOf('viewer', 'other'))).toEqual([])
      expect((await test.call('GET', `${overview}?page=0`)).status).toBe(422)
    })
  })
}
