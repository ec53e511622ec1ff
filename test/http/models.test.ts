import { expect, it } from 'vitest'
import { startTestAssize } from '../support/test-assize.ts'

it('lists the models that a judge can name, as the SDKs know them', async () => {
  const { call } = await startTestAssize()
  const { status, body } = await call('GET', '/v1/models')
  expect(status).toBe(200)
  expect(body).toEqual({
    object: 'list',
    data: [
      {
        type: 'base',
        object: 'model',
        id: 'scripted',
        created: 0,
        owned_by: 'tests',
        name: null,
        description: null,
        max_context_length: 32_768,
        capabilities: { completion_chat: true, function_calling: false, vision: false },
      },
    ],
  })
})

it('shows what a provider says of a model', async () => {
  const { call, assize } = await startTestAssize()
  assize.models.list = async () => [
    {
      id: 'vllm/qwen',
      ownedBy: 'vllm',
      name: 'Qwen',
      description: 'A model.',
      maxContextTokens: 8192,
      createdAt: new Date('2026-01-01T00:00:00.900Z'),
      knownForm: { enforcement: 'tool_call', leftOut: ['temperature'] },
    },
  ]
  const { body } = await call('GET', '/v1/models')
  expect(body.data).toMatchObject([
    {
      id: 'vllm/qwen',
      owned_by: 'vllm',
      name: 'Qwen',
      description: 'A model.',
      max_context_length: 8192,
      created: Date.UTC(2026, 0, 1) / 1000,
      judging: { enforcement: 'tool_call', left_out: ['temperature'] },
    },
  ])
})
