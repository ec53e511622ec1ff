import { describe, expect, it } from 'vitest'
import type { Config } from '../../src/config.ts'
import { ModelFailure } from '../../src/judging/model.ts'
import { openDatabase } from '../../src/storage/open-database.ts'
import type { JudgmentRow } from '../../src/storage/tables.ts'
import { engines } from '../support/engines.ts'
import { approval, path, startTestAssize, type TestAssize } from '../support/test-assize.ts'

const conversation = {
  messages: [
    { role: 'user', content: 'What is the capital of France?' },
    { role: 'assistant', content: 'Paris.' },
  ],
}

async function createJudge({ call }: TestAssize, change: object = {}): Promise<{ id: string; live: string }> {
  const { body } = await call('POST', path, { body: { ...approval, ...change } })
  return { id: body.id, live: `${path}/${body.id}/live-judging` }
}

async function keptJudgments(config: Config): Promise<JudgmentRow[]> {
  await using database = await openDatabase(config.database)
  return await database.kysely.selectFrom('judgments').selectAll().orderBy('id').execute()
}

const scale = { min: 1, min_description: 'bad', max: 5, max_description: 'good' }

describe('live judging', () => {
  it('answers with the analysis and the option', async () => {
    const assize = await startTestAssize()
    const { live } = await createJudge(assize)
    assize.model.script('{"analysis": "It is right.", "answer": "approved"}')
    expect(await assize.call('POST', live, { body: conversation })).toMatchObject({
      status: 200,
      body: { analysis: 'It is right.', answer: 'approved' },
    })
    expect(assize.model.requests).toHaveLength(1)
    expect(assize.model.requests[0]).toMatchObject({
      modelName: 'scripted',
      output: { type: 'CLASSIFICATION' },
    })
    expect(assize.model.requests[0]?.messages[1]?.content).toContain('Assistant: Paris.')
  })

  it('answers with a number, as a number', async () => {
    const assize = await startTestAssize()
    const { live } = await createJudge(assize, { output: scale })
    assize.model.script('{"analysis": "fine", "answer": "4.5/5"}')
    const { body } = await assize.call('POST', live, { body: conversation })
    expect(body).toEqual({ analysis: 'fine', answer: 4.5 })
  })

  it('takes properties, or null for none, and leaves unknown fields out', async () => {
    const assize = await startTestAssize()
    const { live } = await createJudge(assize, { instructions: 'Is it {{ properties.tone }}?' })
    const properties = { tone: 'kind' }
    for (const body of [
      { ...conversation, properties },
      { ...conversation, properties: null },
      { ...conversation, model: 'another', stream: true },
    ]) {
      expect((await assize.call('POST', live, { body })).status).toBe(200)
    }
    const [kind, nothing, unknown] = assize.model.requests.map(({ messages }) => messages[1]?.content)
    expect(kind).toContain('kind')
    expect(nothing).toContain('Is it ?')
    expect(unknown).not.toContain('another')
  })

  it('is not hurt by keys that mean something to JavaScript', async () => {
    const assize = await startTestAssize()
    const { live } = await createJudge(assize, { instructions: '{{ properties }} {{ properties.polluted }}' })
    const text = JSON.stringify(conversation).slice(0, -1)
    const properties = '{"__proto__": {"polluted": "yes"}, "constructor": {"prototype": {"polluted": "yes"}}}'
    const body = `${text}, "properties": ${properties}}`
    expect((await assize.call('POST', live, { body })).status).toBe(200)
    expect(assize.model.requests[0]?.messages[1]?.content).not.toContain('yes')
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
  })

  it('shows the model its reply until it can be read, at most twice', async () => {
    const assize = await startTestAssize()
    const { live } = await createJudge(assize)
    assize.model.script(
      'No idea.',
      '{"analysis": "", "answer": "maybe"}',
      '{"analysis": "ok", "answer": "rejected"}',
    )
    expect(await assize.call('POST', live, { body: conversation })).toMatchObject({
      status: 200,
      body: { answer: 'rejected' },
    })
    const asked = assize.model.requests.map(({ messages }) => messages.slice(2).map(({ content }) => content))
    expect(asked).toEqual([
      [],
      ['No idea.', expect.stringContaining('no JSON object')],
      [
        '{"analysis": "", "answer": "maybe"}',
        expect.stringContaining('"maybe", which is not exactly one of'),
      ],
    ])
  })

  it('gives up after two repairs, with no answer at all', async () => {
    const assize = await startTestAssize()
    const { live } = await createJudge(assize)
    assize.model.script('No idea.')
    expect(await assize.call('POST', live, { body: conversation })).toMatchObject({
      status: 502,
      body: { detail: { error_code: 'JUDGE_MISTRAL_API_ERROR' } },
    })
    expect(assize.model.requests).toHaveLength(3)
  })

  it('raises the token limit once when a reply was cut', async () => {
    const assize = await startTestAssize()
    const { live } = await createJudge(assize)
    const cut = { text: '{"analysis": "it goes on and', finish: 'length' } as const
    assize.model.script(cut, '{"analysis": "ok", "answer": "approved"}')
    expect((await assize.call('POST', live, { body: conversation })).status).toBe(200)
    assize.model.script(cut)
    expect((await assize.call('POST', live, { body: conversation })).status).toBe(502)
    const limit = assize.config.judging.maxOutputTokens
    expect(assize.model.requests.map(({ maxOutputTokens }) => maxOutputTokens)).toEqual([
      limit,
      2 * limit,
      limit,
      2 * limit,
    ])
  })

  it('ends with 408 when its time is up, and lets the model go', async () => {
    const assize = await startTestAssize({
      config: {
        judging: {
          deadlineMs: 50,
          maxOutputTokens: 100,
          maxAttempts: 1,
          maxToolRounds: 8,
          sampleTemperature: 1,
        },
      },
    })
    const { live } = await createJudge(assize)
    let isAborted = false
    assize.model.script(
      (_, signal) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => {
            isAborted = true
            reject(signal.reason)
          })
        }),
    )
    expect(await assize.call('POST', live, { body: conversation })).toMatchObject({
      status: 408,
      body: { detail: { error_code: 'JUDGE_MISTRAL_API_TIMEOUT' } },
    })
    expect(isAborted).toBe(true)
    expect(await keptJudgments(assize.config)).toMatchObject([{ outcome: 'timed_out', answer: null }])
  })

  it('says when to come again, after a limit on the rate', async () => {
    const assize = await startTestAssize()
    const { live } = await createJudge(assize)
    assize.model.script(
      new ModelFailure('rate_limited', 'The provider limits the rate.', { retryAfterMs: 2100 }),
    )
    expect(await assize.call('POST', live, { body: conversation })).toMatchObject({
      status: 429,
      headers: { 'retry-after': '3' },
    })
    assize.model.script(new ModelFailure('rate_limited', 'The provider limits the rate.'))
    const unsaid = await assize.call('POST', live, { body: conversation })
    expect(unsaid.headers['retry-after']).toBe('10')
    assize.model.script(new ModelFailure('provider_failed', 'It fails.', { retryAfterMs: 2100 }))
    expect((await assize.call('POST', live, { body: conversation })).headers).not.toHaveProperty(
      'retry-after',
    )
  })

  it('judges many conversations at once, each by itself', async () => {
    const assize = await startTestAssize()
    const { live } = await createJudge(assize, { output: { ...scale, min: 0, max: 1000 } })
    assize.model.script(async ({ messages }) => {
      const number = /number (\d+)/.exec(messages[1]?.content ?? '')?.[1]
      await new Promise((resolve) => setTimeout(resolve, Number(number) % 7))
      return { text: `{"analysis": "n", "answer": ${number}}` }
    })
    const numbers = Array.from({ length: 60 }, (_, index) => index)
    const answers = await Promise.all(
      numbers.map((number) =>
        assize.call('POST', live, {
          body: { messages: [{ role: 'assistant', content: `number ${number}` }] },
        }),
      ),
    )
    expect(answers.map(({ body }) => body.answer)).toEqual(numbers)
    expect(await keptJudgments(assize.config)).toHaveLength(60)
  })
})

