import { beforeEach, describe, expect, it } from 'vitest'
import type { ModelReply, ModelRequest } from '../../src/judging/model.ts'
import type { HostedProvider } from '../../src/models/hosted-provider.ts'
import { type RecordedProvider, recordedAnswer } from '../support/fixtures/providers/recorded-answer.ts'
import type { ProviderRequest, ProviderServer } from '../support/provider-server.ts'
import { openTestProvider, startTestProvider, request as usual } from '../support/test-provider.ts'

const request: ModelRequest = { ...usual, maxOutputTokens: 4000 }
const sampled: ModelRequest = { ...request, sampling: { temperature: 0.7, seed: 11 } }
const weighed: ModelRequest = { ...request, wantsProbabilities: true }
const never = new AbortController().signal

let server: ProviderServer
let provider: HostedProvider

beforeEach(async () => {
  ;({ server, provider } = await startTestProvider())
})

/** What of a request may change, each part by itself. */
function partsOf({ body }: ProviderRequest): readonly string[] {
  const { model: _, messages, response_format: format, tools, tool_choice: choice, ...parameters } = body
  const wrapper = format?.json_schema ?? tools?.[0].function
  return [
    choice === undefined ? (format?.type ?? 'text') : 'tool_call',
    ...(wrapper?.strict ? ['strict'] : []),
    `${messages[0].role} first`,
    ...Object.entries(parameters).map(([name, value]) => `${name} ${value}`),
  ]
}

/** What the last request left out, and has instead, of what the one before had. */
function change(): string {
  const [before = [], after = []] = server.requests.slice(-2).map(partsOf)
  const lost = before.filter((part) => !after.includes(part)).map((part) => `-${part}`)
  return [...lost, ...after.filter((part) => !before.includes(part)).map((part) => `+${part}`)].join(' ')
}

async function completed(asked: ModelRequest, ...answers: [RecordedProvider, string][]): Promise<ModelReply> {
  server.script(...answers.map(([recorded, name]) => recordedAnswer(recorded, name)))
  return provider.model.complete(asked, never)
}

describe('a request that is sampled', () => {
  it('carries its temperature and its seed', async () => {
    const reply = await completed(sampled)
    expect(server.requests[0]?.body).toMatchObject({ temperature: 0.7, seed: 11 })
    expect(reply.leftOut).toBeUndefined()
  })

  it('of Mistral calls its seed as Mistral does', async () => {
    const mistral = openTestProvider(server, { type: 'mistral' })
    await mistral.model.complete(sampled, never)
    expect(server.requests[0]?.body).toMatchObject({ temperature: 0.7, random_seed: 11 })
    expect(server.requests[0]?.body).not.toHaveProperty('seed')
  })
})

describe('a request for probabilities', () => {
  it('asks for as many as there are', async () => {
    await completed(weighed)
    expect(server.requests[0]?.body).toMatchObject({ logprobs: true, top_logprobs: 20 })
  })

  it('asks Mistral for none, and says so', async () => {
    const mistral = openTestProvider(server, { type: 'mistral' })
    const reply = await mistral.model.complete(weighed, never)
    expect(Object.keys(server.requests[0]?.body)).not.toContain('logprobs')
    expect(reply).toMatchObject({ leftOut: ['probabilities'] })
  })

  it('asks for none of a tool call, and says so', async () => {
    const reply = await completed(weighed, ['openai', 'json schema refused'])
    expect(change()).toBe('-json_schema -logprobs true -top_logprobs 20 +tool_call')
    expect(reply).toMatchObject({ enforcement: 'tool_call', leftOut: ['probabilities'] })
  })

  it('is not made where nobody wants them', async () => {
    await completed(request)
    expect(Object.keys(server.requests[0]?.body)).not.toContain('logprobs')
  })
})

