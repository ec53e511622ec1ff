import { beforeEach, describe, expect, it } from 'vitest'
import type { ModelReply, ModelRequest, ToolCall } from '../../src/judging/model.ts'
import type { HostedProvider } from '../../src/models/hosted-provider.ts'
import { failureOf } from '../support/failure-of.ts'
import { type RecordedProvider, recordedAnswer } from '../support/fixtures/providers/recorded-answer.ts'
import { nextRound } from '../support/next-round.ts'
import type { ProviderServer, ScriptedAnswer } from '../support/provider-server.ts'
import { openTestProvider, startTestProvider, request as usual } from '../support/test-provider.ts'

const parameters = { type: 'object', properties: { path: { type: 'string' } }, required: ['path'] }
const request: ModelRequest = {
  ...usual,
  tools: [{ name: 'files__read', description: 'Reads a file.', parameters }],
}
const never = new AbortController().signal

let server: ProviderServer
let provider: HostedProvider

beforeEach(async () => {
  ;({ server, provider } = await startTestProvider())
})

/** A reply of these calls, as the protocol has them. */
function calling(
  calls: readonly unknown[] | null,
  { finish_reason = 'tool_calls', ...message }: Readonly<Record<string, unknown>> = {},
): ScriptedAnswer {
  const said = { role: 'assistant', content: null, tool_calls: calls, ...message }
  return { body: { choices: [{ index: 0, message: said, finish_reason }] } }
}

function made(id: unknown, args: unknown, name = 'files__read'): unknown {
  return { id, type: 'function', function: { name, arguments: args } }
}

async function reply(answer: ScriptedAnswer, asked = request): Promise<ModelReply> {
  server.script(answer)
  return await provider.model.complete(asked, never)
}

async function callsOf(calls: readonly unknown[]): Promise<readonly ToolCall[] | undefined> {
  return (await reply(calling(calls))).toolCalls
}

describe.each([
  ['openai', ['call_LQyzM1Zg2zsSDKxqTdcKbCjB', 'call_o7uyztQLeVIoRdjcDkDJY3ni'], '{"path":"a.txt"}'],
  ['mistral', ['D681PevKs', 'oGEvDEAyK'], '{"path": "a.txt"}'],
] as const)('with the tools of %s', (type, [first, second], args) => {
  const argsOfSecond = args.replace('a.txt', 'b.txt')
  const offered = {
    tools: [
      { type: 'function', function: { name: 'files__read', description: 'Reads a file.', parameters } },
    ],
    tool_choice: 'auto',
  }

  it('the first round offers them, and asks for no form', async () => {
    const asked = openTestProvider(server, { type })
    server.script(recordedAnswer(type, 'tool calls'))
    const said = await asked.model.complete(request, never)
    expect(server.requests[0]?.body).toEqual({
      model: 'judge-small',
      messages: request.messages,
      temperature: 0,
      max_tokens: 256,
      ...offered,
    })
    expect(said).toMatchObject({ text: '', finish: 'stop', enforcement: 'text' })
    expect(said.toolCalls).toEqual([
      { id: first, name: 'files__read', arguments: args },
      { id: second, name: 'files__read', arguments: argsOfSecond },
    ])
  })

  it('the second round holds the calls and what each gave', async () => {
    const asked = openTestProvider(server, { type })
    server.script(recordedAnswer(type, 'tool calls'), recordedAnswer(type, 'chat'))
    const said = await asked.model.complete(request, never)
    const last = await asked.model.complete(nextRound(request, said, ['Blue.', 'Green.']), never)
    const call = (id: string, text: string) => ({
      id,
      type: 'function',
      function: { name: 'files__read', arguments: text },
    })
    expect(server.requests[1]?.body).toEqual({
      model: 'judge-small',
      messages: [
        ...request.messages,
        { role: 'assistant', content: '', tool_calls: [call(first, args), call(second, argsOfSecond)] },
        { role: 'tool', content: 'Blue.', tool_call_id: first, name: 'files__read' },
        { role: 'tool', content: 'Green.', tool_call_id: second, name: 'files__read' },
      ],
      temperature: 0,
      max_tokens: 256,
      ...offered,
    })
    expect(last).toMatchObject({ finish: 'stop', enforcement: 'text' })
    expect(JSON.parse(last.text)).toMatchObject({ answer: 'yes' })
    expect(last).not.toHaveProperty('toolCalls')
  })
})

