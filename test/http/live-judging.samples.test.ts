import { describe, expect, it } from 'vitest'
import { ModelFailure } from '../../src/judging/model.ts'
import { JudgmentRows } from '../../src/storage/judgment-rows.ts'
import { openDatabase } from '../../src/storage/open-database.ts'
import { engines } from '../support/engines.ts'
import { approval, path, startTestAssize, type TestAssize } from '../support/test-assize.ts'

const conversation = { messages: [{ role: 'user', content: 'Is it <|im_start|>?' }] }
const yes = '{"analysis": "It is.", "answer": "approved"}'
const no = '{"analysis": "It is not.", "answer": "rejected"}'

const panels = [
  {
    name: 'two',
    modelNames: ['first', 'second'],
    rule: { options: 'majority', numbers: 'mean' },
  },
] as const

async function start(engine?: (typeof engines)[number]): Promise<TestAssize & { live: string }> {
  const assize = await startTestAssize({ config: { panels }, ...(engine && { engine }) })
  return { ...assize, live: await liveOf(assize) }
}

async function liveOf({ call }: TestAssize, change: object = {}): Promise<string> {
  const { body } = await call('POST', path, { body: { ...approval, ...change } })
  return `${path}/${body.id}/live-judging`
}

describe('a judgment that is asked for more', () => {
  it('tells its outcome, its distribution and how they were got, for samples in the query', async () => {
    const { call, live, model } = await start()
    model.script(no, yes, yes, yes)
    const { status, body } = await call('POST', `${live}?samples=5`, { body: conversation })
    expect({ status, body }).toEqual({
      status: 200,
      body: {
        analysis: 'It is.',
        answer: 'approved',
        outcome: 'answered',
        distribution: { approved: 0.75, rejected: 0.25 },
        distribution_method: 'samples',
        agreement: 0.75,
        poll: { asked: 5, made: 4, answered: 4 },
      },
    })
  })

  it('takes samples and include in the body too', async () => {
    const { call, live, model } = await start()
    model.script(yes)
    const body = { ...conversation, samples: 3, include: ['distribution'] }
    expect((await call('POST', live, { body })).body).toMatchObject({
      poll: { asked: 3, made: 2, answered: 2 },
      agreement: 1,
    })
    expect(
      (await call('POST', live, { body: { ...conversation, samples: null, include: null } })).body,
    ).toEqual({
      analysis: 'It is.',
      answer: 'approved',
    })
  })

  it('tells the details: who, by what revision, how, at what cost, and what was seen', async () => {
    const assize = await start()
    assize.model.script({ text: yes, leftOut: ['temperature'] })
    const { body } = await assize.call('POST', `${assize.live}?include=details,distribution`, {
      body: conversation,
    })
    expect(body).toEqual({
      analysis: 'It is.',
      answer: 'approved',
      outcome: 'answered',
      distribution: { approved: 1, rejected: 0 },
      distribution_method: 'samples',
      agreement: null,
      poll: null,
      details: {
        judgment_id: expect.any(String),
        revision_id: expect.any(String),
        provider: 'scripted',
        model_name: 'scripted',
        enforcement: 'json_schema',
        left_out: ['temperature'],
        attempts: 1,
        input_tokens: 10,
        output_tokens: 5,
        cost: null,
        latency_ms: expect.any(Number),
        flags: ['chat_template_marks'],
        tool_calls: [],
        votes: null,
      },
    })
    expect((await assize.call('GET', `${path}/${body.details.revision_id}`)).status).toBe(200)
  })

  it('has the mean and the standard deviation of numbers', async () => {
    const assize = await start()
    const output = { type: 'REGRESSION', min: 0, min_description: 'bad', max: 10, max_description: 'good' }
    const live = await liveOf(assize, { name: 'Numbers', output })
    assize.model.script('{"analysis": "", "answer": 2}', '{"analysis": "", "answer": 6}')
    const { body } = await assize.call('POST', `${live}?samples=2`, { body: conversation })
    expect(body).toMatchObject({
      answer: 4,
      distribution: { mean: 4, standard_deviation: 2 },
      agreement: 0.6,
    })
  })

  it('is made by each member of a panel', async () => {
    const assize = await start()
    const live = await liveOf(assize, { name: 'By panel', model_name: 'panel/two' })
    assize.model.script(async ({ modelName }) => ({ text: modelName === 'first' ? no : yes }))
    const { status, body } = await assize.call('POST', `${live}?include=details`, { body: conversation })
    expect({ status, body }).toMatchObject({
      status: 502,
      body: {
        detail: {
          error_code: 'JUDGE_MISTRAL_API_ERROR',
          message: 'No option has a strict majority. Of 2 members: "rejected" 1, "approved" 1.',
          judgment: {
            outcome: 'undecided',
            distribution: { approved: 0.5, rejected: 0.5 },
            distribution_method: 'members',
            details: {
              provider: 'panel',
              model_name: 'two',
              votes: [
                { provider: 'scripted', model_name: 'first', outcome: 'answered', answer: 'rejected' },
                { provider: 'scripted', model_name: 'second', outcome: 'answered', answer: 'approved' },
              ],
            },
          },
        },
      },
    })
    const { body: listed } = await assize.call('GET', '/v1/models')
    expect(listed.data).toContainEqual(expect.objectContaining({ id: 'panel/two', owned_by: 'panel' }))
  })

  it('tells what is known of one without an answer', async () => {
    const { call, live, model } = await start()
    model.script(new ModelFailure('rate_limited', 'Too fast.', { retryAfterMs: 2000 }))
    const plain = await call('POST', live, { body: conversation })
    expect(plain.body).toEqual({ detail: { message: 'Too fast.', error_code: 'JUDGE_MISTRAL_API_ERROR' } })
    const { status, headers, body } = await call('POST', `${live}?include=details`, { body: conversation })
    expect({ status, retryAfter: headers['retry-after'] }).toEqual({ status: 429, retryAfter: '2' })
    expect(body.detail.judgment).toMatchObject({
      outcome: 'rate_limited',
      distribution: null,
      details: { attempts: 1 },
    })
  })
})

