import { describe, expect, it } from 'vitest'
import { engines } from '../support/engines.ts'
import { approval, path, startTestAssize } from '../support/test-assize.ts'

const usage = '/v1/observability/usage'
const conversation = { messages: [{ role: 'user', content: 'Hi' }] }
const prices = [{ modelPatterns: ['scripted/*'], inputPerMillion: 2, outputPerMillion: 4 }]
const one = { judgments: 1, unpriced_judgments: 0, input_tokens: 10, output_tokens: 5, cost: 0.000_04 }

for (const engine of engines) {
  describe(`usage on ${engine.name}`, () => {
    it('is told by day and judge, where judgments are not kept too', async () => {
      const judgments = { areStored: false, keepAnalysis: true, keepConversation: false }
      const { call, advance } = await startTestAssize({ engine, config: { prices, judgments } })
      const { body: judge } = await call('POST', path, { body: approval })
      const live = () => call('POST', `${path}/${judge.id}/live-judging`, { body: conversation })
      expect((await live()).status).toBe(200)
      advance(86_400_000)
      expect((await live()).status).toBe(200)
      const { status, body } = await call('GET', `${usage}?group_by=judge&group_by=day`)
      expect(status).toBe(200)
      const { results, total, group_by, to } = body.usage
      expect(group_by).toEqual(['day', 'judge'])
      expect(results).toMatchObject([
        { ...one, judge_id: judge.id },
        { ...one, judge_id: judge.id, day: to },
      ])
      expect(total).toMatchObject({ judgments: 2, cost: 0.000_08 })
      expect((await call('GET', `${usage}?from=${to}`)).body.usage.total).toEqual(one)
    })

    it('knows no cost where no model has a price, and says so', async () => {
      const { call } = await startTestAssize({ engine })
      const { body: judge } = await call('POST', path, { body: approval })
      await call('POST', `${path}/${judge.id}/live-judging`, { body: conversation })
      const { total } = (await call('GET', usage)).body.usage
      expect(total).toEqual({ ...one, unpriced_judgments: 1, cost: null })
    })
  })
}

describe('usage', () => {
  it.each([
    ['from=2026-03-02&to=2026-03-01', /^from: expected 2026-03-01 \(the last day\) or earlier/],
    ['from=2024-01-01&to=2026-03-01', /^from: expected at most 366 days up to 2026-03-01, found 791/],
    ['from=yesterday', /expected a day, like 2026-03-01/],
    ['group_by=hour', /group_by/],
  ])('refuses %s', async (query, message) => {
    const { call } = await startTestAssize()
    const { status, body } = await call('GET', `${usage}?${query}`)
    expect(status).toBe(422)
    expect(JSON.stringify(body)).toMatch(new RegExp(message.source.replace('^', '')))
  })
})
