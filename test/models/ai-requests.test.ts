import { beforeEach, describe, expect, it } from 'vitest'
import type { ModelRequest } from '../../src/judging/model.ts'
import type { ProviderClient, ProviderReply } from '../../src/models/provider-client.ts'
import { createAnthropic } from '../../src/models/providers/anthropic.ts'
import { createBedrock } from '../../src/models/providers/bedrock.ts'
import { createGoogle } from '../../src/models/providers/google.ts'
import { type Format, type RequestForm, strictestForm } from '../../src/models/request-form.ts'
import {
  type AiType,
  aiKey,
  aiModels,
  aiRequest,
  awsCredentials,
  regression,
} from '../support/ai-provider.ts'
import { recordedAnswer } from '../support/fixtures/providers/recorded-answer.ts'
import type { ProviderRequest, ProviderServer } from '../support/provider-server.ts'
import { startTestServer } from '../support/test-provider.ts'

const never = new AbortController().signal
const judgment = '{"analysis": "The response names the amount and the date.", "answer": "yes"}'
const calledWith = '{"analysis":"The response names the amount and the date.","answer":"yes"}'

let server: ProviderServer

beforeEach(async () => {
  server = await startTestServer()
})

function client(type: AiType): ProviderClient {
  const settings = { name: 'court', baseUrl: server.baseUrl, maxInFlight: 2, apiKey: aiKey }
  if (type === 'anthropic') return createAnthropic(settings)
  if (type === 'google') return createGoogle(settings)
  const { origin: baseUrl } = new URL(server.baseUrl)
  return createBedrock({ ...settings, baseUrl, region: 'eu-central-1', key: awsCredentials, modelNames: [] })
}

const toolReplies = { anthropic: 'tool call', google: 'function call', bedrock: 'tool use' } as const
const textReplies = { anthropic: 'message', google: 'content', bedrock: 'message' } as const

/** What was sent for this, and how the reply was read. */
async function ask(
  type: AiType,
  format: Format,
  changes: Partial<ModelRequest> = {},
  formChanges: Partial<RequestForm> = {},
): Promise<{ sent: ProviderRequest; reply: ProviderReply }> {
  server.script(recordedAnswer(type, (format === 'tool_call' ? toolReplies : textReplies)[type]))
  await using asked = client(type)
  const form = { ...strictestForm(asked.formats), format, ...formChanges }
  const reply = await asked.complete(aiRequest(type, changes), form, never)
  const [sent] = server.requests.splice(0)
  if (sent === undefined) throw new Error('Nothing was asked.')
  return { sent, reply }
}

const schema = {
  type: 'object',
  properties: { analysis: { type: 'string' }, answer: { type: 'string', enum: ['yes', 'no'] } },
  required: ['analysis', 'answer'],
  additionalProperties: false,
}
const bounded = { ...schema.properties, answer: { type: 'number', minimum: 1, maximum: 5 } }
const description = 'Gives the judgment: the analysis first, then the answer.'
const sampling = { temperature: 0.7, seed: 42 }