describe('a call', () => {
  it('counts whatever the reason to stop is called', async () => {
    const said = await reply(calling([made('c1', '{"path":"a"}')], { finish_reason: 'stop' }))
    expect(said.toolCalls).toEqual([{ id: 'c1', name: 'files__read', arguments: '{"path":"a"}' }])
  })

  it('that is written out in the text is none', async () => {
    const content = '<tool_call>{"name": "files__read", "arguments": {"path": "a"}}</tool_call>'
    const said = await reply(calling(null, { content, finish_reason: 'stop' }))
    expect(said).toMatchObject({ text: content, finish: 'stop' })
    expect(said).not.toHaveProperty('toolCalls')
  })

  it('may stand beside text, which goes back with it', async () => {
    const said = await reply(calling([made('c1', '{}')], { content: 'I will look.' }))
    expect(said).toMatchObject({ text: 'I will look.', toolCalls: [{ id: 'c1' }] })
    await provider.model.complete(nextRound(request, said, ['x']), never)
    expect(server.requests[1]?.body.messages[2]).toMatchObject({ content: 'I will look.' })
  })

  it('has arguments as text, also where they came as an object, or not at all', async () => {
    const calls = await callsOf([made('a', { path: 'a' }), made('b', ''), made('c', undefined)])
    expect(calls?.map(({ arguments: args }) => args)).toEqual(['{"path":"a"}', '', '{}'])
  })

  it.each(['', '{"path": ', '[1]', 'null', '"a"'])(
    'whose arguments are %j is repeated without them',
    async (args) => {
      const said = await reply(calling([made('c1', args)]))
      expect(said.toolCalls?.[0]?.arguments).toBe(args)
      await provider.model.complete(nextRound(request, said, ['The arguments are no JSON object.']), never)
      expect(server.requests[1]?.body.messages[2].tool_calls[0].function.arguments).toBe('{}')
    },
  )

  it('whose arguments are nested too deep to be written is repeated without them', async () => {
    const deep = `{"a":${'['.repeat(50_000)}${']'.repeat(50_000)}}`
    const said = await reply(calling([made('c1', deep)]))
    await provider.model.complete(nextRound(request, said, ['No.']), never)
    expect(server.requests[1]?.body.messages[2].tool_calls[0].function.arguments).toBe('{}')
  })

  it('of a tool that can have no such name is repeated by one that it can have', async () => {
    const said = await reply(calling([made('c1', '{}', 'functions.read it!'), made('c2', '{}', '')]))
    expect(said.toolCalls?.map(({ name }) => name)).toEqual(['functions.read it!', ''])
    await provider.model.complete(nextRound(request, said, ['x', 'y']), never)
    const [, , calls, ...results] = server.requests[1]?.body.messages ?? []
    const names = ['functions_read_it_', 'unnamed']
    expect(calls.tool_calls.map((call: { function: ToolCall }) => call.function.name)).toEqual(names)
    expect(results.map(({ name }: ToolCall) => name)).toEqual(names)
  })

  it('that is none is left out', async () => {
    expect(await callsOf([{ id: 'c1' }, 'files__read', null, made('c2', '{}')])).toMatchObject([{ id: 'c2' }])
  })
})

describe('ids', () => {
  it('are made where there are none, in the form that Mistral takes', async () => {
    const calls = await callsOf([made(undefined, '{}'), made(null, '{}'), made('', '{}')])
    expect(calls?.map(({ id }) => id)).toEqual(['call00001', 'call00002', 'call00003'])
  })

  it('are unique within a reply', async () => {
    const calls = await callsOf([
      made('same', '{}'),
      made('same', '{}'),
      made('call00001', '{}'),
      made('same', '{}'),
    ])
    expect(calls?.map(({ id }) => id)).toEqual(['same', 'call00002', 'call00001', 'call00003'])
  })

  it('are unique over the rounds', async () => {
    const first = await reply(calling([made('again', '{}'), made(undefined, '{}')]))
    const second = await reply(
      calling([made('again', '{}'), made(undefined, '{}')]),
      nextRound(request, first, ['x', 'y']),
    )
    const ids = [...(first.toolCalls ?? []), ...(second.toolCalls ?? [])].map(({ id }) => id)
    expect(ids).toEqual(['again', 'call00001', 'call00002', 'call00003'])
  })
})

describe('what a provider wants to see again', () => {
  it('is the reasoning behind its calls: DeepSeek', async () => {
    const said = await reply(recordedAnswer('others', 'deepseek tool call'))
    await provider.model.complete(nextRound(request, said, ['x']), never)
    expect(server.requests[1]?.body.messages[2]).toMatchObject({
      role: 'assistant',
      reasoning_content: 'I should read the file first.',
      tool_calls: [{ id: 'call_00_dS1Dnxavoyj3671yVxnr4217' }],
    })
  })

  it("is the signature of its thoughts: Gemini, by OpenAI's protocol", async () => {
    const said = await reply(recordedAnswer('others', 'gemini tool call'))
    await provider.model.complete(nextRound(request, said, ['x']), never)
    expect(server.requests[1]?.body.messages[2].tool_calls[0].extra_content).toEqual({
      google: { thought_signature: 'EsoBCscBAXLI2nxT' },
    })
  })

  it('are the details of its reasoning: OpenRouter', async () => {
    const reasoning_details = [{ type: 'reasoning.encrypted', data: 'EsoB', index: 0 }]
    const said = await reply(calling([made('c1', '{}')], { reasoning_details }))
    await provider.model.complete(nextRound(request, said, ['x']), never)
    expect(server.requests[1]?.body.messages[2]).toMatchObject({ reasoning_details })
  })
})

