import { afterEach, beforeEach, expect, it } from 'vitest'
import { loadConfig } from '../../src/config.ts'
import { AssizeError } from '../../src/errors.ts'
import { type ToolResult, ToolUnavailable } from '../../src/judging/tool.ts'
import { openDatabase } from '../../src/storage/open-database.ts'
import { recordedAnswer } from '../support/fixtures/providers/recorded-answer.ts'
import { type ProviderServer, type ScriptedAnswer, startProviderServer } from '../support/provider-server.ts'
import { approval, path, startTestAssize, type TestAssize } from '../support/test-assize.ts'

const messages = [{ role: 'assistant', content: 'The sky is green.' }]
const output = { options: ['yes', 'no'].map((value) => ({ value, description: value })) }
const parameters = { type: 'object', properties: { path: { type: 'string' } } }

let server: ProviderServer
let results: (ToolResult | Error)[]
let given: unknown[]

beforeEach(async () => {
  server = await startProviderServer()
  results = []
  given = []
})

afterEach(async () => {
  await server[Symbol.asyncDispose]()
})

/** A directory that has `files.read` alone, which gives what the test says. */
const tools = {
  async open(names: readonly string[]) {
    const unknown = names.find((name) => name !== 'files.read')
    if (unknown !== undefined) {
      throw new AssizeError(
        'tool_not_served',
        `tools: this server does not have "${unknown}"; it has files.read.`,
      )
    }
    const call = async (args: unknown): Promise<ToolResult> => {
      given.push(args)
      const result = results.shift() ?? { text: 'Blue.', isError: false }
      if (result instanceof Error) throw result
      return result
    }
    return [{ name: 'files__read', servedName: 'files.read', description: 'Reads a file.', parameters, call }]
  },
  list: async () => [{ name: 'files.read', description: 'Reads a file.' }],
  async [Symbol.asyncDispose]() {},
}

async function start(maxToolRounds = 8): Promise<TestAssize> {
  const config = loadConfig({ OPENAI_API_KEY: 'sk-test', OPENAI_BASE_URL: server.baseUrl }, '/nowhere')
  const { providers, secrets } = config
  const judging = { ...config.judging, maxAttempts: 1, maxToolRounds }
  return await startTestAssize({ config: { providers, secrets, judging }, asksProviders: true, tools })
}

async function judge(assize: TestAssize, wanted: readonly string[] = ['files.read']) {
  const body = { ...approval, model_name: 'openai/gpt-4.1', output, tools: wanted }
  const created = await assize.call('POST', path, { body })
  expect(created.status).toBe(201)
  return await assize.call('POST', `${path}/${created.body.id}/live-judging?include=details`, {
    body: { messages },
  })
}

async function rowsOf({ config }: TestAssize) {
  await using database = await openDatabase(config.database)
  return await database.kysely.selectFrom('judgments').selectAll().execute()
}

function calling(...calls: readonly (readonly [name: string, args: string])[]): ScriptedAnswer {
  const made = calls.map(([name, args], index) => ({
    id: `call_${index}`,
    type: 'function',
    function: { name, arguments: args },
  }))
  const message = { role: 'assistant', content: null, tool_calls: made }
  const usage = { prompt_tokens: 100, completion_tokens: 10, total_tokens: 110 }
  return { body: { choices: [{ index: 0, message, finish_reason: 'tool_calls' }], usage } }
}

it('a judge calls its tools and answers by what they gave, and every call is kept', async () => {
  const assize = await start()
  results = [
    { text: 'Blue.', isError: false },
    { text: 'There is no such file.', isError: true },
  ]
  server.script(
    recordedAnswer('openai', 'tool calls'),
    calling(['files__write', '{}'], ['files__read', '{"path": ']),
    recordedAnswer('openai', 'chat'),
  )
  const judged = await judge(assize)
  expect(judged).toMatchObject({ status: 200, body: { answer: 'yes', outcome: 'answered' } })
  expect(given).toEqual([{ path: 'a.txt' }, { path: 'b.txt' }])
  const { details } = judged.body
  expect(details).toMatchObject({ attempts: 3, enforcement: 'text', flags: [] })
  const kept = [
    ['files.read', '{"path":"a.txt"}', 'done'],
    ['files.read', '{"path":"b.txt"}', 'failed'],
    ['files__write', '{}', 'refused'],
    ['files.read', '{"path": ', 'refused'],
  ]
  const shown = details.tool_calls.map((use: Record<string, unknown>) => [
    use.name,
    use.arguments,
    use.outcome,
  ])
  expect(shown).toEqual(kept)
  expect(details.tool_calls[0]).toMatchObject({ result_bytes: 5, latency_ms: expect.any(Number) })
  const [row] = await rowsOf(assize)
  expect(JSON.parse(row?.tool_uses ?? '').map((use: Record<string, unknown>) => Object.values(use))).toEqual(
    details.tool_calls.map((use: Record<string, unknown>) => Object.values(use)),
  )
  expect(row).toMatchObject({ outcome: 'answered', flags: '[]', attempts: 3 })
})

