import { beforeEach, describe, expect, it } from 'vitest'
import type { ModelFailure, ModelReply } from '../../src/judging/model.ts'
import type { HostedProvider } from '../../src/models/hosted-provider.ts'
import { failureOf } from '../support/failure-of.ts'
import { type RecordedProvider, recordedAnswer } from '../support/fixtures/providers/recorded-answer.ts'
import type { ProviderServer } from '../support/provider-server.ts'
import { openTestProvider, request, startTestProvider } from '../support/test-provider.ts'

const key = 'a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6'
const never = new AbortController().signal
const judgment = '{"analysis": "The response names the amount and the date.", "answer": "yes"}'

let server: ProviderServer
let provider: HostedProvider

beforeEach(async () => {
  ;({ server, provider } = await startTestProvider({}, { key }))
})

describe('a request', () => {
  it('is the chat-completions body with the key, the schema and temperature 0', async () => {
    await provider.model.complete(request, never)
    const [sent] = server.requests
    expect(sent?.path).toBe('/v1/chat/completions')
    expect(sent?.headers).toMatchObject({
      authorization: `Bearer ${key}`,
      'content-type': 'application/json',
      accept: 'application/json',
    })
    expect(sent?.body).toEqual({
      model: 'judge-small',
      messages: request.messages,
      temperature: 0,
      max_tokens: 256,
      response_format: {
        type: 'json_schema',
        json_schema: {
          name: 'judgment',
          strict: true,
          schema: {
            type: 'object',
            properties: { analysis: { type: 'string' }, answer: { type: 'string', enum: ['yes', 'no'] } },
            required: ['analysis', 'answer'],
            additionalProperties: false,
          },
        },
      },
    })
  })

  it('bounds the number of a regression', async () => {
    const output = { type: 'REGRESSION', min: 1, minDescription: '', max: 5, maxDescription: '' } as const
    await provider.model.complete({ ...request, output }, never)
    expect(server.requests[0]?.body.response_format.json_schema.schema.properties.answer).toEqual({
      type: 'number',
      minimum: 1,
      maximum: 5,
    })
  })

  it('carries no authorization where there is no key', async () => {
    const keyless = openTestProvider(server, { name: 'ollama' })
    await keyless.model.complete(request, never)
    expect(server.requests[0]?.headers).not.toHaveProperty('authorization')
  })
})

describe('a reply', () => {
  const replies: readonly [RecordedProvider, string, Partial<ModelReply>][] = [
    ['mistral', 'chat', { text: judgment, finish: 'stop', usage: { inputTokens: 412, outputTokens: 27 } }],
    ['mistral', 'reasoning chunks', { text: judgment, finish: 'stop' }],
    ['mistral', 'cut', { text: judgment.slice(0, 30), finish: 'length' }],
    ['mistral', 'cut by the model', { finish: 'length' }],
    ['openai', 'chat', { text: judgment, finish: 'stop', usage: { inputTokens: 398, outputTokens: 31 } }],
    ['openai', 'refusal', { text: '', finish: 'refused' }],
    ['openai', 'cut while reasoning', { text: '', finish: 'length' }],
    ['openai', 'filtered reply', { text: '', finish: 'filtered' }],
    ['openai', 'output used up', { text: '', finish: 'length' }],
    ['openai', 'reasoning alone', { text: '', finish: 'stop' }],
    ['azure', 'chat', { text: judgment, finish: 'stop' }],
    ['azure', 'filtered reply', { text: '', finish: 'filtered' }],
    ['vllm', 'chat', { text: judgment, finish: 'stop', usage: { inputTokens: 420, outputTokens: 32 } }],
    ['vllm', 'reasoning', { text: judgment, finish: 'stop' }],
    ['vllm', 'cut while reasoning', { text: '', finish: 'length' }],
    ['ollama', 'chat', { text: judgment, finish: 'stop', usage: { inputTokens: 402, outputTokens: 29 } }],
    ['ollama', 'reasoning', { text: judgment, finish: 'stop' }],
    ['llama-cpp', 'chat', { text: judgment, finish: 'stop', usage: { inputTokens: 415, outputTokens: 30 } }],
    ['llama-cpp', 'reasoning', { text: judgment, finish: 'stop' }],
    ['others', 'gemini filtered', { text: '', finish: 'filtered' }],
  ]
  for (const [recorded, name, expected] of replies) {
    it(`of ${recorded} is read: ${name}`, async () => {
      server.script(recordedAnswer(recorded, name))
      expect(await provider.model.complete(request, never)).toMatchObject({
        enforcement: 'json_schema',
        attempts: 1,
        ...expected,
      })
      expect(server.requests).toHaveLength(1)
    })
  }
})