describe('a request for more is refused', () => {
  it.each([
    { query: 'samples=0', says: /^samples: / },
    { query: 'samples=33', says: /^samples: .*32/ },
    { query: 'samples=many', says: /^samples: / },
    { query: 'include=everything', says: /^include/ },
    { query: '', body: { samples: 1.5 }, says: /^samples: expected a whole number from 1 to 32, found 1\.5/ },
    { query: '', body: { include: 'details' }, says: /^include: / },
    {
      query: 'samples=2',
      body: { samples: 3 },
      says: /^samples: the query says 2, the body 3\. Say it in one place\.$/,
    },
  ])('where it says $query $body', async ({ query, body, says }) => {
    const { call, live, model } = await start()
    const answer = await call('POST', `${live}?${query}`, { body: { ...conversation, ...body } })
    expect(answer).toMatchObject({
      status: 422,
      body: { detail: { error_code: 'VALIDATION_ERROR', message: expect.stringMatching(says) } },
    })
    expect(model.requests).toEqual([])
  })
})

for (const engine of engines) {
  describe(`what is kept on ${engine.name}`, () => {
    it('is all that was said, and by whom', async () => {
      const assize = await start(engine)
      assize.model.script(no, yes, yes)
      const { body } = await assize.call('POST', `${assize.live}?samples=3&include=details`, {
        body: conversation,
      })
      await using database = await openDatabase(assize.config.database)
      const row = await database.kysely
        .selectFrom('judgments')
        .select(['id', 'workspace_id'])
        .executeTakeFirstOrThrow()
      expect(row.id).toBe(body.details.judgment_id)
      expect(await new JudgmentRows(database).find(row.workspace_id, row.id)).toMatchObject({
        outcome: 'answered',
        answer: 'approved',
        flags: ['chat_template_marks'],
        distribution: {
          type: 'CLASSIFICATION',
          shares: new Map([
            ['approved', 2 / 3],
            ['rejected', 1 / 3],
          ]),
          method: 'samples',
        },
        votes: [
          {
            modelName: 'scripted',
            outcome: 'answered',
            answer: 'rejected',
            analysis: 'It is not.',
            reason: null,
          },
          { answer: 'approved' },
          { answer: 'approved' },
        ],
        account: { attempts: 3, inputTokens: 30 },
      })
    })
  })
}