it('what tools give is shown to the model between tags, and the form of its answer is asked for without tools', async () => {
  const assize = await start()
  const unreadable = { role: 'assistant', content: 'It is blue, so no.' }
  server.script(calling(['files__read', '{"path":"a.txt"}']), {
    body: { choices: [{ index: 0, message: unreadable, finish_reason: 'stop' }] },
  })
  expect(await judge(assize)).toMatchObject({ status: 200, body: { answer: 'yes' } })
  const [first, second, third] = server.requests.map(({ body }) => body)
  expect(first).toMatchObject({
    tool_choice: 'auto',
    tools: [{ function: { name: 'files__read', parameters } }],
  })
  expect(first).not.toHaveProperty('response_format')
  const result = second.messages.at(-1)
  expect(result).toMatchObject({ role: 'tool', tool_call_id: 'call_0' })
  expect(result.content).toMatch(/<.*>\s*Blue\.\s*<\/.*>/)
  expect(third).not.toHaveProperty('tools')
  expect(third.response_format.type).toBe('json_schema')
  expect(JSON.stringify(third.messages)).toContain('Blue.')
  expect(third.messages.map(({ role }: { role: string }) => role)).not.toContain('tool')
})

it('a tool that can not be reached ends the judgment, which is kept', async () => {
  const assize = await start()
  results = [new ToolUnavailable('files can not be started.')]
  server.script(calling(['files__read', '{"path":"a.txt"}']))
  const judged = await judge(assize)
  expect(judged.status).toBe(502)
  expect(judged.body.detail).toMatchObject({ message: expect.stringContaining('files can not be started.') })
  expect(server.requests).toHaveLength(1)
  expect(await rowsOf(assize)).toMatchObject([{ outcome: 'tool_failed', answer: null }])
})

it('a tool that this server does not have is told by name, and no model is asked', async () => {
  const judged = await judge(await start(), ['files.read', 'code_interpreter'])
  expect(judged).toMatchObject({
    status: 400,
    body: {
      detail: {
        error_code: 'FEATURE_NOT_SUPPORTED',
        message: 'tools: this server does not have "code_interpreter"; it has files.read.',
      },
    },
  })
  expect(server.requests).toHaveLength(0)
})

it('a model that never stops calling is asked for its answer, and the judgment is flagged', async () => {
  const assize = await start(2)
  const again = calling(['files__read', '{"path":"a.txt"}'])
  server.script(again, again)
  const judged = await judge(assize)
  expect(judged).toMatchObject({
    status: 200,
    body: { answer: 'yes', details: { flags: ['tool_budget_exhausted'], attempts: 3 } },
  })
  expect(judged.body.details.tool_calls).toHaveLength(2)
  expect(server.requests.map(({ body }) => 'tools' in body)).toEqual([true, true, false])
  expect(await rowsOf(assize)).toMatchObject([{ flags: '["tool_budget_exhausted"]' }])
})

it("a model that takes no tools is told of in its provider's words", async () => {
  const assize = await start()
  server.script(recordedAnswer('vllm', 'auto tool choice off'))
  const judged = await judge(assize)
  expect(judged).toMatchObject({ status: 400, body: { detail: { error_code: 'JUDGE_MISTRAL_API_ERROR' } } })
  expect(judged.body.detail.message).toContain('--enable-auto-tool-choice')
  expect(given).toEqual([])
})

it('half a call is not made, but asked for again with twice the limit', async () => {
  const assize = await start()
  server.script(
    recordedAnswer('openai', 'tool call cut'),
    calling(['files__read', '{"path":"a.txt"}']),
    recordedAnswer('openai', 'chat'),
  )
  const judged = await judge(assize)
  expect(judged).toMatchObject({ status: 200, body: { answer: 'yes', details: { attempts: 3 } } })
  expect(given).toEqual([{ path: 'a.txt' }])
  expect(server.requests.map(({ body }) => [body.max_tokens, 'tools' in body])).toEqual([
    [2048, true],
    [4096, true],
    [2048, true],
  ])
})