const failures = [
  ['unreadable', 'No idea.', 502, 3],
  ['truncated', { text: '{', finish: 'length' }, 502, 2],
  ['refused', { text: '{"analysis": "", "answer": "approved"}', finish: 'refused' }, 502, 1],
  ['filtered', { text: '{"analysis": "", "answer": "approved"}', finish: 'filtered' }, 400, 1],
  ['filtered', new ModelFailure('filtered', 'x'), 400, 1],
  ['context_overflow', new ModelFailure('context_overflow', 'x'), 400, 1],
  ['rate_limited', new ModelFailure('rate_limited', 'x', { attempts: 4 }), 429, 4],
  ['timed_out', new ModelFailure('timed_out', 'x'), 408, 1],
  ['provider_failed', new ModelFailure('provider_failed', 'x', { attempts: 4 }), 502, 4],
  ['invalid_request', new ModelFailure('invalid_request', 'x'), 400, 1],
] as const

for (const engine of engines) {
  describe(`what is kept of judgments on ${engine.name}`, () => {
    it('is where they came from, how they went and what they cost', async () => {
      const assize = await startTestAssize({ engine })
      const { id, live } = await createJudge(assize)
      const { body: judge } = await assize.call('GET', `${path}/${id}`)
      assize.model.script('Well.', { text: '{"analysis": "ok", "answer": "approved"}', attempts: 3 })
      await assize.call('POST', live, { body: conversation })
      expect(await keptJudgments(assize.config)).toEqual([
        {
          id: expect.any(String),
          workspace_id: judge.workspace_id,
          judge_id: id,
          revision_id: judge.base_revision,
          outcome: 'answered',
          answer: '"approved"',
          analysis: 'ok',
          reason: null,
          conversation: null,
          provider: 'scripted',
          model_name: 'scripted',
          flags: '[]',
          left_out: '[]',
          tool_uses: '[]',
          distribution: null,
          votes: null,
          agreement: null,
          cost: null,
          run_id: null,
          item_number: null,
          record_id: null,
          enforcement: 'json_schema',
          attempts: 4,
          latency_ms: expect.any(Number),
          input_tokens: 20,
          output_tokens: 10,
          created_at_ms: Date.UTC(2026, 0, 2, 3, 4, 5),
        },
      ])
    })

    it.each(failures)('is the outcome %s, and never an answer', async (outcome, reply, status, attempts) => {
      const assize = await startTestAssize({ engine })
      const { live } = await createJudge(assize)
      assize.model.script(reply)
      const answer = await assize.call('POST', live, { body: conversation })
      expect(answer.status).toBe(status)
      expect(await keptJudgments(assize.config)).toMatchObject([
        { outcome, answer: null, analysis: null, reason: answer.body.detail.message, attempts },
      ])
    })

    it('is a number as it was', async () => {
      const assize = await startTestAssize({ engine })
      const { live } = await createJudge(assize, { output: scale })
      assize.model.script('{"analysis": "null\\u0000byte", "answer": 4.300000000000001}')
      expect((await assize.call('POST', live, { body: conversation })).status).toBe(200)
      expect(await keptJudgments(assize.config)).toMatchObject([{ answer: '4.300000000000001' }])
    })

    it('holds the analysis and the conversation as the settings say', async () => {
      const kept = async (keepAnalysis: boolean, keepConversation: boolean, areStored = true) => {
        const judgments = { areStored, keepAnalysis, keepConversation }
        const assize = await startTestAssize({ engine, config: { judgments } })
        const { live } = await createJudge(assize)
        const body = { ...conversation, properties: { topic: 'a\0b' } }
        expect((await assize.call('POST', live, { body })).status).toBe(200)
        return keptJudgments(assize.config)
      }
      expect(await kept(true, false)).toMatchObject([{ analysis: 'as scripted', conversation: null }])
      expect(await kept(false, false)).toMatchObject([{ analysis: null, answer: '"approved"' }])
      const [whole] = await kept(true, true)
      expect(JSON.parse(whole?.conversation ?? '')).toEqual({
        ...conversation,
        properties: { topic: 'a\0b' },
      })
      expect(await kept(true, true, false)).toEqual([])
    })

    it('is nothing when there was no judgment', async () => {
      const assize = await startTestAssize({ engine })
      const { live } = await createJudge(assize, { tools: ['web_search'] })
      await assize.call('POST', live, { body: conversation })
      await assize.call('POST', live, { body: { messages: [] } })
      expect(await keptJudgments(assize.config)).toEqual([])
    })
  })
}
