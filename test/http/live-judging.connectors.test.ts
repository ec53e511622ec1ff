import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, expect, it, onTestFinished } from 'vitest'
import { loadConfig } from '../../src/config.ts'
import type { ProviderServer } from '../support/provider-server.ts'
import { approval, path, startTestAssize, type TestAssize } from '../support/test-assize.ts'
import { startTestServer } from '../support/test-provider.ts'

const key = 'a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6'
const messages = [
  { role: 'user', content: 'What is the capital of France?' },
  { role: 'assistant', content: 'Paris.' },
]
const output = { options: ['yes', 'no'].map((value) => ({ value, description: value })) }
const tools = `tools:
  web: { connector: web_search }
  policies: { connector: document_library, library_ids: [06835734-0c0f-7ed4-8000-1b9f4e0a7b5c] }
panels:
  mixed: { models: [mistral/mistral-medium-latest, openai/gpt-4.1] }
`

let server: ProviderServer
let assize: TestAssize

beforeEach(async () => {
  server = await startTestServer()
  const folder = mkdtempSync(join(tmpdir(), 'assize-connectors-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const file = join(folder, 'assize.yaml')
  writeFileSync(file, `local: { enabled: false }\njudging: { max_attempts: 1 }\n${tools}`)
  const environment = {
    ASSIZE_CONFIG: file,
    ASSIZE_DATA_DIR: folder,
    MISTRAL_API_KEY: key,
    MISTRAL_BASE_URL: server.baseUrl,
    OPENAI_API_KEY: 'sk-test',
    OPENAI_BASE_URL: server.baseUrl,
  }
  const config = loadConfig(environment, folder)
  assize = await startTestAssize({
    config: {
      providers: config.providers,
      secrets: config.secrets,
      local: config.local,
      judging: config.judging,
      tools: config.tools,
      panels: config.panels,
    },
    asksProviders: true,
  })
})

async function judge(modelName: string, wanted: readonly string[]) {
  const definition = { ...approval, model_name: modelName, output, tools: wanted }
  const { body } = await assize.call('POST', path, { body: definition })
  return await assize.call('POST', `${path}/${body.id}/live-judging?include=details`, { body: { messages } })
}

function found(content: string): { readonly body: unknown } {
  const times = { created_at: '2026-05-26T15:22:12.612Z', completed_at: '2026-05-26T15:22:13.926Z' }
  const execution = {
    ...times,
    object: 'entry',
    type: 'tool.execution',
    id: 'tool_exec_06834a7cc6f97a5f8000e4d3d1ab7c4e',
    name: 'web_search',
    arguments: '{"query": "capital of France"}',
    info: {},
  }
  const message = {
    ...times,
    object: 'entry',
    type: 'message.output',
    id: 'msg_06834a7d058971f480008e7b1bd9e5e2',
    model: 'mistral-medium-latest',
    role: 'assistant',
    content: [
      { type: 'text', text: content },
      { type: 'tool_reference', tool: 'web_search', title: 'Paris', url: 'https://example.com' },
    ],
  }
  const usage = { prompt_tokens: 189, completion_tokens: 95, total_tokens: 710, connector_tokens: 426 }
  const object = 'conversation.response'
  return { body: { object, conversation_id: 'conv_0684fe18', outputs: [execution, message], usage } }
}

it('a judge with a connector answers, and what was called is kept under its own name', async () => {
  server.script(found('{"analysis": "A page says so.", "answer": "yes"}'))
  const judged = await judge('mistral-medium-latest', ['web'])
  expect(judged).toMatchObject({ status: 200, body: { analysis: 'A page says so.', answer: 'yes' } })
  expect(judged.body.details).toMatchObject({
    provider: 'mistral',
    attempts: 1,
    enforcement: 'text',
    tool_calls: [{ name: 'web', arguments: '{"query": "capital of France"}', outcome: 'done' }],
  })
  const [sent] = server.requests
  expect(sent?.path).toBe('/v1/conversations')
  expect(sent?.body).toMatchObject({ model: 'mistral-medium-latest', store: false })
  expect(sent?.body.tools).toEqual([{ type: 'web_search' }])
  expect(sent?.body.instructions).toContain('tools')
  expect(JSON.stringify(sent?.body.inputs)).toContain('Paris.')
  expect(assize.logLines.join()).not.toContain(key)
})

it('what a model found is asked for in the right form by the strictest means', async () => {
  server.script(found('Paris it is, so I would say that this is fine.'))
  const judged = await judge('mistral-medium-latest', ['web'])
  expect(judged).toMatchObject({ status: 200, body: { answer: 'yes' } })
  expect(judged.body.details).toMatchObject({ attempts: 2, enforcement: 'json_schema' })
  expect(judged.body.details.tool_calls).toHaveLength(1)
  expect(server.requests.map((request) => request.path)).toEqual([
    '/v1/conversations',
    '/v1/chat/completions',
  ])
  expect(JSON.stringify(server.requests[1]?.body.messages)).toContain('Paris it is')
})

it('a rate limit says when to come again', async () => {
  const body = { message: `Requests rate limit exceeded for ${key}` }
  server.script({ status: 429, headers: { 'retry-after': '7' }, body })
  const judged = await judge('mistral-medium-latest', ['web', 'policies'])
  expect(judged).toMatchObject({ status: 429, headers: { 'retry-after': '7' } })
  expect(judged.body.detail.error_code).toBe('JUDGE_MISTRAL_API_ERROR')
  expect(JSON.stringify(judged.body)).not.toContain(key)
  expect(assize.logLines.join()).not.toContain(key)
})

it.each([
  ["of a provider that doesn't run them", 'openai/gpt-4.1', ['web'], /"web" is one of Mistral's connectors/],
  ['that nobody has set up', 'mistral-medium-latest', ['code_interpreter'], /code_interpreter.*web/],
])('a connector %s is refused', async (_, modelName, wanted, message) => {
  const { status, body } = await judge(modelName, wanted)
  expect(status).toBe(400)
  expect(body.detail.error_code).toBe('FEATURE_NOT_SUPPORTED')
  expect(body.detail.message).toMatch(message)
  expect(server.requests).toHaveLength(0)
})

it('a connector is refused with a panel that has a member of another provider', async () => {
  const { status, body } = await judge('panel/mixed', ['web'])
  expect(status).toBe(400)
  expect(body.detail.message).toContain('which the provider openai does not run')
  expect(server.requests.filter((request) => request.path === '/v1/chat/completions')).toHaveLength(0)
})

it('the tools of a workspace list what is set up', async () => {
  const { body } = await assize.call('GET', '/v1/observability/tools')
  expect(JSON.stringify(body)).toContain('Searches the web, at Mistral and for its models.')
  expect(JSON.stringify(body)).toContain('"policies"')
})
