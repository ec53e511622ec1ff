import { beforeEach, describe, expect, it } from 'vitest'
import type { ModelReply, ModelRequest, ToolCall } from '../../src/judging/model.ts'
import type { HostedProvider } from '../../src/models/hosted-provider.ts'
import { type AiType, aiKey, aiModels, aiRequest, openAi } from '../support/ai-provider.ts'
import { failureOf } from '../support/failure-of.ts'
import { type RecordedProvider, recordedAnswer } from '../support/fixtures/providers/recorded-answer.ts'
import { nextRound } from '../support/next-round.ts'
import type { ProviderServer, ScriptedAnswer } from '../support/provider-server.ts'
import { startTestServer } from '../support/test-provider.ts'

const parameters = { type: 'object', properties: { path: { type: 'string' } }, required: ['path'] }
const tools = [{ name: 'files__read', description: 'Reads a file.', parameters }]
const never = new AbortController().signal

let server: ProviderServer

beforeEach(async () => {
  server = await startTestServer()
})

function open(type: AiType): HostedProvider {
  return openAi(type, server, aiKey)
}

/** Two rounds: what was sent in each, and what came of them. */
async function consult(type: AiType, first: ScriptedAnswer, changes: Partial<ModelRequest> = {}) {
  server.script(first, recordedAnswer(type, type === 'google' ? 'content' : 'message'))
  const { model } = open(type)
  const asked = aiRequest(type, { tools, ...changes })
  const called = await model.complete(asked, never)
  const answered = await model.complete(nextRound(asked, called, ['Blue.', 'Green.']), never)
  const [one, two] = server.requests.map(({ body }) => body)
  return { called, answered, one, two }
}

/** The fixture, with something else in the place of the calls' part. */
// biome-ignore lint/suspicious/noExplicitAny: whatever the fixture holds
function changed(of: RecordedProvider, name: string, change: (body: any) => void): ScriptedAnswer {
  const answer = structuredClone(recordedAnswer(of, name))
  change(answer.body)
  return answer
}

const called = (ids: readonly string[]) => [
  { id: ids[0], name: 'files__read', arguments: '{"path":"a.txt"}' },
  { id: ids[1], name: 'files__read', arguments: '{"path":"b.txt"}' },
]

describe('anthropic', () => {
  const ids = ['toolu_01A09q90qw90lq917835lq9', 'toolu_01T1x1fJ34qAmk2tNTrN7Up6']
  const plain = {
    model: 'claude-sonnet-4-5',
    max_tokens: 256,
    temperature: 0,
    system: [{ type: 'text', text: 'You judge.' }],
    tools: [{ name: 'files__read', description: 'Reads a file.', input_schema: parameters }],
    tool_choice: { type: 'auto' },
  }
  const asked = { role: 'user', content: [{ type: 'text', text: 'Is it right?' }] }
  const use = (index: number, path: string) => ({
    type: 'tool_use',
    id: ids[index],
    name: 'files__read',
    input: { path },
  })
  const result = (index: number, content: string) => ({
    type: 'tool_result',
    tool_use_id: ids[index],
    content,
  })

  it('is offered tools, and gets all results in one message', async () => {
    const {
      called: said,
      answered,
      one,
      two,
    } = await consult('anthropic', recordedAnswer('anthropic', 'tool uses'))
    expect(one).toEqual({ ...plain, messages: [asked] })
    expect(said).toMatchObject({ text: 'I will read both files.', finish: 'stop', enforcement: 'text' })
    expect(said.toolCalls).toMatchObject(called(ids))
    expect(two).toEqual({
      ...plain,
      messages: [
        asked,
        {
          role: 'assistant',
          content: [{ type: 'text', text: 'I will read both files.' }, use(0, 'a.txt'), use(1, 'b.txt')],
        },
        { role: 'user', content: [result(0, 'Blue.'), result(1, 'Green.')] },
      ],
    })
    expect(answered).toMatchObject({ finish: 'stop', enforcement: 'text' })
    expect(JSON.parse(answered.text)).toMatchObject({ answer: 'yes' })
    expect(answered).not.toHaveProperty('toolCalls')
  })
})

