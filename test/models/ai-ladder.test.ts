import { beforeEach, describe, expect, it } from 'vitest'
import { type AiType, aiRequest, openAi, regression } from '../support/ai-provider.ts'
import { failureOf } from '../support/failure-of.ts'
import { recordedAnswer } from '../support/fixtures/providers/recorded-answer.ts'
import type { ProviderRequest, ProviderServer, ScriptedAnswer } from '../support/provider-server.ts'
import { startTestServer } from '../support/test-provider.ts'

const never = new AbortController().signal

let server: ProviderServer

beforeEach(async () => {
  server = await startTestServer()
})

/** What a request asked for, in short. */
function asked({ body }: ProviderRequest): string {
  const { generationConfig: google, inferenceConfig: bedrock } = body
  const isSchema = body.output_config ?? google?.responseJsonSchema ?? body.outputConfig
  const isTool = body.tools ?? body.toolConfig
  const form = isSchema ? 'schema' : isTool ? 'tool' : google?.responseMimeType ? 'json' : 'text'
  const { temperature } = google ?? bedrock ?? body
  const system = body.system ?? body.systemInstruction
  return [
    form,
    temperature !== undefined && 'temperature',
    system !== undefined && system.length !== 0 && 'system',
  ]
    .filter(Boolean)
    .join(' ')
}

const good: Readonly<Record<AiType, string>> = { anthropic: 'message', google: 'content', bedrock: 'message' }

function answer(type: AiType, name: string): ScriptedAnswer {
  return recordedAnswer(type, name)
}

describe('a refusal', () => {
  const all = 'schema temperature system'
  const tool = 'tool temperature system'
  const refusals: readonly [AiType, string, string][] = [
    ['anthropic', 'schema refused', tool],
    ['anthropic', 'schema refused by a gateway', tool],
    ['anthropic', 'grammar too large', tool],
    ['anthropic', 'temperature refused', 'schema system'],
    ['google', 'json mode refused', tool],
    ['google', 'schema field unknown', tool],
    ['google', 'too many states', tool],
    ['bedrock', 'schema refused', tool],
    ['bedrock', 'schema refused by the model', tool],
    ['bedrock', 'temperature refused', 'schema system'],
    ['bedrock', 'system refused', 'schema temperature'],
  ]
  for (const [type, name, next] of refusals) {
    it(`of ${type} goes one step down, once, and is kept: ${name}`, async () => {
      const provider = openAi(type, server)
      server.always(answer(type, good[type]))
      server.script(answer(type, name))
      const first = await provider.model.complete(aiRequest(type), never)
      const second = await provider.model.complete(aiRequest(type), never)
      expect(server.requests.map(asked)).toEqual([all, next, next])
      expect(first).toMatchObject({ attempts: 2, enforcement: next === tool ? 'tool_call' : 'json_schema' })
      expect(second.attempts).toBe(1)
    })
  }

  const ends: readonly [AiType, readonly string[], readonly string[]][] = [
    ['anthropic', ['schema refused', 'tool refused'], [all, tool, 'text temperature system']],
    [
      'google',
      ['too many states', 'functions refused', 'json mode refused'],
      [all, tool, 'json temperature system', 'text temperature system'],
    ],
    ['bedrock', ['schema refused', 'tool refused'], [all, tool, 'text temperature system']],
    ['bedrock', ['schema refused', 'tool choice refused'], [all, tool, 'text temperature system']],
  ]
  for (const [type, names, steps] of ends) {
    it(`of ${type} is followed to the end of the ladder: ${names.join(', ')}`, async () => {
      const provider = openAi(type, server)
      server.always(answer(type, good[type]))
      server.script(...names.map((name) => answer(type, name)))
      const reply = await provider.model.complete(aiRequest(type), never)
      expect(server.requests.map(asked)).toEqual(steps)
      expect(reply).toMatchObject({ enforcement: 'text', attempts: steps.length })
    })
  }

  it.each<[AiType]>([['anthropic'], ['google'], ['bedrock']])(
    'of everything by %s comes to an end',
    async (type) => {
      const provider = openAi(type, server)
      const everything =
        'temperature, output_config.format, tools, response_format, system role: not supported'
      server.always({ status: 400, body: { message: everything, error: { message: everything } } })
      const failure = await failureOf(provider.model.complete(aiRequest(type, regression), never))
      expect(failure.kind).toBe('invalid_request')
      expect(server.requests.length).toBeLessThan(12)
    },
  )

  it.each<[AiType]>([['anthropic'], ['bedrock']])(
    'by %s of a token limit teaches the limit',
    async (type) => {
      const provider = openAi(type, server)
      server.always(answer(type, good[type]))
      server.script(answer(type, 'limit too large'))
      const request = aiRequest(type, { maxOutputTokens: 8192 })
      await provider.model.complete(request, never)
      await provider.model.complete(request, never)
      const limits = server.requests.map(({ body }) => body.max_tokens ?? body.inferenceConfig.maxTokens)
      expect(limits).toEqual([8192, 4096, 4096])
    },
  )

  it('of one judge weakens no other one', async () => {
    const provider = openAi('google', server)
    server.always(answer('google', 'content'))
    server.script(answer('google', 'too many states'))
    await provider.model.complete(aiRequest('google'), never)
    await provider.model.complete(
      aiRequest('google', { output: { type: 'CLASSIFICATION', options: [] } }),
      never,
    )
    expect(server.requests.map(asked)).toEqual([all, tool, all])
  })
})

describe('what was left out', () => {
  it('is told: by the form, by the protocol, and by what the SDK knows', async () => {
    const provider = openAi('anthropic', server)
    server.always(answer('anthropic', 'message'))
    const request = aiRequest('anthropic', { ...regression, modelName: 'claude-opus-4-8' })
    const drawn = { ...request, sampling: { temperature: 0.7, seed: 1 } }
    expect((await provider.model.complete(request, never)).leftOut).toEqual(['bounds', 'temperature'])
    expect(new Set((await provider.model.complete(drawn, never)).leftOut)).toEqual(
      new Set(['bounds', 'temperature', 'seed']),
    )
    server.script(answer('anthropic', 'temperature refused'))
    const refused = await provider.model.complete(aiRequest('anthropic'), never)
    expect(refused.leftOut).toEqual(['temperature'])
    const kept = await provider.model.complete(aiRequest('anthropic'), never)
    expect(kept.leftOut).toEqual(['temperature'])
  })
})