describe('a reply in a forced tool call', () => {
  it.each(['openai', 'mistral'] as const)('of %s is read', async (recorded) => {
    server.script(
      recordedAnswer(recorded, 'json schema refused'),
      recordedAnswer(recorded, 'reply in a tool call'),
    )
    expect(await provider.model.complete(request, never)).toMatchObject({
      text: judgment,
      finish: 'stop',
      enforcement: 'tool_call',
      attempts: 2,
    })
    expect(server.requests[1]?.body).toMatchObject({
      tools: [
        { type: 'function', function: { name: 'judgment', strict: true, parameters: { type: 'object' } } },
      ],
      tool_choice: { type: 'function', function: { name: 'judgment' } },
    })
    expect(server.requests[1]?.body).not.toHaveProperty('response_format')
  })
})

describe('an answer that is no reply', () => {
  type Expected = Partial<Pick<ModelFailure, 'kind' | 'isRetryable' | 'retryAfterMs'>>
  const refused = { kind: 'invalid_request', isRetryable: false } as const
  const filtered = { kind: 'filtered', isRetryable: false } as const
  const overflow = { kind: 'context_overflow', isRetryable: false } as const
  const limited = { kind: 'rate_limited', isRetryable: true } as const
  const failed = { kind: 'provider_failed', isRetryable: true } as const
  const answers: readonly [RecordedProvider, string, Expected, string][] = [
    ['mistral', 'no key', refused, 'Unauthorized'],
    ['mistral', 'unknown model', refused, 'Invalid model: mistral-huge-9000'],
    ['mistral', 'extra field', refused, 'frequency_penalty'],
    ['mistral', 'context overflow', overflow, '145342 tokens'],
    ['mistral', 'rate limit', limited, 'Rate limit exceeded'],
    ['mistral', 'rate limit of the gateway', { ...limited, retryAfterMs: 2000 }, 'Requests rate limit'],
    ['mistral', 'no capacity', limited, 'capacity exceeded'],
    ['mistral', 'unavailable', failed, 'Service unavailable'],
    ['mistral', 'broken off', failed, 'broke the connection off'],
    ['mistral', 'ended by an error', failed, 'without a message'],
    ['openai', 'wrong key', refused, 'Incorrect API key'],
    ['openai', 'no permission', refused, 'not allowed to sample'],
    ['openai', 'wrong region', refused, 'Country, region'],
    ['openai', 'unknown model', refused, 'gpt-9'],
    ['openai', 'not a chat model', refused, 'not a chat model'],
    ['openai', 'bad messages', refused, 'Supported values are'],
    ['openai', 'token limit too large', refused, 'at most 16384'],
    ['openai', 'flagged prompt', filtered, 'flagged'],
    ['openai', 'context overflow', overflow, '128000 tokens'],
    ['openai', 'rate limit', { ...limited, retryAfterMs: 20_000 }, 'Limit 3'],
    ['openai', 'request over the rate', { ...limited, isRetryable: false }, 'Requested 41222'],
    ['openai', 'insufficient quota', { ...limited, isRetryable: false }, 'current quota'],
    ['openai', 'server error', failed, 'Sorry about that'],
    ['openai', 'overloaded', failed, 'overloaded'],
    ['openai', 'bad gateway', failed, '502 Bad Gateway'],
    ['azure', 'filtered prompt', filtered, 'content management policy'],
    ['azure', 'wrong key', refused, 'Access denied'],
    ['azure', 'unknown deployment', refused, 'does not exist'],
    ['azure', 'rate limit', { ...limited, retryAfterMs: 26_000 }, 'retry after 26 seconds'],
    ['azure', 'unavailable', failed, 'temporarily unable'],
    ['vllm', 'unknown model', refused, 'Qwen/Qwen9'],
    ['vllm', 'wrong key', refused, 'Unauthorized'],
    ['vllm', 'context overflow', overflow, '6616 tokens'],
    ['vllm', 'context overflow of the input', overflow, '2100 input tokens'],
    ['vllm', 'nothing left', overflow, '-186'],
    ['vllm', 'validation', refused, 'Field required'],
    ['vllm', 'dead engine', failed, 'EngineCore'],
    ['ollama', 'unknown model', refused, 'pulling it first'],
    ['ollama', 'unknown model, newer', refused, 'llama9'],
    ['ollama', 'out of memory', failed, 'more system memory'],
    ['ollama', 'busy', failed, 'server busy'],
    ['llama-cpp', 'loading', failed, 'Loading model'],
    ['llama-cpp', 'wrong key', refused, 'Invalid API Key'],
    ['llama-cpp', 'context overflow', overflow, '4390 tokens'],
    ['llama-cpp', 'context overflow, older', overflow, 'available context size'],
    ['llama-cpp', 'context used up', overflow, 'Context size has been exceeded'],
    ['llama-cpp', 'unknown path', refused, 'File Not Found'],
    ['others', 'deepseek no balance', { isRetryable: false }, 'Insufficient Balance'],
    ['others', 'groq broken json', failed, 'Failed to generate JSON'],
    ['others', 'openrouter error in a success', failed, ''],
    ['others', 'openrouter flagged', filtered, 'flagged'],
  ]
  for (const [recorded, name, expected, words] of answers) {
    it(`of ${recorded} is told apart: ${name}`, async () => {
      server.always(recordedAnswer(recorded, name))
      const failure = await failureOf(provider.model.complete(request, never))
      expect(failure).toMatchObject({ ...expected, attempts: 1 })
      expect(failure.message).toContain('Provider court ')
      expect(failure.message).toContain(words)
      expect(server.requests).toHaveLength(1)
    })
  }

  it('never shows the key, whole or in part', async () => {
    const parts = [
      key,
      `Bearer ${key}`,
      `${key.slice(0, 8)}****${key.slice(-4)}`,
      `key_${key.slice(0, 4)}****`,
    ]
    for (const part of parts) {
      for (const status of [400, 401, 403, 404, 422, 500]) {
        server.script(
          { status, body: { error: { message: `Incorrect API key provided: ${part}. Get one elsewhere.` } } },
          { status, body: `<h1>No ${part} here</h1>`, headers: { 'content-type': 'text/html' } },
          { status, body: { seen: { authorization: part } } },
        )
        for (let answer = 0; answer < 3; answer += 1) {
          const { message, cause } = await failureOf(provider.model.complete(request, never))
          for (const text of [message, (cause as Error).message]) {
            expect(text).not.toContain(key.slice(0, 4))
            expect(text).not.toContain(key.slice(-4))
          }
        }
      }
    }
  })

  it('is quoted on one line and cut', async () => {
    server.script({ status: 400, body: { message: `line\none\u0000\t${'x'.repeat(10_000)}` } })
    const { message } = await failureOf(provider.model.complete(request, never))
    expect(message).toContain('line one xxx')
    expect(message.length).toBeLessThan(600)
  })

  const broken: readonly [string, unknown][] = [
    ['no JSON', 'Hello'],
    ['a page of HTML', '<!doctype html><html><body>Welcome to the Wi-Fi</body></html>'],
    ['bytes', Buffer.from([0x1f, 0x8b, 0x08, 0x00, 0xff, 0xfe, 0x00])],
    ['an empty body', ''],
    ['no choices', { id: 'cmpl-1', choices: [] }],
    ['null', 'null'],
    ['a list', []],
    ['a stream', 'data: {"choices": [{"delta": {"content": "x"}}]}\n\ndata: [DONE]\n\n'],
    ['choices of another kind', { choices: 'yes' }],
    ['a message of another kind', { choices: [{ message: { content: 7 } }] }],
  ]
  for (const [name, body] of broken) {
    it(`with status 200 is a failure that another try may mend: ${name}`, async () => {
      server.script({ body })
      const failure = await failureOf(provider.model.complete(request, never))
      expect(failure).toMatchObject({ kind: 'provider_failed', isRetryable: true })
      expect(failure.message).not.toContain('Wi-Fi')
    })
  }

  it('is not read to its end when it is huge, nor asked for again', async () => {
    const steadfast = openTestProvider(server, {}, { key, maxAttempts: 4 })
    server.always({ body: `{"choices": [${' '.repeat(9_000_000)}]}` })
    const failure = await failureOf(steadfast.model.complete(request, never))
    expect(failure).toMatchObject({ kind: 'provider_failed', isRetryable: false, attempts: 1 })
    expect(failure.message).toContain('too long')
  })

  it('is a redirect, which is not followed with the key', async () => {
    server.script({ status: 307, headers: { location: 'http://127.0.0.1:1/' }, body: '' })
    const failure = await failureOf(provider.model.complete(request, never))
    expect(failure).toMatchObject({ kind: 'invalid_request', isRetryable: false })
    expect(failure.message).toContain('base_url')
  })
})

describe('a list of models', () => {
  const lists: readonly [RecordedProvider, string, readonly string[]][] = [
    ['mistral', 'models', ['mistral-small-latest']],
    ['openai', 'models', ['gpt-4.1-mini', 'my-finetune']],
    ['vllm', 'models', ['meta-llama/Llama-3.1-8B-Instruct']],
    ['ollama', 'models', ['llama3.2:3b']],
    ['llama-cpp', 'models', ['qwen3-4b.gguf']],
    ['others', 'together models', ['meta-llama/Llama-3.3-70B-Instruct-Turbo']],
  ]
  for (const [recorded, name, ids] of lists) {
    it(`of ${recorded} leaves out what can not chat`, async () => {
      server.alwaysList(recordedAnswer(recorded, name))
      expect((await provider.listModels(never)).map(({ id }) => id)).toEqual(ids)
    })
  }

  it('keeps what the provider says can chat, whatever its name', async () => {
    const data = [{ id: 'embedded-assistant', capabilities: { completion_chat: true } }, { id: 7 }, null]
    server.alwaysList({ body: { data } })
    expect((await provider.listModels(never)).map(({ id }) => id)).toEqual(['embedded-assistant'])
  })
})
