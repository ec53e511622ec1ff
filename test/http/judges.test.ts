import { describe, expect, it } from 'vitest'
import { engines } from '../support/engines.ts'
import { approval, path, startTestAssize } from '../support/test-assize.ts'

const uuidV7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

const scale = { min: 1, min_description: 'bad', max: 5, max_description: 'good' }

for (const engine of engines) {
  describe(`judges on ${engine.name}`, () => {
    it('creates a judge and shows it', async () => {
      const { call } = await startTestAssize({ engine })
      const created = await call('POST', path, { body: approval })
      expect(created.status).toBe(201)
      expect(created.body).toEqual({
        ...approval,
        id: expect.stringMatching(uuidV7),
        created_at: '2026-01-02T03:04:05.000Z',
        updated_at: '2026-01-02T03:04:05.000Z',
        deleted_at: null,
        owner_id: expect.stringMatching(uuidV7),
        workspace_id: expect.stringMatching(uuidV7),
        base_revision: expect.stringMatching(uuidV7),
        down_revision: null,
        up_revision: null,
      })
      const fetched = await call('GET', `${path}/${created.body.id}`)
      expect(fetched.body).toEqual(created.body)
      expect(fetched.headers.etag).toBe(created.headers.etag)
    })

    it('replaces the whole definition and keeps the id', async () => {
      const { call, advance } = await startTestAssize({ engine })
      const { body: judge } = await call('POST', path, { body: approval })
      advance(90_000)
      const next = {
        name: 'Faithfulness',
        description: '',
        model_name: 'mistral-large-latest',
        output: { type: 'REGRESSION', ...scale },
        instructions: 'Score it from {{ properties.low }} to 5.',
        tools: ['web_search'],
      }
      const updated = await call('PUT', `${path}/${judge.id}`, { body: next })
      expect(updated).toMatchObject({ status: 204, body: undefined })
      const { body: fetched } = await call('GET', `${path}/${judge.id}`)
      expect(fetched).toEqual({
        ...judge,
        ...next,
        updated_at: '2026-01-02T03:05:35.000Z',
        base_revision: judge.base_revision,
        down_revision: judge.base_revision,
        up_revision: null,
      })
      const { body: listed } = await call('GET', path)
      expect(listed.judges.results).toEqual([fetched])
    })

    it('deletes a judge, whose name is free again', async () => {
      const { call } = await startTestAssize({ engine })
      const { body: judge } = await call('POST', path, { body: approval })
      const deleted = await call('DELETE', `${path}/${judge.id}`)
      expect(deleted).toMatchObject({ status: 204, body: undefined })
      for (const [method, where] of [
        ['GET', ''],
        ['PUT', ''],
        ['DELETE', ''],
        ['GET', '/revisions'],
        ['POST', '/live-judging'],
      ] as const) {
        const body = method === 'PUT' ? approval : { messages: [{ role: 'user', content: 'Hi' }] }
        const answer = await call(method, `${path}/${judge.id}${where}`, { body })
        expect(answer).toMatchObject({ status: 404, body: { detail: { error_code: 'JUDGE_NOT_FOUND' } } })
      }
      expect((await call('GET', path)).body.judges).toMatchObject({ results: [], count: 0 })
      const again = await call('POST', path, { body: approval })
      expect(again.status).toBe(201)
      expect(again.body.id).not.toBe(judge.id)
    })

    it('takes a DELETE that says it is JSON and has no body', async () => {
      const { call } = await startTestAssize({ engine })
      const { body: judge } = await call('POST', path, { body: approval })
      const headers = { 'content-type': 'application/json' }
      expect((await call('DELETE', `${path}/${judge.id}`, { headers })).status).toBe(204)
    })

    it('keeps a name to one living judge, also when it changes hands', async () => {
      const { call } = await startTestAssize({ engine })
      const first = await call('POST', path, { body: approval })
      const second = await call('POST', path, { body: { ...approval, name: 'Another' } })
      const taken = { status: 409, body: { detail: { error_code: 'JUDGE_NAME_ALREADY_EXISTS' } } }
      expect(await call('POST', path, { body: approval })).toMatchObject(taken)
      expect(await call('PUT', `${path}/${second.body.id}`, { body: approval })).toMatchObject(taken)
      const renamed = { ...approval, name: 'Renamed' }
      expect((await call('PUT', `${path}/${first.body.id}`, { body: renamed })).status).toBe(204)
      expect((await call('PUT', `${path}/${second.body.id}`, { body: approval })).status).toBe(204)
    })

    it('gives a name to one of many that ask for it at once', async () => {
      const { call } = await startTestAssize({ engine })
      const answers = await Promise.all(
        Array.from({ length: 8 }, () => call('POST', path, { body: approval })),
      )
      expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409, 409, 409, 409, 409])
      expect((await call('GET', path)).body.judges.count).toBe(1)
    })

    it('keeps every character of a definition', async () => {
      const { call } = await startTestAssize({ engine })
      const body = {
        ...approval,
        name: '判断\u2028🧑‍⚖️"\\',
        description: '\u0001\t\r\n\u{10ffff}',
        output: {
          type: 'CLASSIFICATION',
          options: [
            { value: 'é', description: 'composed' },
            { value: 'e\u0301', description: 'decomposed' },
          ],
        },
        instructions: '{# nothing #}\n  Ja, "so": {{ "{{" }} \ufeff',
        tools: ['', ' ', 'a', 'a'],
      }
      const created = await call('POST', path, { body })
      expect(created).toMatchObject({ status: 201, body })
      expect((await call('GET', `${path}/${created.body.id}`)).body).toEqual(created.body)
    })

    it('keeps numbers to the last digit', async () => {
      const { call } = await startTestAssize({ engine })
      const output = { type: 'REGRESSION', ...scale, min: 0.1, max: 999999999.9999999 }
      const created = await call('POST', path, { body: { ...approval, output } })
      expect((await call('GET', `${path}/${created.body.id}`)).body.output).toEqual(output)
    })
  })
}

