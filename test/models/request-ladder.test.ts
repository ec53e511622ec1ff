import { beforeEach, describe, expect, it } from 'vitest'
import type { ModelRequest } from '../../src/judging/model.ts'
import type { HostedProvider } from '../../src/models/hosted-provider.ts'
import { failureOf } from '../support/failure-of.ts'
import { type RecordedProvider, recordedAnswer } from '../support/fixtures/providers/recorded-answer.ts'
import type { ProviderRequest, ProviderServer, ScriptedAnswer } from '../support/provider-server.ts'
import { openTestProvider, request, startTestProvider } from '../support/test-provider.ts'

const regression: ModelRequest = {
  ...request,
  output: { type: 'REGRESSION', min: 0, minDescription: '', max: 5, maxDescription: '' },
}
const never = new AbortController().signal

let server: ProviderServer
let provider: HostedProvider

beforeEach(async () => {
  ;({ server, provider } = await startTestProvider())
})

/** What a request asked for, in short. */
function asked({ body }: ProviderRequest): string {
  const format = body.response_format
  const hasBounds = format?.json_schema?.schema.properties.answer.minimum !== undefined
  const isCall = body.tool_choice?.function.name === 'judgment'
  const parts = [
    isCall ? 'tool_call' : (format?.type ?? 'text'),
    hasBounds && 'bounds',
    'temperature' in body && 'temperature',
    'max_tokens' in body && 'max_tokens',
    'max_completion_tokens' in body && 'max_completion_tokens',
    body.messages[0].role,
  ]
  return parts.filter(Boolean).join(' ')
}

const all = 'json_schema temperature max_tokens system'
const call = 'tool_call temperature max_tokens system'
const bounded = 'json_schema bounds temperature max_tokens system'
const unbounded = 'json_schema temperature max_tokens system'

