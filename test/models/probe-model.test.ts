import { beforeEach, describe, expect, it } from 'vitest'
import type { ModelRequest } from '../../src/judging/model.ts'
import type { ModelLesson } from '../../src/judging/model-lessons.ts'
import type { HostedProvider } from '../../src/models/hosted-provider.ts'
import { readLesson } from '../../src/models/lesson.ts'
import { LessonBook } from '../../src/models/lesson-book.ts'
import type { Finding, Probe } from '../../src/models/probe-model.ts'
import { recordedAnswer } from '../support/fixtures/providers/recorded-answer.ts'
import type { ProviderRequest, ProviderServer, ScriptedAnswer } from '../support/provider-server.ts'
import { openTestProvider, request, startTestServer } from '../support/test-provider.ts'

const classification: ModelRequest = { ...request, maxOutputTokens: 1024 }
const regression: ModelRequest = {
  ...classification,
  output: { type: 'REGRESSION', min: 0, minDescription: '', max: 1, maxDescription: '' },
}
const calling: ModelRequest = {
  ...classification,
  tools: [{ name: 'add', description: 'Adds.', parameters: { type: 'object', properties: {} } }],
}
const never = new AbortController().signal

let server: ProviderServer
let provider: HostedProvider
let book: LessonBook
let kept: ModelLesson[]
let steps: string[]

beforeEach(async () => {
  server = await startTestServer()
  kept = []
  steps = []
  book = new LessonBook({
    store: { list: async () => kept, keep: async (lesson) => void kept.push(lesson) },
  })
  provider = open('openai')
})

function open(type: 'openai' | 'mistral'): HostedProvider {
  return openTestProvider(server, { type }, { maxAttempts: 2, lessons: book })
}

function probe(of = provider, signal = never): Promise<Probe> {
  const material = {
    classification,
    regression,
    calling,
    sampling: { temperature: 0.7, seed: 1 },
    isReadable: (text: string) => text.startsWith('{') && 'answer' in JSON.parse(text),
    onStep: (what: string) => void steps.push(what),
  }
  return of.probe('judge-small', material, signal)
}

/** A server that answers every request by what is in it. */
function answering(answer: (body: ProviderRequest['body']) => ScriptedAnswer | undefined): void {
  server.script(
    ...Array.from(
      { length: 60 },
      () =>
        ({ body }: ProviderRequest) =>
          answer(body) ?? {},
    ),
  )
}

function shown(findings: readonly Finding[]): readonly string[] {
  return findings.map(({ what, state, said = '' }) => `${what}: ${state} ${said}`.trim().slice(0, 70))
}

function withLogprobs(text: string): ScriptedAnswer {
  const logprobs = { content: [{ token: text, logprob: 0, bytes: null, top_logprobs: [] }] }
  const message = { role: 'assistant', content: text, reasoning_content: 'Hm.' }
  return { body: { choices: [{ index: 0, message, logprobs, finish_reason: 'stop' }] } }
}

const judgment = '{"analysis": "x", "answer": "yes"}'