describe('anthropic', () => {
  const plain = {
    model: 'claude-sonnet-4-5',
    max_tokens: 256,
    temperature: 0,
    system: [{ type: 'text', text: 'You judge.' }],
    messages: [{ role: 'user', content: [{ type: 'text', text: 'Is it right?' }] }],
  }

  it('is called with its key and version', async () => {
    const { sent } = await ask('anthropic', 'text')
    expect(sent.path).toBe('/v1/messages')
    expect(sent.headers).toMatchObject({
      'x-api-key': aiKey,
      'anthropic-version': '2023-06-01',
      'content-type': 'application/json',
    })
    expect(sent.headers).not.toHaveProperty('anthropic-beta')
  })

  it('is asked by a schema', async () => {
    const { sent, reply } = await ask('anthropic', 'json_schema')
    expect(sent.body).toEqual({ ...plain, output_config: { format: { type: 'json_schema', schema } } })
    expect(reply).toMatchObject({ text: judgment, enforcement: 'json_schema' })
  })

  it('is asked by a schema also where the SDK thinks that the model takes none', async () => {
    const { sent } = await ask('anthropic', 'json_schema', { modelName: 'claude-3-haiku-20240307' })
    expect(sent.body.output_config.format.type).toBe('json_schema')
    expect(sent.body).not.toHaveProperty('tools')
  })

  it('is asked by a forced tool call', async () => {
    const { sent, reply } = await ask('anthropic', 'tool_call')
    expect(sent.body).toEqual({
      ...plain,
      tools: [{ name: 'judgment', description, input_schema: schema }],
      tool_choice: { type: 'tool', name: 'judgment', disable_parallel_tool_use: true },
    })
    expect(reply).toMatchObject({ text: calledWith, finish: 'stop', enforcement: 'tool_call' })
  })

  it('is asked by text', async () => {
    const { sent, reply } = await ask('anthropic', 'text')
    expect(sent.body).toEqual(plain)
    expect(reply).toMatchObject({ text: judgment, enforcement: 'text' })
  })

  it('gets no bounds in its schema, which it refuses, but in its tool', async () => {
    const { sent, reply } = await ask('anthropic', 'json_schema', regression)
    expect(sent.body.output_config.format.schema.properties.answer).toEqual({ type: 'number' })
    expect(reply.leftOut).toEqual(['bounds'])
    const { sent: call, reply: called } = await ask('anthropic', 'tool_call', regression)
    expect(call.body.tools[0].input_schema.properties).toEqual(bounded)
    expect(called).not.toHaveProperty('leftOut')
  })

  it('leaves out what the SDK knows that a model refuses, and says so', async () => {
    const { sent, reply } = await ask('anthropic', 'json_schema', { modelName: 'claude-opus-4-8' })
    expect(sent.body).not.toHaveProperty('temperature')
    expect(reply.leftOut).toEqual(['temperature'])
  })

  it('tells that a temperature above its own was not kept', async () => {
    const hot = { sampling: { temperature: 1.5, seed: 42 } }
    const { sent, reply } = await ask('anthropic', 'text', hot)
    expect(sent.body.temperature).toBe(1)
    expect(reply.leftOut).toEqual(['temperature'])
  })

  it('claims no forced call where the model can not be forced', async () => {
    const { sent, reply } = await ask('anthropic', 'tool_call', { modelName: 'claude-opus-5-5' })
    expect(sent.body.tool_choice.type).toBe('auto')
    expect(reply).toMatchObject({ text: calledWith, enforcement: 'text' })
  })
})