describe('a definition', () => {
  it('says its type when the request left it out', async () => {
    const { call } = await startTestAssize()
    const options = [{ value: 'approved', description: 'My Judge' }]
    const classified = await call('POST', path, { body: { ...approval, output: { options } } })
    expect(classified.body.output).toEqual({ type: 'CLASSIFICATION', options })
    const scored = await call('POST', path, { body: { ...approval, name: 'Scored', output: scale } })
    expect(scored.body.output).toEqual({ type: 'REGRESSION', ...scale })
  })

  it('goes from 0 to 1 when it does not say', async () => {
    const { call } = await startTestAssize()
    const output = { min_description: 'bad', max_description: 'good' }
    const { body } = await call('POST', path, { body: { ...approval, output } })
    expect(body.output).toEqual({
      type: 'REGRESSION',
      min: 0,
      min_description: 'bad',
      max: 1,
      max_description: 'good',
    })
  })

  it('leaves out fields that are unknown', async () => {
    const { call } = await startTestAssize()
    const option = { value: 'approved', description: 'fine', weight: 2 }
    const output = { type: 'CLASSIFICATION', options: [option], strict: true, min: 3 }
    const body = { ...approval, id: 'mine', owner_id: 'mine', color: 'red', output }
    const created = await call('POST', path, { body })
    expect(created.status).toBe(201)
    expect(created.body.output).toEqual({
      type: 'CLASSIFICATION',
      options: [{ value: 'approved', description: 'fine' }],
    })
    expect(created.body).not.toHaveProperty('color')
    expect(created.body.id).toMatch(uuidV7)
    expect(created.body.owner_id).toMatch(uuidV7)
  })

  it('counts its lengths in characters', async () => {
    const { call } = await startTestAssize()
    const longest = {
      ...approval,
      name: '🦉'.repeat(50),
      description: '🦉'.repeat(500),
      model_name: '🦉'.repeat(500),
      instructions: '🦉'.repeat(10_000),
    }
    const created = await call('POST', path, { body: longest })
    expect(created).toMatchObject({ status: 201, body: longest })
    for (const field of ['name', 'description', 'model_name', 'instructions'] as const) {
      const refused = await call('POST', path, { body: { ...longest, [field]: `${longest[field]}🦉` } })
      expect(refused.status, field).toBe(422)
      expect(refused.body.detail.message).toMatch(new RegExp(`^${field}: expected `))
    }
    expect((await call('POST', path, { body: { ...approval, name: '🦉🦉🦉🦉' } })).status).toBe(422)
    expect((await call('POST', path, { body: { ...approval, name: '🦉🦉🦉🦉🦉' } })).status).toBe(201)
  })

  it('names any model and any tools, which are looked for when the judge runs', async () => {
    const { call } = await startTestAssize()
    const body = { ...approval, model_name: 'nobody/serves-this', tools: ['no', 'such', 'tool'] }
    expect((await call('POST', path, { body })).status).toBe(201)
  })

  it('is not hurt by keys that mean something to JavaScript', async () => {
    const { call } = await startTestAssize()
    const text = JSON.stringify(approval)
    const hostile = `{"__proto__": {"polluted": 1}, "constructor": {"prototype": {"polluted": 1}}, ${text.slice(1)}`
    const created = await call('POST', path, { body: hostile })
    expect(created).toMatchObject({ status: 201, body: approval })
    expect(Object.keys(created.body)).not.toContain('constructor')
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
    const options = '{"__proto__": {"value": "approved", "description": "inherited"}}'
    const inherited = `{"output": {"options": [${options}]}, ${text.slice(1).replace('"output"', '"was"')}`
    expect((await call('POST', path, { body: inherited })).status).toBe(422)
  })
})
