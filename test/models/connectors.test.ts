import { beforeEach, describe, expect, it } from 'vitest'
import type { ModelRequest } from '../../src/judging/model.ts'
import type { HostedProvider } from '../../src/models/hosted-provider.ts'
import { failureOf } from '../support/failure-of.ts'
import type { ProviderServer } from '../support/provider-server.ts'
import { startTestProvider, request as usual } from '../support/test-provider.ts'

const key = 'a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6'
const judgment = '{"analysis": "The page says so.", "answer": "yes"}'
const request: ModelRequest = {
  ...usual,
  modelName: 'mistral-medium-latest',
  connectors: [
    { type: 'web_search', servedName: 'web', libraryIds: [] },
    {
      type: 'document_library',
      servedName: 'policies',
      libraryIds: ['06835734-0c0f-7ed4-8000-1b9f4e0a7b5c'],
    },
  ],
}
const never = new AbortController().signal

/** In the shape of Mistral's documentation of connectors. */
function conversation(...outputs: object[]): object {
  return {
    conversation_id: 'conv_0684fe18ba0c7b1d8000c0ffee',
    usage: {
      prompt_tokens: 189,
      completion_tokens: 95,
      total_tokens: 710,
      connector_tokens: 426,
      connectors: { web_search: 1 },
    },
    object: 'conversation.response',
    outputs,
  }
}

const execution = {
  type: 'tool.execution',
  name: 'web_search',
  object: 'entry',
  created_at: '2026-05-26T15:22:12.612Z',
  completed_at: '2026-05-26T15:22:13.926Z',
  id: 'tool_exec_06834a7cc6f97a5f8000e4d3d1ab7c4e',
  arguments: '{"query": "capital of France"}',
  info: {},
}

function message(content: unknown): object {
  return {
    type: 'message.output',
    content,
    object: 'entry',
    created_at: '2026-05-26T15:22:14.346Z',
    completed_at: '2026-05-26T15:22:16.543Z',
    id: 'msg_06834a7d058971f480008e7b1bd9e5e2',
    model: 'mistral-medium-latest',
    role: 'assistant',
  }
}

let server: ProviderServer
let provider: HostedProvider

beforeEach(async () => {
  ;({ server, provider } = await startTestProvider({ type: 'mistral' }, { key, maxAttempts: 2 }))
})

describe('a request with connectors', () => {
  it('goes to the Conversations API, and leaves nothing stored there', async () => {
    server.script({ body: conversation(execution, message(judgment)) })
    await provider.model.complete(request, never)
    const [sent] = server.requests
    expect(sent?.path).toBe('/v1/conversations')
    expect(sent?.headers.authorization).toBe(`Bearer ${key}`)
    expect(sent?.body).toEqual({
      model: 'mistral-medium-latest',
      store: false,
      stream: false,
      instructions: 'You judge.',
      inputs: [
        { object: 'entry', type: 'message.input', role: 'user', content: 'Is it right?', prefix: false },
      ],
      tools: [
        { type: 'web_search' },
        { type: 'document_library', library_ids: ['06835734-0c0f-7ed4-8000-1b9f4e0a7b5c'] },
      ],
      completion_args: { temperature: 0, max_tokens: 256 },
    })
  })

  it('carries the temperature and the seed of a sample', async () => {
    server.script({ body: conversation(message(judgment)) })
    await provider.model.complete({ ...request, sampling: { temperature: 0.7, seed: 11 } }, never)
    expect(server.requests[0]?.body.completion_args).toEqual({
      temperature: 0.7,
      max_tokens: 256,
      random_seed: 11,
    })
  })

  it('names each kind once, with the libraries of all', async () => {
    server.script({ body: conversation(message(judgment)) })
    const library = (...libraryIds: string[]) =>
      ({ type: 'document_library', servedName: 'docs', libraryIds }) as const
    const search = { type: 'web_search', servedName: 'web', libraryIds: [] } as const
    const connectors = [library('a', 'b'), search, library('b', 'c'), search]
    await provider.model.complete({ ...request, connectors }, never)
    expect(server.requests[0]?.body.tools).toEqual([
      { type: 'document_library', library_ids: ['a', 'b', 'c'] },
      { type: 'web_search' },
    ])
  })

  it('goes on with tools of this program beside them', async () => {
    const call = {
      type: 'function.call',
      object: 'entry',
      tool_call_id: 'k3xZ0abc1',
      name: 'files__read',
      arguments: '{"path":"a"}',
    }
    server.script({ body: conversation(call) }, { body: conversation(message(judgment)) })
    const tools = [{ name: 'files__read', description: 'Reads a file.', parameters: { type: 'object' } }]
    const { toolCalls = [], text } = await provider.model.complete({ ...request, tools }, never)
    expect(toolCalls).toEqual([{ id: 'k3xZ0abc1', name: 'files__read', arguments: '{"path":"a"}' }])
    const [toolCall] = toolCalls
    if (toolCall === undefined) throw new Error('There was no call.')
    const messages = [
      ...request.messages,
      { role: 'assistant', content: text, toolCalls } as const,
      { role: 'tool', content: 'blue', toolCall } as const,
    ]
    await provider.model.complete({ ...request, messages, tools }, never)
    expect(server.requests[1]?.body.inputs.slice(1)).toMatchObject([
      { type: 'function.call', tool_call_id: 'k3xZ0abc1', name: 'files__read', arguments: '{"path":"a"}' },
      { type: 'function.result', tool_call_id: 'k3xZ0abc1', result: 'blue' },
    ])
    expect(server.requests[1]?.body.tools).toContainEqual(
      expect.objectContaining({
        type: 'function',
        function: expect.objectContaining({ name: 'files__read' }),
      }),
    )
  })
})