describe('google', () => {
  const plain = {
    generationConfig: { maxOutputTokens: 256, temperature: 0 },
    contents: [{ role: 'user', parts: [{ text: 'Is it right?' }] }],
    systemInstruction: { parts: [{ text: 'You judge.' }] },
  }

  it('is called with its key', async () => {
    const { sent } = await ask('google', 'text')
    expect(sent.path).toBe('/v1/models/gemini-2.5-flash:generateContent')
    expect(sent.headers).toMatchObject({ 'x-goog-api-key': aiKey, 'content-type': 'application/json' })
  })

  it('is asked by a schema, with its bounds', async () => {
    const json = { responseMimeType: 'application/json', responseJsonSchema: schema }
    const { sent, reply } = await ask('google', 'json_schema')
    expect(sent.body).toEqual({ ...plain, generationConfig: { ...plain.generationConfig, ...json } })
    expect(reply).toMatchObject({ text: judgment, enforcement: 'json_schema' })
    const { sent: number } = await ask('google', 'json_schema', regression)
    expect(number.body.generationConfig.responseJsonSchema.properties).toEqual(bounded)
  })

  it('is asked by a forced function call', async () => {
    const { sent, reply } = await ask('google', 'tool_call')
    expect(sent.body).toEqual({
      ...plain,
      tools: [{ functionDeclarations: [{ name: 'judgment', description, parametersJsonSchema: schema }] }],
      toolConfig: { functionCallingConfig: { mode: 'ANY', allowedFunctionNames: ['judgment'] } },
    })
    expect(reply).toMatchObject({ text: calledWith, finish: 'stop', enforcement: 'tool_call' })
  })

  it('is asked by JSON mode', async () => {
    const { sent, reply } = await ask('google', 'json_object')
    const json = { responseMimeType: 'application/json' }
    expect(sent.body).toEqual({ ...plain, generationConfig: { ...plain.generationConfig, ...json } })
    expect(reply).toMatchObject({ text: judgment, enforcement: 'json_object' })
  })

  it('is asked by text', async () => {
    const { sent, reply } = await ask('google', 'text')
    expect(sent.body).toEqual(plain)
    expect(reply).toMatchObject({ text: judgment, enforcement: 'text' })
  })

  it('draws with a seed', async () => {
    const { sent } = await ask('google', 'text', { sampling })
    expect(sent.body.generationConfig).toEqual({ maxOutputTokens: 256, ...sampling })
  })

  it.each(['../files', 'x?key=1', 'a/../../b', 'gemini:countTokens#', ''])(
    'is never asked at another address: %j',
    async (modelName) => {
      await expect(ask('google', 'text', { modelName })).rejects.toMatchObject({ kind: 'invalid_request' })
      expect(server.requests).toEqual([])
    },
  )
})

describe('bedrock', () => {
  const plain = {
    system: [{ text: 'You judge.' }],
    messages: [{ role: 'user', content: [{ text: 'Is it right?' }] }],
    inferenceConfig: { maxTokens: 256, temperature: 0 },
    additionalModelResponseFieldPaths: ['/delta/stop_sequence'],
  }

  it('is called with a signature of AWS', async () => {
    const { sent } = await ask('bedrock', 'text')
    expect(sent.path).toBe(`/model/${encodeURIComponent(aiModels.bedrock)}/converse`)
    expect(sent.headers.authorization).toMatch(
      /^AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE\/\d{8}\/eu-central-1\/bedrock\/aws4_request, /,
    )
    expect(sent.headers['x-amz-security-token']).toBe(awsCredentials.sessionToken)
    expect(JSON.stringify(sent.headers)).not.toContain(awsCredentials.secretAccessKey)
  })

  it('is called with a key of its own', async () => {
    server.script(recordedAnswer('bedrock', 'message'))
    const { origin: baseUrl } = new URL(server.baseUrl)
    const settings = { name: 'court', baseUrl, region: 'eu-central-1', key: aiKey }
    await using asked = createBedrock({ ...settings, modelNames: [], maxInFlight: 1 })
    await asked.complete(aiRequest('bedrock'), strictestForm(asked.formats), never)
    expect(server.requests[0]?.headers.authorization).toBe(`Bearer ${aiKey}`)
  })

  it.each([aiModels.bedrock, 'qwen.qwen3-32b-v1:0'])('is asked by a schema: %s', async (modelName) => {
    const { sent, reply } = await ask('bedrock', 'json_schema', { modelName })
    const { outputConfig, ...rest } = sent.body
    const { schema: text, ...named } = outputConfig.textFormat.structure.jsonSchema
    expect(outputConfig.textFormat.type).toBe('json_schema')
    expect(named).toEqual({ name: 'judgment' })
    expect(JSON.parse(text)).toEqual(schema)
    const { additionalModelResponseFieldPaths, ...ofAll } = plain
    expect(rest).toEqual(modelName === aiModels.bedrock ? plain : ofAll)
    expect(reply).toMatchObject({ text: judgment, enforcement: 'json_schema' })
  })

  it('is asked by a forced tool call', async () => {
    const { sent, reply } = await ask('bedrock', 'tool_call')
    expect(sent.body).toEqual({
      ...plain,
      toolConfig: {
        tools: [{ toolSpec: { name: 'judgment', description, inputSchema: { json: schema } } }],
        toolChoice: { tool: { name: 'judgment' } },
      },
    })
    expect(reply).toMatchObject({ text: calledWith, finish: 'stop', enforcement: 'tool_call' })
  })

  it('is asked by text', async () => {
    const { sent, reply } = await ask('bedrock', 'text')
    expect(sent.body).toEqual(plain)
    expect(reply).toMatchObject({ text: judgment, enforcement: 'text' })
  })

  it('gets no bounds in its schema, which it refuses', async () => {
    const { sent, reply } = await ask('bedrock', 'json_schema', regression)
    expect(
      JSON.parse(sent.body.outputConfig.textFormat.structure.jsonSchema.schema).properties.answer,
    ).toEqual({
      type: 'number',
    })
    expect(reply.leftOut).toEqual(['bounds'])
  })
})