describe('a refusal of a parameter', () => {
  const refusals: readonly [RecordedProvider, string, ModelRequest, string, readonly string[]][] = [
    ['openai', 'temperature refused', request, '-temperature 0', ['temperature']],
    ['others', "openrouter provider's words", request, '-temperature 0', ['temperature']],
    ['others', 'litellm temperature', request, '-temperature 0', ['temperature']],
    ['others', 'tgi temperature', request, '-temperature 0', ['temperature']],
    ['others', 'anthropic temperature', request, '-temperature 0', ['temperature']],
    ['openai', 'sampled temperature refused', sampled, '-temperature 0.7', ['temperature']],
    ['azure', 'seed refused', sampled, '-seed 11', ['seed']],
    ['others', 'google system', request, '-system first +user first', ['system_role']],
    ['vllm', 'logprobs over the limit', weighed, '-top_logprobs 20 +top_logprobs 5', []],
    ['ollama', 'top logprobs refused', weighed, '-top_logprobs 20 +top_logprobs 5', []],
    ['openai', 'max tokens refused', request, '-max_tokens 4000 +max_completion_tokens 4000', []],
  ]
  for (const [recorded, name, asked, expected, leftOut] of refusals) {
    it(`of ${recorded} leaves it out, says so, and is kept: ${name}`, async () => {
      const reply = await completed(asked, [recorded, name])
      expect(server.requests).toHaveLength(2)
      expect(change()).toBe(expected)
      expect(reply.leftOut ?? []).toEqual(leftOut)
      const again = await completed(asked)
      expect(server.requests).toHaveLength(3)
      expect(change()).toBe('')
      expect(again.leftOut ?? []).toEqual(leftOut)
    })
  }

  it.each([
    ['openai', 'logprobs refused'],
    ['openai', 'logprobs unsupported'],
    ['others', 'groq logprobs'],
    ['others', 'litellm logprobs'],
    ['others', 'google logprobs'],
  ] as const)('of %s of probabilities gives them up: %s', async (recorded, name) => {
    const reply = await completed(weighed, [recorded, name], [recorded, name])
    expect(change()).toBe('-logprobs true -top_logprobs 5')
    expect(reply).toMatchObject({ enforcement: 'json_schema', leftOut: ['probabilities'], attempts: 3 })
    expect((await completed(request)).leftOut).toBeUndefined()
  })

  it('of Mistral of its seed leaves it out', async () => {
    const mistral = openTestProvider(server, { type: 'mistral' })
    server.script(recordedAnswer('mistral', 'random seed refused'))
    expect(await mistral.model.complete(sampled, never)).toMatchObject({ leftOut: ['seed'] })
    expect(change()).toBe('-random_seed 11')
  })

  it('of probabilities that nobody asked for is a failure', async () => {
    server.script(recordedAnswer('openai', 'logprobs refused'))
    await expect(provider.model.complete(request, never)).rejects.toMatchObject({ kind: 'invalid_request' })
    expect(server.requests).toHaveLength(1)
  })

  it('of temperature 0 says nothing of others', async () => {
    await completed(request, ['others', 'tgi temperature'])
    await completed(sampled)
    expect(partsOf(server.requests.at(-1) as ProviderRequest)).toContain('temperature 0.7')
  })

  it('of all names of the token limit sends none, and says so', async () => {
    const reply = await completed(
      request,
      ['openai', 'max tokens refused'],
      ['openai', 'max completion tokens refused'],
    )
    expect(change()).toBe('-max_completion_tokens 4000')
    expect(reply.leftOut).toEqual(['max_tokens'])
  })
})