describe('a reply of a conversation', () => {
  it('has the text without what names its sources, and what was called', async () => {
    server.script({
      body: conversation(
        execution,
        message([
          { type: 'text', text: judgment.slice(0, 20) },
          {
            type: 'tool_reference',
            tool: 'web_search',
            title: 'Paris',
            url: 'https://example.com',
            source: 'brave',
          },
          { type: 'text', text: judgment.slice(20) },
        ]),
      ),
    })
    expect(await provider.model.complete(request, never)).toMatchObject({
      text: judgment,
      finish: 'stop',
      enforcement: 'text',
      usage: { inputTokens: 189 + 426, outputTokens: 95 },
      toolUses: [
        { name: 'web', arguments: '{"query": "capital of France"}', latencyMs: 1314, outcome: 'done' },
      ],
    })
  })

  it('that used up the limit may have been cut', async () => {
    server.script({ body: conversation(message('{"analysis": "The page')) })
    const cut = await provider.model.complete({ ...request, maxOutputTokens: 95 }, never)
    expect(cut.finish).toBe('length')
    server.script({ body: conversation(execution, message(`\`\`\`json\n${judgment}\n\`\`\``)) })
    const whole = await provider.model.complete({ ...request, maxOutputTokens: 95 }, never)
    expect(whole.finish).toBe('stop')
  })

  it('keeps what was said before a call apart from what was said after it', async () => {
    server.script({ body: conversation(message('I look it up.'), execution, message(judgment)) })
    const { text } = await provider.model.complete(request, never)
    expect(text).toBe(`I look it up.\n\n${judgment}`)
  })

  it('that is none is a failure, tried again', async () => {
    server.script({ body: { object: 'conversation.response' } }, { body: conversation(message(judgment)) })
    expect(await provider.model.complete(request, never)).toMatchObject({ text: judgment, attempts: 2 })
    server.script({ body: '<html>' }, { body: '<html>' })
    const failure = await failureOf(provider.model.complete(request, never))
    expect(failure).toMatchObject({
      kind: 'provider_failed',
      message: 'Provider court sent a reply that is no JSON',
    })
    server.script({ body: { outputs: [] } }, { body: { outputs: [] } })
    expect(await failureOf(provider.model.complete(request, never))).toMatchObject({
      kind: 'provider_failed',
      message: 'Provider court sent a reply without a message',
    })
  })

  it('may be stopped by a content filter', async () => {
    const stopped = 'The content was flagged by the content filter.'
    server.script({ status: 403, body: { object: 'error', message: stopped, type: 'content_filter' } })
    const failure = await failureOf(provider.model.complete(request, never))
    expect(failure).toMatchObject({ kind: 'filtered', message: expect.stringContaining(stopped) })
    expect(server.requests).toHaveLength(1)
  })

  it.each([
    'Tool web_search is not supported with this model.',
    'response_format json_schema cannot be used with built-in connectors.',
  ])('that refuses a connector weakens no form that was learnt: %s', async (text) => {
    server.script({ status: 400, body: { object: 'error', message: text, type: 'invalid_request_error' } })
    const failure = await failureOf(provider.model.complete(request, never))
    expect(failure).toMatchObject({ kind: 'invalid_request', message: expect.stringContaining(text) })
    expect(server.requests).toHaveLength(1)
    const { enforcement } = await provider.model.complete({ ...usual, modelName: request.modelName }, never)
    expect(enforcement).toBe('json_schema')
  })

  it('is waited for where the rate is limited', async () => {
    const limit = {
      status: 429,
      headers: { 'retry-after': '1' },
      body: { message: 'Requests rate limit exceeded' },
    }
    server.script(limit, { body: conversation(message(judgment)) })
    expect(await provider.model.complete(request, never)).toMatchObject({ text: judgment, attempts: 2 })
  })

  it('is refused in words that hold no key', async () => {
    server.script({ status: 401, body: { detail: `Unauthorized: ${key}` } })
    const failure = await failureOf(provider.model.complete(request, never))
    expect(failure.kind).toBe('invalid_request')
    expect(failure.message).not.toContain(key)
  })

  it('teaches to leave a temperature out', async () => {
    const refusal = {
      status: 400,
      body: {
        message: "'temperature' is not supported with this model.",
        type: 'invalid_request_error',
        param: 'temperature',
        code: null,
      },
    }
    server.script(refusal, { body: conversation(message(judgment)) })
    expect(await provider.model.complete(request, never)).toMatchObject({
      text: judgment,
      leftOut: ['temperature'],
    })
    expect(server.requests[1]?.body.completion_args).toEqual({ max_tokens: 256 })
  })

  it('is given up with its caller', async () => {
    server.always({ hangs: true })
    const caller = new AbortController()
    const work = provider.model.complete(request, caller.signal)
    setTimeout(() => caller.abort(new Error('left')), 100)
    await expect(work).rejects.toThrow('left')
    await expect.poll(() => server.requests.at(-1)?.wasAbandoned).toBe(true)
  })
})