describe.each<[AiType]>([['anthropic'], ['google'], ['bedrock']])('a request of %s', (type) => {
  it('has what its form has, and no more', async () => {
    const { sent: bare } = await ask(type, 'text', {}, { hasZeroTemperature: false, hasSystemRole: false })
    // The SDK's client of Bedrock sends an empty list where there is no system message.
    const text = JSON.stringify(bare.body).replace('"system":[],', '')
    expect(text).not.toMatch(/temperature|system|seed/i)
    expect(text).toContain('You judge.\\n\\nIs it right?')
    const { sent: drawn } = await ask(type, 'text', { sampling }, { hasTemperature: false, hasSeed: false })
    expect(JSON.stringify(drawn.body)).not.toMatch(/temperature|seed/i)
    const { sent: hot } = await ask(type, 'text', { sampling })
    expect(JSON.stringify(hot.body)).toContain('"temperature":0.7')
    const { sent: limited } = await ask(type, 'text', {}, { mostOutputTokens: 100 })
    expect(JSON.stringify(limited.body)).toMatch(/[tT]okens":100\b/)
  })

  it('keeps a conversation of several turns in order', async () => {
    const messages = [
      ...aiRequest(type).messages,
      { role: 'assistant', content: 'Maybe. ' },
      { role: 'user', content: 'Yes or no?' },
    ] as const
    const { sent } = await ask(type, 'json_schema', { messages })
    const turns = (sent.body.messages ?? sent.body.contents) as { role: string }[]
    expect(turns.map(({ role }) => role)).toEqual(['user', type === 'google' ? 'model' : 'assistant', 'user'])
    expect(JSON.stringify(turns[1])).toContain('Maybe. ')
  })
})

it.each([
  ['anthropic', createAnthropic],
  ['google', createGoogle],
] as const)('%s gets no key where there is none', async (type, create) => {
  server.script(recordedAnswer(type, textReplies[type]))
  server.alwaysList(recordedAnswer(type, 'models'))
  await using asked = create({ name: 'court', baseUrl: server.baseUrl, maxInFlight: 1, apiKey: undefined })
  await asked.complete(aiRequest(type), strictestForm(asked.formats), never)
  await asked.listModels(never)
  const calls = [...server.requests, ...server.listRequests]
  expect(calls).toHaveLength(2)
  for (const { headers } of calls) {
    expect(Object.keys(headers).filter((name) => /key|authorization/.test(name))).toEqual([])
  }
})

it('two calls of the tool are both read, so that their answers can be compared', async () => {
  server.script(recordedAnswer('anthropic', 'two tool calls'))
  await using asked = client('anthropic')
  const form = { ...strictestForm(asked.formats), format: 'tool_call' } as const
  const { text } = await asked.complete(aiRequest('anthropic'), form, never)
  expect(text.split('\n').map((call) => JSON.parse(call).answer)).toEqual(['yes', 'no'])
})