describe('a refusal of a tool call', () => {
  it.each([
    ['openai', 'tools refused'],
    ['azure', 'tools refused'],
    ['mistral', 'tool choice refused'],
    ['vllm', 'tool choice refused'],
    ['vllm', 'grammar of a tool'],
    ['ollama', 'tools refused'],
    ['llama-cpp', 'tools refused'],
    ['others', 'deepseek tool choice'],
    ['others', 'qwen tool choice'],
    ['others', 'groq tools'],
    ['others', 'openrouter tools'],
    ['others', 'litellm tools'],
    ['others', 'anthropic tool choice'],
    ['others', 'nova tools'],
  ] as const)('of %s goes on to any JSON: %s', async (recorded, name) => {
    const refusal = name === 'grammar of a tool' ? 'xgrammar' : name
    const reply = await completed(request, ['openai', 'json schema refused'], [recorded, refusal])
    expect(change()).toBe('-tool_call -strict +json_object')
    expect(reply).toMatchObject({ enforcement: 'json_object', attempts: 3 })
    expect((await completed(request)).attempts).toBe(1)
  })

  it.each([
    ['others', 'lm studio json object'],
    ['others', 'google json mode'],
  ] as const)('and then of any JSON by %s goes on to plain text: %s', async (recorded, name) => {
    const refused: [RecordedProvider, string][] = [
      ['openai', 'json schema refused'],
      ['openai', 'tools refused'],
      [recorded, name],
    ]
    expect(await completed(request, ...refused)).toMatchObject({ enforcement: 'text' })
  })

  it('of keeping to the letter alone leaves that alone out', async () => {
    const reply = await completed(request, ['openai', 'json schema refused'], ['vllm', 'strict refused'])
    expect(change()).toBe('-strict')
    expect(reply).toMatchObject({ enforcement: 'tool_call', attempts: 3 })
  })

  it('is none where the model failed to make one: another try may come out otherwise', async () => {
    const failed = recordedAnswer('others', 'groq tool use failed')
    server.script(recordedAnswer('openai', 'json schema refused'), failed)
    await expect(provider.model.complete(request, never)).rejects.toMatchObject({
      kind: 'provider_failed',
      isRetryable: true,
      attempts: 2,
    })
  })
})

describe('a token limit that does not fit', () => {
  it.each([
    ['openai', 'room left', 3096],
    ['vllm', 'room left', 2996],
    ['vllm', 'room left, newer', 2000],
    ['others', 'sglang room left', 3096],
    ['others', 'tgi room left', 3065],
    ['others', 'anthropic room left', 2000],
  ] as const)('beside the prompt is lowered for this prompt alone: %s %s', async (recorded, name, left) => {
    const reply = await completed(request, [recorded, name])
    expect(change()).toBe(`-max_tokens 4000 +max_tokens ${left}`)
    expect(reply).toMatchObject({ enforcement: 'json_schema', attempts: 2 })
    expect(reply.leftOut).toBeUndefined()
    await completed(request)
    expect(change()).toBe(`-max_tokens ${left} +max_tokens 4000`)
  })

  it.each([
    ['others', 'groq tokens', 512],
    ['others', 'anthropic tokens', 2048],
    ['others', 'fireworks tokens', 2048],
    ['others', 'deepseek tokens', 2048],
    ['others', 'volcengine tokens', 2048],
    ['others', 'nova tokens', 2048],
    ['others', 'vertex tokens', 2048],
  ] as const)('into the model is lowered for all that come: %s %s', async (recorded, name, most) => {
    await completed(request, [recorded, name])
    expect(change()).toBe(`-max_tokens 4000 +max_tokens ${most}`)
    await completed({ ...request, maxOutputTokens: 8000 })
    expect(change()).toBe('')
    expect((await completed({ ...request, maxOutputTokens: 100 })).attempts).toBe(1)
    expect(partsOf(server.requests.at(-1) as ProviderRequest)).toContain('max_tokens 100')
  })

  it.each([
    ['openai', 'context overflow'],
    ['openai', 'context overflow newer'],
    ['mistral', 'context overflow'],
    ['vllm', 'nothing left'],
    ['vllm', 'prompt too long'],
    ['others', 'tgi overflow'],
    ['others', 'lm studio overflow'],
    ['others', 'google overflow'],
    ['others', 'xai overflow'],
  ] as const)('because the prompt is too long is an overflow: %s %s', async (recorded, name) => {
    server.script(recordedAnswer(recorded, name))
    await expect(provider.model.complete(request, never)).rejects.toMatchObject({
      kind: 'context_overflow',
      isRetryable: false,
      attempts: 1,
    })
    expect(server.requests).toHaveLength(1)
  })

  it('is lowered a few times and no more, each time by much', async () => {
    server.always(recordedAnswer('vllm', 'room left, newer'))
    await expect(provider.model.complete(request, never)).rejects.toMatchObject({ kind: 'context_overflow' })
    const asked = server.requests.map(({ body }) => body.max_tokens)
    expect(asked).toEqual([4000, 2000, 1000, 500])
  })
})
