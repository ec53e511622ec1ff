import { execFile, spawnSync } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { type ListeningAssize, startListeningAssize } from './listening-assize.ts'

const hasCurl = spawnSync('curl', ['--version']).status === 0

/** The calls of the API's own document, as they stand there, in its order. */
const calls = (await readFile(new URL('seed-calls.txt', import.meta.url), 'utf8')).trim().split('\n\n')
const [list = '', create = '', fetch = '', update = '', remove = '', judge = ''] = calls

const judgeShape = {
  id: expect.any(String),
  created_at: expect.any(String),
  updated_at: expect.any(String),
  deleted_at: null,
  owner_id: expect.any(String),
  workspace_id: expect.any(String),
  base_revision: expect.any(String),
  up_revision: null,
}

/** Runs a call in a shell; all that is changed is where it goes, whose key it carries and which judge it means. */
async function run(call: string, { url, key }: ListeningAssize, judgeId = '') {
  const aimed = call
    .replace('https://api.mistral.ai', url)
    .replace('YOUR_APIKEY_HERE', key)
    .replace('{judge_id}', judgeId)
  const observed = `curl() { command curl --silent --write-out '\\n%{http_code} %{content_type}' "$@"; }\n${aimed}`
  const { stdout } = await promisify(execFile)('sh', ['-c', observed])
  const [, body = '', status, type] = /^(.*)\n(\d{3}) (.*)$/s.exec(stdout) ?? []
  return { status: Number(status), type, body: body === '' ? undefined : JSON.parse(body) }
}

describe.skipIf(!hasCurl)(
  `the calls of the API's document${hasCurl ? '' : ': there is no curl to run them'}`,
  () => {
    it('are all there', () => {
      expect(calls.map((call) => /-X (\w+)/.exec(call)?.[1])).toEqual([
        'GET',
        'POST',
        'GET',
        'PUT',
        'DELETE',
        'POST',
      ])
    })

    it('work one after the other', async () => {
      const assize = await startListeningAssize()
      expect(await run(list, assize)).toEqual({
        status: 200,
        type: expect.stringMatching(/^application\/json/),
        body: { judges: { results: [], count: 0, next: null, previous: null } },
      })

      const created = await run(create, assize)
      const firstDefinition = {
        description: 'My Judge description.',
        instructions: 'Evaluate the response.',
        model_name: 'mistral-small-latest',
        name: 'My Judge',
        output: { type: 'CLASSIFICATION', options: [{ description: 'My Judge', value: 'approved' }] },
        tools: ['approved'],
      }
      expect(created.status).toBe(201)
      expect(created.body).toEqual({ ...judgeShape, ...firstDefinition, down_revision: null })
      const { id } = created.body

      expect(await run(fetch, assize, id)).toEqual({ ...created, status: 200 })
      expect((await run(list, assize)).body.judges).toMatchObject({ results: [created.body], count: 1 })

      expect(await run(update, assize, id)).toEqual({ status: 204, type: '', body: undefined })
      expect((await run(fetch, assize, id)).body).toEqual({
        ...judgeShape,
        ...firstDefinition,
        id,
        description: 'Checks whether the answer is grounded in the retrieved context.',
        instructions:
          'Score the response from 1 to 5 based on factual accuracy and faithfulness to the sources.',
        model_name: 'mistral-large-latest',
        name: 'Faithfulness',
        tools: ['web_search'],
        down_revision: created.body.base_revision,
      })

      expect(await run(remove, assize, id)).toEqual({ status: 204, type: '', body: undefined })
      expect(await run(fetch, assize, id)).toMatchObject({
        status: 404,
        body: { detail: { error_code: 'JUDGE_NOT_FOUND' } },
      })
    })

    it('name the message that is none', async () => {
      const assize = await startListeningAssize()
      const { body } = await run(create, assize)
      expect(await run(judge, assize, body.id)).toEqual({
        status: 422,
        type: expect.stringMatching(/^application\/json/),
        body: {
          detail: {
            message: expect.stringContaining('messages[0]'),
            error_code: 'JUDGE_CONVERSATION_FORMAT_ERROR',
          },
        },
      })
    })

    it('are refused without a key that the server knows', async () => {
      const assize = await startListeningAssize()
      for (const call of calls) {
        const answer = await run(call, { ...assize, key: 'another-key-of-someone' }, assize.key)
        expect(answer).toMatchObject({ status: 401, body: { detail: { error_code: 'AUTH_UNAUTHORIZED' } } })
      }
    })
  },
)