describe('a refusal', () => {
  const refusals: readonly [RecordedProvider, string, string][] = [
    ['mistral', 'json schema refused', call],
    ['openai', 'json schema refused', call],
    ['openai', 'enum too large', call],
    ['openai', 'max tokens refused', 'json_schema temperature max_completion_tokens system'],
    ['openai', 'temperature refused', 'json_schema max_tokens system'],
    ['openai', 'system role refused', 'json_schema temperature max_tokens user'],
    ['azure', 'json schema refused', call],
    ['vllm', 'xgrammar', call],
    ['vllm', 'schema to grammar', call],
    ['vllm', 'guided decoding off', call],
    ['vllm', 'response format unknown', call],
    ['vllm', 'system role refused', 'json_schema temperature max_tokens user'],
    ['vllm', 'roles must alternate', 'json_schema temperature max_tokens user'],
    ['ollama', 'grammar', call],
    ['ollama', 'no vocabulary', call],
    ['ollama', 'invalid schema', call],
    ['llama-cpp', 'grammar', call],
    ['llama-cpp', 'schema', call],
    ['llama-cpp', 'response format unknown', call],
    ['llama-cpp', 'template', 'json_schema temperature max_tokens user'],
    ['others', 'deepseek json_schema', call],
    ['others', 'deepseek json_schema, older', call],
    ['others', 'groq json_schema', call],
    ['others', 'volcengine json_schema', call],
    ['others', 'openrouter schema refused', call],
    ['others', 'moonshot temperature refused', 'json_schema max_tokens system'],
  ]
  for (const [recorded, name, next] of refusals) {
    it(`of ${recorded} goes one step down, once, and is kept: ${name}`, async () => {
      server.script(recordedAnswer(recorded, name))
      const first = await provider.model.complete(request, never)
      const second = await provider.model.complete(request, never)
      expect(server.requests.map(asked)).toEqual([all, next, next])
      expect(first.attempts).toBe(2)
      expect(second.attempts).toBe(1)
      expect(first.enforcement).toBe(next.split(' ')[0])
    })
  }

  const ofBounds: readonly [RecordedProvider, string][] = [
    ['openai', 'bounds refused'],
    ['others', 'anthropic minimum'],
    ['vllm', 'xgrammar'],
  ]
  for (const [recorded, name] of ofBounds) {
    it(`of ${recorded} of a number's bounds gives up the bounds and keeps the schema: ${name}`, async () => {
      server.script(recordedAnswer(recorded, name))
      await provider.model.complete(regression, never)
      await provider.model.complete(regression, never)
      await provider.model.complete(request, never)
      expect(server.requests.map(asked)).toEqual([bounded, unbounded, unbounded, all])
    })
  }

  it('is followed to the end of the ladder, step by step', async () => {
    server.script(
      recordedAnswer('openai', 'max tokens refused'),
      recordedAnswer('openai', 'temperature refused'),
      recordedAnswer('openai', 'json schema refused'),
      recordedAnswer('openai', 'tools refused'),
      recordedAnswer('openai', 'json object refused'),
      recordedAnswer('openai', 'max completion tokens refused'),
    )
    const reply = await provider.model.complete(request, never)
    expect(reply).toMatchObject({ enforcement: 'text', attempts: 7 })
    expect(server.requests.map(asked).at(-1)).toBe('text system')
    await provider.model.complete(request, never)
    expect(server.requests.map(asked).slice(7)).toEqual(['text system'])
  })

  it('of JSON mode without the word "json" ends in plain text', async () => {
    server.script(
      recordedAnswer('openai', 'json schema refused'),
      recordedAnswer('openai', 'tools refused'),
      recordedAnswer('openai', 'json word missing'),
    )
    expect(await provider.model.complete(request, never)).toMatchObject({ enforcement: 'text' })
  })

  it('of the newer token limit by Mistral leaves the older one', async () => {
    const mistral = openTestProvider(server, { type: 'mistral' })
    await mistral.model.complete(request, never)
    expect(server.requests.map(asked)).toEqual([all])
  })

  for (const recorded of [
    'json schema refused',
    'temperature refused',
    'max tokens refused',
    'bounds refused',
  ]) {
    it(`that never stops comes to an end: ${recorded}`, async () => {
      server.always(recordedAnswer('openai', recorded))
      const failure = await failureOf(provider.model.complete(regression, never))
      expect(failure).toMatchObject({ kind: 'invalid_request', isRetryable: false })
      expect(failure.attempts).toBe(server.requests.length)
      expect(server.requests.length).toBeLessThanOrEqual(6)
      expect(new Set(server.requests.map(asked)).size).toBe(server.requests.length)
    })
  }

  it('that names everything at once comes to an end', async () => {
    const message = `response_format, json_schema, "minimum", temperature, max_tokens and max_completion_tokens are
      unsupported; System role not supported`
    server.always({ status: 400, body: { error: { message } } })
    const failure = await failureOf(provider.model.complete(regression, never))
    expect(failure.kind).toBe('invalid_request')
    expect(server.requests.length).toBeLessThanOrEqual(10)
    expect(asked(server.requests.at(-1) as ProviderRequest)).toBe('text user')
  })

  it('teaches nothing where the call fails anyway', async () => {
    server.script(recordedAnswer('openai', 'json schema refused'), recordedAnswer('openai', 'unknown model'))
    await failureOf(provider.model.complete(request, never))
    await provider.model.complete(request, never)
    expect(server.requests.map(asked)).toEqual([all, call, all])
  })

  it('teaches nothing of another model', async () => {
    server.script(recordedAnswer('openai', 'json schema refused'))
    await provider.model.complete(request, never)
    await provider.model.complete({ ...request, modelName: 'judge-large' }, never)
    expect(server.requests.map(asked)).toEqual([all, call, all])
  })

  it("of one judge's schema does not weaken another judge", async () => {
    server.script(recordedAnswer('openai', 'enum too large'))
    await provider.model.complete(request, never)
    const options = [{ value: 'no', description: '' }]
    await provider.model.complete({ ...request, output: { type: 'CLASSIFICATION', options } }, never)
    expect(server.requests.map(asked)).toEqual([all, call, all])
  })

  it('moves the text of the system message to the user when there is no such role', async () => {
    server.script(recordedAnswer('vllm', 'system role refused'))
    await provider.model.complete(request, never)
    expect(server.requests[1]?.body.messages).toEqual([
      { role: 'user', content: 'You judge.\n\nIs it right?' },
    ])
  })
})

