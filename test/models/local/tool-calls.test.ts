import { describe, expect, it } from 'vitest'
import { readAnswer } from '../../../src/judging/answer.ts'
import type { ModelRequest } from '../../../src/judging/model.ts'
import type { ToolDescription } from '../../../src/judging/tool.ts'
import { createLog } from '../../../src/log.ts'
import { createLlamaModel } from '../../../src/models/local/llama-model.ts'

const path = process.env.TEST_LOCAL_MODEL ?? ''
const why = path === '' ? ' (skipped: TEST_LOCAL_MODEL names no GGUF file)' : ''

const read: ToolDescription = {
  name: 'files__read_text_file',
  description: 'Reads a file.',
  parameters: {
    type: 'object',
    properties: { path: { type: 'string' }, head: { type: 'integer' } },
    required: ['path'],
  },
}
const odd: ToolDescription = {
  name: 'odd',
  description: 'Has a schema that no converter knows.',
  parameters: { type: 'object', $ref: '#/definitions/nothing', patternProperties: { '^x': { not: {} } } },
}
const request: ModelRequest = {
  modelName: 'tiny',
  messages: [
    { role: 'system', content: 'You judge whether the claim is in the file. Look it up first.' },
    { role: 'user', content: 'The claim: the sky is green. The file is /notes/sky.txt.' },
  ],
  output: { type: 'CLASSIFICATION', options: ['yes', 'no'].map((value) => ({ value, description: value })) },
  maxOutputTokens: 256,
}

function open() {
  return createLlamaModel({
    path,
    contextTokens: 2048,
    maxAnalysisTokens: 24,
    parallelJudgments: 2,
    unloadAfterMs: 60_000,
    log: createLog('silent'),
  })
}

describe.skipIf(path === '')(`tools of a local model${why}`, { timeout: 120_000 }, () => {
  it('are called with arguments of their schema, or the model judges at once', async () => {
    await using model = open()
    const { signal } = new AbortController()
    const replies = []
    for (let seed = 1; seed <= 3; seed += 1) {
      replies.push(
        await model.complete({ ...request, tools: [read], sampling: { temperature: 1, seed } }, signal),
      )
    }
    const calls = replies.flatMap(({ toolCalls = [] }) => toolCalls)
    const judgments = replies.filter(({ toolCalls }) => toolCalls === undefined)
    expect(calls.length).toBeGreaterThan(0)
    expect(calls.length + judgments.length).toBe(3)
    for (const call of calls) {
      expect(call).toMatchObject({ id: 'call_1', name: read.name })
      expect(JSON.parse(call.arguments)).toMatchObject({ path: expect.any(String) })
    }
    for (const { text } of judgments) expect(readAnswer(text, request.output).isReadable).toBe(true)
  })

  it('may be called again, and what they gave is part of the prompt', async () => {
    await using model = open()
    const { signal } = new AbortController()
    const call = { id: 'call_1', name: read.name, arguments: '{"path": "/notes/sky.txt"}' }
    const messages = [
      ...request.messages,
      { role: 'assistant', content: '', toolCalls: [call] } as const,
      { role: 'tool', content: '<judged-x>The sky is blue.</judged-x>', toolCall: call } as const,
    ]
    const before = await model.complete({ ...request, tools: [read] }, signal)
    const after = await model.complete({ ...request, messages, tools: [read] }, signal)
    expect(after.usage.inputTokens).toBeGreaterThan(before.usage.inputTokens)
    if (after.toolCalls !== undefined) expect(after.toolCalls[0]?.id).toBe('call_2')
    else expect(readAnswer(after.text, request.output).isReadable).toBe(true)
  })

  it('may have schemas that no grammar can be made of', async () => {
    await using model = open()
    const reply = await model.complete({ ...request, tools: [odd] }, new AbortController().signal)
    for (const call of reply.toolCalls ?? []) expect(call.arguments.trimStart()).toMatch(/^\{/)
    expect(reply.toolCalls?.length ?? 1).toBe(1)
  })
})