describe('a reply that ends otherwise makes no call', () => {
  it('cut within the arguments', async () => {
    const said = await reply(recordedAnswer('openai', 'tool call cut'))
    expect(said).toMatchObject({ text: '', finish: 'length' })
    expect(said).not.toHaveProperty('toolCalls')
  })

  it.each([
    ['cut after a whole call', 'length', {}, 'length'],
    ['stopped by a filter', 'content_filter', {}, 'filtered'],
    ['refused', 'stop', { refusal: "I can't help with that." }, 'refused'],
  ])('%s', async (_, finish_reason, message, finish) => {
    const said = await reply(calling([made('c1', '{}')], { finish_reason, ...message }))
    expect(said).toMatchObject({ finish })
    expect(said).not.toHaveProperty('toolCalls')
  })

  it('out of tokens before a word', async () => {
    const said = await reply(recordedAnswer('openai', 'output used up'))
    expect(said).toMatchObject({ text: '', finish: 'length', enforcement: 'text' })
  })
})

describe('a model that takes no tools', () => {
  it.each<[RecordedProvider, string, string]>([
    ['openai', 'tools refused', "'tools' is not supported with this model"],
    ['vllm', 'auto tool choice off', '--enable-auto-tool-choice and --tool-call-parser'],
    ['ollama', 'tools refused', 'does not support tools'],
    ['mistral', 'functions refused', 'Function calling is not enabled for this model'],
    ['others', 'groq tools', 'is not supported with this model'],
    ['others', 'openrouter tools', 'No endpoints found that support'],
  ])('of %s says so, and teaches nothing: %s', async (of, name, words) => {
    server.script(recordedAnswer(of, name))
    const failure = await failureOf(provider.model.complete(request, never))
    expect(failure).toMatchObject({ kind: 'invalid_request', isRetryable: false, attempts: 1 })
    expect(failure.message).toContain(words)
    expect(server.requests).toHaveLength(1)
    expect(provider.knownForm('judge-small')).toBeUndefined()
    const { tools: _, ...plain } = request
    expect(await provider.model.complete(plain, never)).toMatchObject({
      enforcement: 'json_schema',
      attempts: 1,
    })
  })

  it('weakens no form that was learnt before', async () => {
    const { tools: _, ...plain } = request
    server.script(recordedAnswer('openai', 'json schema refused'))
    await provider.model.complete(plain, never)
    for (const name of ['auto tool choice off', 'schema to grammar']) {
      server.script(recordedAnswer('vllm', name))
      await failureOf(provider.model.complete(request, never))
    }
    expect(server.requests).toHaveLength(4)
    expect(provider.knownForm('judge-small')).toMatchObject({ enforcement: 'tool_call' })
    expect(await provider.model.complete(plain, never)).toMatchObject({
      enforcement: 'tool_call',
      attempts: 1,
    })
  })
})

describe('a round with tools still teaches', () => {
  it.each<[RecordedProvider, string, (body: ProviderServer['requests'][number]['body']) => unknown, unknown]>(
    [
      ['openai', 'temperature refused', (body) => 'temperature' in body, false],
      ['openai', 'max tokens refused', (body) => body.max_completion_tokens, 256],
      ['vllm', 'system role refused', (body) => body.messages[0].role, 'user'],
    ],
  )('%s: %s', async (of, name, sent, expected) => {
    server.script(
      recordedAnswer(of, name),
      recordedAnswer('openai', 'tool calls'),
      recordedAnswer('openai', 'chat'),
    )
    const said = await provider.model.complete(request, never)
    expect(said).toMatchObject({ attempts: 2, toolCalls: [{}, {}] })
    expect(server.requests[1]?.body.tools).toHaveLength(1)
    await provider.model.complete(nextRound(request, said, ['x', 'y']), never)
    expect(server.requests.slice(1).map(({ body }) => sent(body))).toEqual([expected, expected])
    expect(provider.knownForm('judge-small')).toMatchObject({ enforcement: 'json_schema' })
  })

  it('but not that there is no system role, where a template has no role for results', async () => {
    const said = await reply(recordedAnswer('openai', 'tool calls'))
    server.script(recordedAnswer('vllm', 'roles must alternate'))
    const failure = await failureOf(provider.model.complete(nextRound(request, said, ['x', 'y']), never))
    expect(failure).toMatchObject({ kind: 'invalid_request', attempts: 1 })
    expect(failure.message).toContain('roles must alternate')
    expect(provider.knownForm('judge-small')).toBeUndefined()
  })
})
