import { DatabaseSync } from 'node:sqlite'
import { afterEach, expect, it, vi } from 'vitest'
import { catalogue, type Situation } from '../../src/errors.ts'
import { ModelFailure } from '../../src/judging/model.ts'
import { type Answer, approval, path, startTestAssize, type TestAssize } from '../support/test-assize.ts'

interface Provocation {
  provoke(assize: TestAssize, judge: { id: string; base_revision: string }): Promise<Answer>
  /** What only this situation says. */
  readonly says: RegExp
}

const datasets = '/v1/observability/datasets'
const noId = '00000000-0000-0000-0000-000000000000'
const conversation = { messages: [{ role: 'user', content: 'Hi' }] }

function judging(
  change: object,
  ...script: Parameters<TestAssize['model']['script']>
): Provocation['provoke'] {
  return async ({ call, model }) => {
    const { body } = await call('POST', path, { body: { ...approval, name: 'Provoked', ...change } })
    if (script.length > 0) model.script(...script)
    return call('POST', `${path}/${body.id}/live-judging`, { body: conversation })
  }
}

/** How to bring about each situation; the compiler asks for one that is added to the catalogue. */
const provocations: Readonly<Record<Situation, Provocation>> = {
  not_authenticated: {
    provoke: ({ call }) => call('GET', path, { key: false }),
    says: /no key/,
  },
  role_forbids: {
    provoke: async ({ call, keyOf }) => call('POST', path, { key: await keyOf('viewer'), body: approval }),
    says: /role viewer may not/,
  },
  cross_site: {
    provoke: ({ call, key }) => call('POST', '/session', { key: false, body: { key } }),
    says: /this server's own page/,
  },
  too_many_wrong_keys: {
    provoke: async ({ call, config }) => {
      for (let wrong = 0; wrong < (config.limits.wrongKeysPerMinute ?? 0); wrong++)
        await call('GET', path, { key: 'unknown' })
      return call('GET', path, { key: 'unknown' })
    },
    says: /Too many wrong keys came from this address/,
  },
  too_many_requests: {
    provoke: async () => {
      const { call } = await startTestAssize({ config: { limits: { requestsPerMinute: 1 } } })
      await call('GET', path)
      return call('GET', path)
    },
    says: /made its 1 requests of this minute/,
  },
  budget_spent: {
    provoke: async () => {
      const prices = [{ modelPatterns: ['*'], inputPerMillion: 1, outputPerMillion: 1 }]
      const { call } = await startTestAssize({ config: { prices, budgets: [{ perDay: 0.000_01 }] } })
      const { body } = await call('POST', path, { body: approval })
      await call('POST', `${path}/${body.id}/live-judging`, { body: conversation })
      return call('POST', `${path}/${body.id}/live-judging`, { body: conversation })
    },
    says: /^The budget of all workspaces \(budgets\[0\]\) is 0\.00001 per day/,
  },
  request_invalid: { provoke: ({ call }) => call('POST', path, { body: {} }), says: /expected string/ },
  body_too_large: {
    provoke: ({ call, config }) => call('POST', path, { body: 'x'.repeat(config.maxBodyBytes + 1) }),
    says: /max_body_bytes/,
  },
  route_not_found: { provoke: ({ call }) => call('GET', '/v2'), says: /There is no GET \/v2/ },
  template_syntax: {
    provoke: ({ call }) => call('POST', path, { body: { ...approval, instructions: '{{' } }),
    says: /line 1/,
  },
  template_failed: { provoke: judging({ instructions: '{{ nothing() }}' }), says: /line 1/ },
  judge_not_found: {
    provoke: ({ call }) => call('GET', `${path}/00000000-0000-0000-0000-000000000000`),
    says: /no judge/,
  },
  judge_name_taken: {
    provoke: ({ call }) => call('POST', path, { body: approval }),
    says: /another judge/,
  },
  judge_unchanged: {
    provoke: ({ call }, { id }) => call('PUT', `${path}/${id}`, { body: approval }),
    says: /nothing was changed/,
  },
  revision_immutable: {
    provoke: ({ call }, judge) => call('DELETE', `${path}/${judge.base_revision}`),
    says: /revisions never change/,
  },
  etag_mismatch: {
    provoke: ({ call }, { id }) => call('DELETE', `${path}/${id}`, { headers: { 'if-match': '"old"' } }),
    says: /If-Match/,
  },
  dataset_not_found: {
    provoke: ({ call }) => call('GET', `${datasets}/00000000-0000-0000-0000-000000000000/records`),
    says: /no dataset 00000000/,
  },
  dataset_record_not_found: {
    provoke: ({ call }) =>
      call('DELETE', '/v1/observability/dataset-records/00000000-0000-0000-0000-000000000000'),
    says: /no record 00000000/,
  },
  dataset_record_invalid: {
    provoke: async ({ call }) => {
      const { body } = await call('POST', datasets, { body: { name: 'Questions', description: '' } })
      return call('POST', `${datasets}/${body.id}/records`, { body: { payload: { messages: [1] } } })
    },
    says: /^payload\.messages\[0\] is a number/,
  },
  link_expired: {
    provoke: async ({ call, advance }) => {
      const { body } = await call('POST', datasets, { body: { name: 'Questions', description: '' } })
      const link = await call('GET', `${datasets}/${body.id}/exports/to-jsonl`)
      advance(3_600_000)
      return call('GET', link.body.file_url.replace(/^https?:\/\/[^/]*/, ''), { key: false })
    },
    says: /older than 60 minutes/,
  },
  key_not_found: {
    provoke: ({ call }) => call('DELETE', `/v1/observability/keys/${noId}`),
    says: /no key/,
  },
  last_admin_key: {
    provoke: async ({ call }) => {
      const { key_id: id } = (await call('GET', '/v1/observability/me')).body
      return call('DELETE', `/v1/observability/keys/${id}`)
    },
    says: /last admin key that lives/,
  },
  label_not_found: {
    provoke: async ({ call }) => {
      const { body: dataset } = await call('POST', datasets, { body: { name: 'Labelled', description: '' } })
      const body = { payload: conversation }
      const { body: record } = await call('POST', `${datasets}/${dataset.id}/records`, { body })
      return call('DELETE', `/v1/observability/dataset-records/${record.id}/labels/${record.id}`)
    },
    says: /has no label/,
  },
  judgment_not_found: {
    provoke: ({ call }, { id }) =>
      call('GET', `${path}/${id}/judgments/00000000-0000-0000-0000-000000000000`),
    says: /no judgment/,
  },
  dataset_task_not_found: {
    provoke: async ({ call }) => {
      const { body } = await call('POST', datasets, { body: { name: 'Questions', description: '' } })
      return call('GET', `${datasets}/${body.id}/tasks/${noId}`)
    },
    says: /no task/,
  },
  file_not_found: { provoke: ({ call }) => call('GET', `/v1/files/${noId}`), says: /no file/ },
  run_not_found: {
    provoke: ({ call }) => call('GET', `/v1/observability/runs/${noId}`),
    says: /no run/,
  },
  run_transition_invalid: {
    provoke: async ({ call }, { id }) => {
      const { body: dataset } = await call('POST', datasets, { body: { name: 'Judged', description: '' } })
      await call('POST', `${datasets}/${dataset.id}/records`, { body: { payload: conversation } })
      const begun = { judge_id: id, dataset_id: dataset.id }
      const { body: run } = await call('POST', '/v1/observability/runs', { body: begun })
      return call('POST', `/v1/observability/runs/${run.id}/resume`, { body: {} })
    },
    says: /is running; expected cancelled or capped or failed to resume it/,
  },
  feature_not_supported: {
    provoke: async ({ call }) => {
      const { body } = await call('POST', datasets, { body: { name: 'Questions', description: '' } })
      const imports = `${datasets}/${body.id}/imports`
      return call('POST', `${imports}/from-playground`, { body: { conversation_ids: ['conv_1'] } })
    },
    says: /no playground/,
  },
  conversation_invalid: {
    provoke: ({ call }, { id }) =>
      call('POST', `${path}/${id}/live-judging`, { body: { messages: [[null]] } }),
    says: /messages\[0\]/,
  },
  model_not_served: { provoke: judging({ model_name: 'nobody' }), says: /No provider serves "nobody"/ },
  provider_refused: {
    provoke: judging({}, new ModelFailure('invalid_request', 'The provider refused.')),
    says: /refused/,
  },
  tool_not_served: { provoke: judging({ tools: ['web_search'] }), says: /"web_search"/ },
  provider_failed: {
    provoke: judging({}, new ModelFailure('provider_failed', 'The provider failed.')),
    says: /failed/,
  },
  no_valid_answer: { provoke: judging({}, 'No idea.'), says: /no valid answer after 2 repairs/ },
  provider_rate_limits: {
    provoke: judging({}, new ModelFailure('rate_limited', 'The provider limits the rate.')),
    says: /rate/,
  },
  deadline_passed: {
    provoke: judging({}, new ModelFailure('timed_out', "The judgment's deadline passed.")),
    says: /deadline/,
  },
  database_unavailable: { provoke: createWhileLocked, says: /database can't be reached/ },
  unknown: {
    provoke: ({ call, assize }) => {
      vi.spyOn(assize.judges, 'list').mockRejectedValue(new Error('a fault of this server'))
      return call('GET', path)
    },
    says: /^Something went wrong on this server; its log has more under request \S+\.$/,
  },
}

/** Another process that keeps the file locked for longer than anybody waits. */
async function createWhileLocked({ call, config }: TestAssize): Promise<Answer> {
  const { database } = config
  if (database.engine !== 'sqlite') throw new Error('This provocation is for SQLite.')
  const other = new DatabaseSync(database.path)
  other.exec('begin immediate')
  const answer = await call('POST', path, { body: { ...approval, name: 'Locked out' } })
  other.exec('rollback')
  other.close()
  return answer
}

afterEach(() => {
  vi.restoreAllMocks()
})

it.each(Object.entries(provocations))('%s is answered as the catalogue has it', async (situation, how) => {
  const assize = await startTestAssize()
  const { body: judge } = await assize.call('POST', path, { body: approval })
  const answer = await how.provoke(assize, judge)
  const { status, errorCode } = catalogue[situation as Situation]
  expect(answer.body).toEqual({
    detail: { message: expect.stringMatching(how.says), error_code: errorCode },
  })
  expect(answer.status).toBe(status)
  expect(answer.headers['content-type']).toBe('application/json; charset=utf-8')
  expect(answer.headers['x-request-id']).toMatch(/\S{8}/)
})