describe('google', () => {
  const plain = {
    generationConfig: { maxOutputTokens: 256, temperature: 0 },
    systemInstruction: { parts: [{ text: 'You judge.' }] },
    tools: [
      {
        functionDeclarations: [
          { name: 'files__read', description: 'Reads a file.', parametersJsonSchema: parameters },
        ],
      },
    ],
    toolConfig: { functionCallingConfig: { mode: 'AUTO' } },
  }
  const asked = { role: 'user', parts: [{ text: 'Is it right?' }] }
  const given = (content: string) => ({
    functionResponse: { name: 'files__read', response: { name: 'files__read', content } },
  })

  it('is offered tools, and sees its signature again', async () => {
    const { called: said, one, two } = await consult('google', recordedAnswer('google', 'function calls'))
    expect(one).toEqual({ ...plain, contents: [asked] })
    expect(said).toMatchObject({ text: '', finish: 'stop', enforcement: 'text' })
    expect(said.toolCalls).toMatchObject([
      { name: 'files__read', arguments: '{"path":"a.txt"}' },
      { name: 'files__read', arguments: '{"path":"b.txt"}' },
    ])
    expect(new Set(said.toolCalls?.map(({ id }) => id)).size).toBe(2)
    const withoutIds = JSON.parse(JSON.stringify(two, (key, value) => (key === 'id' ? undefined : value)))
    expect(withoutIds).toEqual({
      ...plain,
      contents: [
        asked,
        {
          role: 'model',
          parts: [
            {
              functionCall: { name: 'files__read', args: { path: 'a.txt' } },
              thoughtSignature: 'EsoBCscBAXLI2nxT',
            },
            { functionCall: { name: 'files__read', args: { path: 'b.txt' } } },
          ],
        },
        { role: 'user', parts: [given('Blue.'), given('Green.')] },
      ],
    })
  })
})

describe('bedrock', () => {
  const ids = ['tooluse_kZJMlvQmRJ6eAyJE5GIl7Q', 'tooluse_Hb0xVdgqTfKbGeVzqEuOqA']
  const use = (index: number, path: string) => ({
    toolUse: { toolUseId: ids[index], name: 'files__read', input: { path } },
  })
  const result = (index: number, text: string) => ({
    toolResult: { toolUseId: ids[index], content: [{ text }] },
  })

  it('is offered tools, and gets all results in one message', async () => {
    const { called: said, one, two } = await consult('bedrock', recordedAnswer('bedrock', 'tool uses'))
    const toolConfig = {
      tools: [
        {
          toolSpec: { name: 'files__read', description: 'Reads a file.', inputSchema: { json: parameters } },
        },
      ],
      toolChoice: { auto: {} },
    }
    const asked = { role: 'user', content: [{ text: 'Is it right?' }] }
    expect(one).toMatchObject({
      toolConfig,
      messages: [asked],
      inferenceConfig: { maxTokens: 256, temperature: 0 },
    })
    expect(one).not.toHaveProperty('outputConfig')
    expect(said).toMatchObject({ text: 'I will read both files.', finish: 'stop', enforcement: 'text' })
    expect(said.toolCalls).toMatchObject(called(ids))
    expect(two).toEqual({
      ...one,
      messages: [
        asked,
        {
          role: 'assistant',
          content: [{ text: 'I will read both files.' }, use(0, 'a.txt'), use(1, 'b.txt')],
        },
        { role: 'user', content: [result(0, 'Blue.'), result(1, 'Green.')] },
      ],
    })
  })
})

const replies = { anthropic: 'tool uses', google: 'function calls', bedrock: 'tool uses' } as const
const cut = { anthropic: 'tool use cut', google: 'function calls cut', bedrock: 'tool use cut' } as const
const noTools = { anthropic: 'tool refused', google: 'functions refused', bedrock: 'tool refused' } as const
const tooHot = { anthropic: 'temperature refused', bedrock: 'temperature refused' } as const