describe('a probe', () => {
  it('of a model that takes everything asks once for each thing', async () => {
    answering((body) => (body.logprobs ? withLogprobs(judgment) : undefined))
    const { findings, failure } = await probe()
    expect(failure).toBeUndefined()
    expect(shown(findings)).toEqual([
      'json_schema: works',
      'tool_call: works',
      'json_object: works',
      'text: works',
      'temperature 0: works',
      'temperature above 0: works',
      'seed: works',
      'probabilities: works of 20 tokens',
      'bounds of a number: works',
      'system role: works',
      'max_tokens: works',
      'tools: works',
    ])
    expect(server.requests).toHaveLength(8)
    expect(steps).toHaveLength(8)
  })

  it('of a model that takes little shows the words of each refusal, and keeps what it takes', async () => {
    answering((body) => {
      if (body.response_format?.type === 'json_schema') return recordedAnswer('openai', 'json schema refused')
      if (body.tools) return recordedAnswer('others', 'groq tools')
      if ('max_tokens' in body) return recordedAnswer('openai', 'max tokens refused')
      if (body.temperature === 0) return recordedAnswer('openai', 'temperature refused')
      if ('seed' in body) return recordedAnswer('azure', 'seed refused')
      if (body.logprobs) return recordedAnswer('openai', 'logprobs refused')
      if (body.messages[0].role === 'system') return recordedAnswer('vllm', 'system role refused')
      return withLogprobs(judgment)
    })
    const { findings, hasReasoning } = await probe()
    expect(shown(findings)).toEqual([
      "json_schema: refused Invalid parameter: 'response_format' of type 'jso",
      'tool_call: refused `tool calling` is not supported with this model',
      'json_object: works',
      'text: works',
      "temperature 0: refused Unsupported value: 'temperature' does not suppo",
      'temperature above 0: works',
      'seed: refused Unrecognized request argument supplied: seed',
      'probabilities: refused You are not allowed to request logprobs from th',
      'bounds of a number: absent none without a schema',
      'system role: refused System role not supported',
      "max_tokens: refused Unsupported parameter: 'max_tokens' is not support",
      'max_completion_tokens: works',
      'tools: refused `tool calling` is not supported with this model',
    ])
    expect(hasReasoning).toBe(true)
    expect(readLesson(kept.at(-1)?.lesson ?? '')?.form).toEqual({
      format: 'json_object',
      isStrict: true,
      hasBounds: true,
      hasZeroTemperature: false,
      hasTemperature: true,
      hasSeed: false,
      alternatives: 0,
      hasSystemRole: false,
      tokenLimit: 1,
    })
    expect(provider.knownForm('judge-small')).toEqual({
      enforcement: 'json_object',
      leftOut: ['temperature', 'seed', 'probabilities', 'system_role'],
    })
    server.script()
    expect(await provider.model.complete(classification, never)).toMatchObject({ attempts: 1 })
  })

  it('forgets what was learnt before, where a model takes more now', async () => {
    server.script(recordedAnswer('openai', 'json schema refused'))
    await provider.model.complete(classification, never)
    expect(provider.knownForm('judge-small')).toMatchObject({ enforcement: 'tool_call' })
    await probe()
    expect(provider.knownForm('judge-small')).toEqual({ enforcement: 'json_schema', leftOut: [] })
    expect(await provider.model.complete(classification, never)).toMatchObject({ enforcement: 'json_schema' })
  })

  it('keeps the strictest form whose reply is a judgment, where a stricter one is taken and ignored', async () => {
    answering((body) => {
      if (body.response_format?.type === 'json_schema') return withLogprobs('I think it is right.')
      return body.tools ? withLogprobs(judgment) : undefined
    })
    const { findings } = await probe()
    expect(shown(findings).slice(0, 4)).toEqual([
      'json_schema: unreadable no judgment came (stop)',
      'tool_call: ignored plain text came',
      'json_object: works',
      'text: works',
    ])
    expect(provider.knownForm('judge-small')).toMatchObject({ enforcement: 'json_object' })
  })

  it('of Mistral shows what its protocol has not', async () => {
    const mistral = open('mistral')
    const { findings } = await probe(mistral)
    expect(shown(findings)).toContain('probabilities: absent')
    expect(shown(findings)).toContain('seed: works')
    expect(mistral.knownForm('judge-small')).toMatchObject({ leftOut: ['probabilities'] })
  })

  it('of a model that is offered a tool and calls none says so', async () => {
    answering((body) => (body.tool_choice === 'auto' ? withLogprobs(judgment) : undefined))
    expect(shown((await probe()).findings)).toContain('tools: ignored none was called (stop)')
  })

  it('that fails where a tool is to be called says so, and keeps the rest', async () => {
    answering((body) => (body.tool_choice === 'auto' ? recordedAnswer('openai', 'server error') : undefined))
    const { findings } = await probe()
    expect(findings.at(-1)).toMatchObject({ what: 'tools', state: 'failed' })
    expect(provider.knownForm('judge-small')).toMatchObject({ enforcement: 'json_schema' })
  })

  it('that takes probabilities and gives none says so', async () => {
    expect(shown((await probe()).findings)).toContain('probabilities: ignored none came')
  })

  it('of a model that can not be asked keeps nothing', async () => {
    server.always(recordedAnswer('openai', 'unknown model'))
    const { findings, failure } = await probe()
    expect(findings).toEqual([])
    expect(failure).toMatchObject({ kind: 'invalid_request' })
    expect(server.requests).toHaveLength(1)
    expect(kept).toEqual([])
  })

  it('asks again where the provider fails for a moment', async () => {
    server.script(recordedAnswer('openai', 'overloaded'))
    expect((await probe()).findings.map(({ state }) => state)).not.toContain('failed')
  })

  it('stops when it is told to', async () => {
    const controller = new AbortController()
    server.always({ hangs: true })
    const probing = probe(provider, controller.signal)
    while (server.requests.length === 0) await new Promise(setImmediate)
    controller.abort(new Error('stop'))
    await expect(probing).rejects.toThrow('stop')
    expect(kept).toEqual([])
  })
})
