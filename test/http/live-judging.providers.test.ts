import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { loadConfig } from '../../src/config.ts'
import { aiKey } from '../support/ai-provider.ts'
import { recordedAnswer } from '../support/fixtures/providers/recorded-answer.ts'
import { type ProviderServer, startProviderServer } from '../support/provider-server.ts'
import { approval, path, startTestAssize, type TestAssize } from '../support/test-assize.ts'

const messages = [
  { role: 'user', content: 'What is the capital of France?' },
  { role: 'assistant', content: 'Paris.' },
]
const output = { options: ['yes', 'no'].map((value) => ({ value, description: value })) }

let server: ProviderServer

beforeEach(async () => {
  server = await startProviderServer()
})

afterEach(async () => {
  await server[Symbol.asyncDispose]()
})

/** The whole server, with this configuration of providers. */
async function startWith(yaml: string, environment: Readonly<Record<string, string>>): Promise<TestAssize> {
  const folder = mkdtempSync(join(tmpdir(), 'assize-providers-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const file = join(folder, 'assize.yaml')
  writeFileSync(file, `local: { enabled: false }\njudging: { max_attempts: 1 }\n${yaml}`)
  const config = loadConfig({ ASSIZE_CONFIG: file, ASSIZE_DATA_DIR: folder, ...environment }, folder)
  const { providers, secrets, local, judging } = config
  return startTestAssize({ config: { providers, secrets, local, judging }, asksProviders: true })
}

async function judge(assize: TestAssize, modelName: string): Promise<() => ReturnType<TestAssize['call']>> {
  const definition = { ...approval, model_name: modelName, output }
  const { body } = await assize.call('POST', path, { body: definition })
  return () => assize.call('POST', `${path}/${body.id}/live-judging`, { body: { messages } })
}

describe('a judge of anthropic', () => {
  let assize: TestAssize
  let live: () => ReturnType<TestAssize['call']>

  beforeEach(async () => {
    const { origin } = new URL(server.baseUrl)
    assize = await startWith('', { ANTHROPIC_API_KEY: aiKey, ANTHROPIC_BASE_URL: origin })
    live = await judge(assize, 'claude-sonnet-4-5')
  })

  it('answers', async () => {
    server.script(recordedAnswer('anthropic', 'message'))
    expect(await live()).toMatchObject({
      status: 200,
      body: { analysis: 'The response names the amount and the date.', answer: 'yes' },
    })
    const [sent] = server.requests
    expect(sent?.headers['x-api-key']).toBe(aiKey)
    expect(sent?.body.system[0].text).not.toBe('')
    expect(sent?.body.messages.at(-1).content[0].text).toContain('Paris.')
    expect(assize.logLines.join()).not.toContain(aiKey)
  })

  it('answers by a tool call where its model takes no schema', async () => {
    server.script(recordedAnswer('anthropic', 'schema refused'), recordedAnswer('anthropic', 'tool call'))
    expect(await live()).toMatchObject({ status: 200, body: { answer: 'yes' } })
    expect(server.requests[1]?.body.tool_choice.name).toBe('judgment')
  })

  it('raises the token limit once when the reply was cut', async () => {
    server.script(recordedAnswer('anthropic', 'cut'), recordedAnswer('anthropic', 'message'))
    expect(await live()).toMatchObject({ status: 200, body: { answer: 'yes' } })
    expect(server.requests.map(({ body }) => body.max_tokens)).toEqual([2048, 4096])
  })

  it.each<[string, number, RegExp]>([
    ['rate limit', 429, /Provider anthropic limits the rate/],
    ['wrong key', 400, /Provider anthropic refused this server's key/],
    ['context overflow', 400, /208656 tokens/],
    ['overloaded', 502, /Provider anthropic failed/],
    ['refusal', 502, /refus/],
  ])('says why there is no answer: %s', async (name, status, message) => {
    server.always(recordedAnswer('anthropic', name))
    const answer = await live()
    expect(answer).toMatchObject({ status, body: { detail: { error_code: 'JUDGE_MISTRAL_API_ERROR' } } })
    expect(answer.body.detail.message).toMatch(message)
    if (name === 'rate limit') expect(answer.headers['retry-after']).toBe('17')
    expect(JSON.stringify(answer.body)).not.toContain(aiKey)
  })
})

it('judges of google and bedrock answer beside each other', async () => {
  const { origin } = new URL(server.baseUrl)
  const yaml = `
providers:
  google: { base_url: ${origin} }
  bedrock: { base_url: ${origin}, region: eu-central-1, models: ["anthropic.claude-*"] }
`
  const environment = { GEMINI_API_KEY: aiKey, AWS_BEARER_TOKEN_BEDROCK: 'of-bedrock' }
  const assize = await startWith(yaml, environment)
  server.script(recordedAnswer('google', 'content'), recordedAnswer('bedrock', 'message'))
  const gemini = await judge(assize, 'gemini-2.5-flash')
  expect(await gemini()).toMatchObject({ status: 200, body: { answer: 'yes' } })
  const { body } = await assize.call('POST', path, {
    body: { ...approval, name: 'Another', model_name: 'bedrock/anthropic.claude-sonnet-4-5', output },
  })
  const live = `${path}/${body.id}/live-judging`
  expect(await assize.call('POST', live, { body: { messages } })).toMatchObject({ status: 200 })
  expect(server.requests.map(({ path: called }) => called)).toEqual([
    '/v1beta/models/gemini-2.5-flash:generateContent',
    '/model/anthropic.claude-sonnet-4-5/converse',
  ])
  expect(server.requests[1]?.headers.authorization).toBe('Bearer of-bedrock')
})