describe.each<[AiType]>([['anthropic'], ['google'], ['bedrock']])('a model of %s', (type) => {
  it('makes no call in a reply that was cut', async () => {
    server.script(recordedAnswer(type, cut[type]))
    const said = await open(type).model.complete(aiRequest(type, { tools }), never)
    expect(said.finish).toBe('length')
    expect(said).not.toHaveProperty('toolCalls')
  })

  it('that takes no tools says so, and teaches nothing', async () => {
    server.script(recordedAnswer(type, noTools[type]))
    const provider = open(type)
    const failure = await failureOf(provider.model.complete(aiRequest(type, { tools }), never))
    expect(failure).toMatchObject({ kind: 'invalid_request', isRetryable: false, attempts: 1 })
    expect(failure.message).toMatch(/tool|function/i)
    expect(server.requests).toHaveLength(1)
    expect(provider.knownForm(aiModels[type])).toBeUndefined()
  })

  it('keeps its calls without an end to the reply', async () => {
    const answer = changed(type, replies[type], (body) => {
      delete body.stop_reason
      delete body.candidates?.[0].finishReason
      const content = body.content ?? body.output?.message.content
      content?.shift()
    })
    // The client of Bedrock takes no reply without one.
    if (type === 'bedrock') (answer.body as { stopReason: string }).stopReason = ''
    server.script(answer)
    const said = await open(type).model.complete(aiRequest(type, { tools }), never)
    expect(said).toMatchObject({ text: '', toolCalls: [{}, {}] })
  })

  it('that was not asked with tools is not read for them', async () => {
    server.script(recordedAnswer(type, replies[type]))
    const said = await open(type).model.complete(aiRequest(type), never)
    expect(said).not.toHaveProperty('toolCalls')
  })
})

describe.each<['anthropic' | 'bedrock']>([['anthropic'], ['bedrock']])('a call of %s', (type) => {
  // biome-ignore lint/suspicious/noExplicitAny: whatever the fixture holds
  const usesOf = (body: any): any[] =>
    (body.content ?? body.output.message.content)
      .slice(1)
      .map((part: { toolUse?: unknown }) => part.toolUse ?? part)

  it('has an id of its own, where its provider gives one twice', async () => {
    const answer = changed(type, replies[type], (body) => {
      for (const use of usesOf(body)) use[type === 'anthropic' ? 'id' : 'toolUseId'] = 'twice'
    })
    const { called: said, two } = await consult(type, answer)
    expect(said.toolCalls?.map(({ id }) => id)).toEqual(['twice', 'call00001'])
    expect(JSON.stringify(two).match(/"(?:twice|call00001)"/g)).toHaveLength(4)
  })

  it('is repeated with a name and arguments that its provider takes', async () => {
    const asked = aiRequest(type, { tools })
    const call: ToolCall = { id: 'c1', name: 'functions.read it!', arguments: '["a"]' }
    server.script(recordedAnswer(type, 'message'))
    const reply = { text: '', toolCalls: [call] } as unknown as ModelReply
    await open(type).model.complete(nextRound(asked, reply, ['No.']), never)
    const [, use] = server.requests[0]?.body.messages ?? []
    const [part] = use.content
    expect(part.toolUse ?? part).toMatchObject({ name: 'functions_read_it_', input: {} })
  })

  it('comes also after a parameter was refused, and that is kept', async () => {
    server.script(recordedAnswer(type, tooHot[type]), recordedAnswer(type, replies[type]))
    const provider = open(type)
    const said = await provider.model.complete(aiRequest(type, { tools }), never)
    expect(said).toMatchObject({ attempts: 2, toolCalls: [{}, {}], leftOut: ['temperature'] })
    expect(JSON.stringify(server.requests[1]?.body)).not.toContain('temperature')
    expect(JSON.stringify(server.requests[1]?.body)).toContain('files__read')
    expect(provider.knownForm(aiModels[type])).toMatchObject({
      leftOut: expect.arrayContaining(['temperature']),
    })
  })
})

it.each<[AiType, string, ModelReply['finish']]>([
  ['anthropic', 'refusal', 'refused'],
  ['google', 'SAFETY', 'filtered'],
  ['bedrock', 'content_filtered', 'filtered'],
])('%s: a reply of calls that ends by %s makes none', async (type, reason, finish) => {
  const answer = changed(type, replies[type], (body) => {
    if (type === 'google') body.candidates[0].finishReason = reason
    else body[type === 'anthropic' ? 'stop_reason' : 'stopReason'] = reason
  })
  server.script(answer)
  const said = await open(type).model.complete(aiRequest(type, { tools }), never)
  expect(said.finish).toBe(finish)
  expect(said).not.toHaveProperty('toolCalls')
})