describe('an answer about something else', () => {
  const answers: readonly [RecordedProvider, string][] = [
    ['mistral', 'unknown model'],
    ['mistral', 'extra field'],
    ['mistral', 'extra field, conversation repeated'],
    ['mistral', 'context overflow'],
    ['openai', 'bad messages'],
    ['openai', 'token limit too large'],
    ['openai', 'context overflow'],
    ['openai', 'context overflow newer'],
    ['openai', 'flagged prompt'],
    ['openai', 'safety'],
    ['openai', 'output used up'],
    ['openai', 'wrong key'],
    ['openai', 'no permission'],
    ['openai', 'unknown model'],
    ['openai', 'rate limit'],
    ['openai', 'server error'],
    ['azure', 'filtered prompt'],
    ['vllm', 'context overflow'],
    ['vllm', 'context overflow of the input'],
    ['vllm', 'nothing left'],
    ['vllm', 'validation'],
    ['vllm', 'conversation repeated'],
    ['vllm', 'dead engine'],
    ['ollama', 'out of memory'],
    ['llama-cpp', 'context overflow'],
    ['llama-cpp', 'context overflow, older'],
    ['llama-cpp', 'unknown path'],
    ['others', 'google key refused'],
    ['others', 'groq broken json'],
  ]
  for (const [recorded, name] of answers) {
    it(`of ${recorded} is no step of the ladder: ${name}`, async () => {
      server.script(recordedAnswer(recorded, name))
      await provider.model.complete(regression, never).catch(() => undefined)
      expect(server.requests).toHaveLength(1)
      await provider.model.complete(regression, never)
      expect(server.requests.map(asked)).toEqual([bounded, bounded])
    })
  }

  it('is none by the words "maximum" or "minimum" alone', async () => {
    server.script({
      status: 400,
      body: {
        error: { message: 'The maximum number of messages is 100; the minimum is 1.', param: 'messages' },
      },
    })
    await failureOf(provider.model.complete(regression, never))
    expect(server.requests).toHaveLength(1)
  })
})

describe('calls that learn at once', () => {
  /** Refuses the schema and nothing else. */
  function refuseSchema(incoming: ProviderRequest): ScriptedAnswer {
    const isSchema = incoming.body.response_format?.type === 'json_schema'
    return isSchema ? { ...recordedAnswer('openai', 'json schema refused'), delayMs: 5 } : {}
  }

  it('go one step down together, not one each', async () => {
    server.script(...Array.from({ length: 40 }, () => refuseSchema))
    const replies = await Promise.all(
      Array.from({ length: 8 }, () => provider.model.complete(request, never)),
    )
    expect(replies.map(({ enforcement }) => enforcement)).toEqual(replies.map(() => 'tool_call'))
    expect((await provider.model.complete(request, never)).enforcement).toBe('tool_call')
    expect(server.requests.map(asked).filter((form) => /^(?:json_object|text)/.test(form))).toEqual([])
  })

  it('do not unlearn what a faster one has learnt', async () => {
    const slow: ScriptedAnswer = { ...recordedAnswer('openai', 'json schema refused'), delayMs: 60 }
    server.script(
      slow,
      recordedAnswer('openai', 'json schema refused'),
      recordedAnswer('openai', 'tools refused'),
      recordedAnswer('openai', 'json object refused'),
    )
    const slower = provider.model.complete(request, never)
    while (server.requests.length === 0) await new Promise(setImmediate)
    await provider.model.complete(request, never)
    await slower
    expect((await provider.model.complete(request, never)).enforcement).toBe('text')
  })
})
