import { getEventListeners } from 'node:events'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ProviderConfig } from '../../src/config.ts'
import { AssizeError } from '../../src/errors.ts'
import type { Model } from '../../src/judging/model.ts'
import { Directory, type LocalModels } from '../../src/models/directory.ts'
import { createHostedProvider } from '../../src/models/hosted-provider.ts'
import { recordedAnswer } from '../support/fixtures/providers/recorded-answer.ts'
import { type ProviderServer, startProviderServer } from '../support/provider-server.ts'

const never = new AbortController().signal
const scale = { type: 'REGRESSION', min: 0, minDescription: '', max: 1, maxDescription: '' } as const
const localModel: Model = {
  complete: async () => {
    throw new Error('not called')
  },
}
const local: LocalModels = {
  find: (name) => {
    if (name === 'large') throw new AssizeError('model_not_served', 'Download large first.')
    return name === 'tiny' ? localModel : undefined
  },
  list: async () => [{ id: 'tiny', ownedBy: 'local', name: 'Tiny', maxContextTokens: 8192 }],
  parallelJudgments: 3,
  async [Symbol.asyncDispose]() {},
}

let server: ProviderServer
const opened: Directory[] = []

beforeEach(async () => {
  server = await startProviderServer()
})

afterEach(async () => {
  for (const directory of opened.splice(0)) await directory[Symbol.asyncDispose]()
  await server[Symbol.asyncDispose]()
})

function open(
  providers: readonly Partial<ProviderConfig>[],
  localModels: LocalModels | null = local,
): Directory {
  const hosted = providers.map((provider) =>
    createHostedProvider(
      { name: 'mistral', type: 'openai', baseUrl: server.baseUrl, models: [], maxInFlight: 4, ...provider },
      'the-key',
      { maxAttempts: 1 },
    ),
  )
  const directory = new Directory(hosted, localModels ?? undefined)
  opened.push(directory)
  return directory
}

describe('a name', () => {
  const providers = [
    { name: 'mistral', models: ['mistral-*', 'ft:*mistral-*', 'exactly'] },
    { name: 'vllm', models: ['*llama*instruct*', 'mistral-large'] },
    { name: 'bare', models: [] },
  ]
  const found: readonly [string, string, string][] = [
    ['mistral-small-latest', 'mistral', 'mistral-small-latest'],
    ['mistral-', 'mistral', 'mistral-'],
    ['mistral-large', 'mistral', 'mistral-large'],
    ['ft:open-mistral-7b:abc', 'mistral', 'ft:open-mistral-7b:abc'],
    ['exactly', 'mistral', 'exactly'],
    ['vllm/mistral-large', 'vllm', 'mistral-large'],
    ['vllm/meta-llama/Llama-3', 'vllm', 'meta-llama/Llama-3'],
    ['bare/anything', 'bare', 'anything'],
    ['meta/llama-3-instruct-q4', 'vllm', 'meta/llama-3-instruct-q4'],
    ['local/tiny', 'local', 'tiny'],
  ]
  for (const [name, provider, modelName] of found) {
    it(`is served by ${provider}: ${name}`, () => {
      expect(open(providers).find(name)).toMatchObject({ provider, modelName })
    })
  }

  it('says how many calls its provider lets through at once now, which a rate limit lowers', async () => {
    const found = open(providers).find('mistral-small-latest')
    expect(found.callsAllowedNow?.()).toBe(4)
    server.script({ status: 429, body: {} })
    const request = { modelName: 'x', messages: [], output: scale, maxOutputTokens: 10 }
    await expect(found.model.complete(request, never)).rejects.toThrow()
    expect(found.callsAllowedNow?.()).toBe(2)
    expect(open(providers).find('local/tiny').callsAllowedNow?.()).toBe(3)
  })

  const unknown = [
    'gpt-4o',
    'Mistral-small',
    'exactly!',
    'not-exactly',
    'local/huge',
    'local/',
    'llama-instruc',
  ]
  for (const name of [...unknown, 'mistral', 'tiny', 'ft:mistral', '']) {
    it(`is served by nobody: ${JSON.stringify(name)}`, () => {
      expect(() => open(providers).find(name)).toThrow(
        expect.objectContaining({ name: 'AssizeError', situation: 'model_not_served' }),
      )
    })
  }

  it('that nobody serves is answered with who could, and how to add one', async () => {
    const directory = open([{ name: 'mistral', models: ['mistral-*'] }])
    await directory.list(never)
    expect(() => directory.find('gpt-4o')).toThrow(
      'model_name: nobody serves "gpt-4o". This server has: mistral (mistral-*, mistral/NAME); local (local/tiny). Set MISTRAL_API_KEY, OPENAI_API_KEY, OPENAI_BASE_URL, ANTHROPIC_API_KEY or GEMINI_API_KEY, or add a provider to the YAML file that ASSIZE_CONFIG names.',
    )
    expect(() => new Directory([], undefined).find('x')).toThrow('This server has: no provider.')
  })

  it('of a local model goes to no provider, whatever its patterns', () => {
    const everything = [{ name: 'gateway', models: ['*'] }]
    expect(() => open(everything, null).find('local/tiny')).toThrow('nobody serves "local/tiny"')
    expect(() => open(everything).find('local/large')).toThrow('Download large first.')
    expect(open(everything).find('anything/at all')).toMatchObject({ provider: 'gateway' })
  })

  it('reaches the provider without the prefix', async () => {
    const { model, modelName } = open([{ name: 'vllm' }]).find('vllm/meta-llama/Llama-3')
    const output = { type: 'CLASSIFICATION', options: [{ value: 'yes', description: '' }] } as const
    await model.complete({ modelName, messages: [], output, maxOutputTokens: 16 }, never)
    expect(server.requests[0]?.body.model).toBe('meta-llama/Llama-3')
  })
})

describe('the list', () => {
  it('names each model as a judge can, and leaves out what can not chat', async () => {
    server.alwaysList(recordedAnswer('mistral', 'models'))
    const directory = open([{ models: ['mistral-*'] }, { name: 'other', models: [] }])
    const description = 'Our latest small model.'
    const shown = { ownedBy: 'mistralai', name: 'mistral-small-2506', description, maxContextTokens: 131_072 }
    expect(await directory.list(never)).toMatchObject([
      { ...shown, id: 'mistral-small-latest', createdAt: new Date(1_764_070_000_000) },
      { ...shown, id: 'other/mistral-small-latest' },
      { id: 'local/tiny', ownedBy: 'local' },
    ])
    for (const { id } of await directory.list(never)) expect(directory.find(id)).toBeDefined()
    expect(server.listRequests[0]?.headers.authorization).toBe('Bearer the-key')
  })

  it('reads what servers of other makes send', async () => {
    const directories = [
      ['vllm', 'models', { id: 'mistral/meta-llama/Llama-3.1-8B-Instruct', maxContextTokens: 32_768 }],
      ['ollama', 'models', { id: 'mistral/llama3.2:3b', ownedBy: 'library' }],
      ['llama-cpp', 'models', { id: 'mistral/qwen3-4b.gguf', maxContextTokens: undefined }],
      ['others', 'together models', { maxContextTokens: 131_072, createdAt: undefined, ownedBy: 'mistral' }],
    ] as const
    for (const [provider, name, expected] of directories) {
      server.alwaysList(recordedAnswer(provider, name))
      expect((await open([{}]).list(never))[0]).toMatchObject(expected)
    }
  })

  it('is asked for once by all who wait, and kept', async () => {
    server.alwaysList({ delayMs: 20 })
    const directory = open([{}])
    const lists = await Promise.all([1, 2, 3].map(() => directory.list(never)))
    expect(new Set(lists.map((list) => JSON.stringify(list))).size).toBe(1)
    await directory.list(never)
    expect(server.listRequests).toHaveLength(1)
  })

  it('of a provider that fails holds the names of its configuration', async () => {
    const broken = [{ status: 500 }, { breaks: true }, { body: 'no JSON' }, { body: { data: 'none' } }]
    for (const answer of broken) {
      server.alwaysList(answer)
      const list = await open([{ models: ['mistral-*', 'my-model'] }]).list(never)
      expect(list.map(({ id }) => id)).toEqual(['my-model', 'local/tiny'])
    }
  })

  it('lets go of a caller who leaves, and goes on for the others', async () => {
    server.alwaysList({ delayMs: 50 })
    const directory = open([{}])
    const leaving = new AbortController()
    const left = directory.list(leaving.signal)
    const stays = directory.list(never)
    leaving.abort(new Error('left'))
    await expect(left).rejects.toThrow('left')
    expect((await stays).map(({ id }) => id)).toEqual(['mistral/judge-small', 'local/tiny'])
    expect(getEventListeners(leaving.signal, 'abort')).toEqual([])
    expect(server.listRequests).toHaveLength(1)
  })

  it('ends with the directory, whoever still waits', async () => {
    server.alwaysList({ hangs: true })
    const directory = open([{ models: ['my-model'] }])
    const list = directory.list(never)
    while (server.listRequests.length === 0) await new Promise((resolve) => setImmediate(resolve))
    await directory[Symbol.asyncDispose]()
    expect((await list).map(({ id }) => id)).toEqual(['my-model', 'local/tiny'])
  })
})

describe("a model's context", () => {
  const request = {
    modelName: 'judge-small',
    output: { type: 'CLASSIFICATION', options: [{ value: 'yes', description: '' }] },
    maxOutputTokens: 256,
  } as const

  function listing(maxContextTokens: number): void {
    server.alwaysList({ body: { data: [{ id: 'judge-small', max_model_len: maxContextTokens }] } })
  }

  it('is known as soon as the provider has listed it, and nobody waits for that', async () => {
    listing(4096)
    const directory = open([{ name: 'vllm', models: ['*'] }])
    expect(directory.find('judge-small').maxContextTokens).toBeUndefined()
    await directory.list(never)
    expect(server.listRequests).toHaveLength(1)
    expect(directory.find('judge-small').maxContextTokens).toBe(4096)
    expect(directory.find('vllm/judge-small').maxContextTokens).toBe(4096)
    expect(directory.find('vllm/another').maxContextTokens).toBeUndefined()
  })

  it('is asked for in the background when a model is first looked for', async () => {
    listing(4096)
    const directory = open([{ name: 'vllm', models: ['*'] }])
    directory.find('judge-small')
    while (directory.find('judge-small').maxContextTokens === undefined) await new Promise(setImmediate)
    expect(server.listRequests).toHaveLength(1)
  })

  it('of this process is known without asking', async () => {
    const directory = open([])
    await directory.list(never)
    expect(directory.find('local/tiny').maxContextTokens).toBe(8192)
  })

  it('that a prompt can not fit into costs no call', async () => {
    listing(100)
    const directory = open([{ name: 'vllm', models: ['*'] }])
    await directory.list(never)
    const { model } = directory.find('judge-small')
    const ask = (words: number) =>
      model.complete({ ...request, messages: [{ role: 'user', content: 'word '.repeat(words) }] }, never)
    await expect(ask(101)).rejects.toMatchObject({
      kind: 'context_overflow',
      isRetryable: false,
      attempts: 0,
      message: expect.stringContaining('100 tokens'),
    })
    expect(server.requests).toHaveLength(0)
    expect(await ask(100)).toMatchObject({ finish: 'stop' })
  })
})

it('lists how each model is asked, once that was learnt', async () => {
  const directory = open([{ name: 'court', models: ['*'] }])
  const known = async () => (await directory.list(never)).find(({ id }) => id === 'judge-small')?.knownForm
  expect(await known()).toBeUndefined()
  server.script(recordedAnswer('openai', 'json schema refused'))
  const { model } = directory.find('judge-small')
  const output = { type: 'CLASSIFICATION', options: [{ value: 'yes', description: '' }] } as const
  const messages = [{ role: 'user', content: 'Is it right?' }] as const
  await model.complete({ modelName: 'judge-small', output, messages, maxOutputTokens: 256 }, never)
  expect(await known()).toEqual({ enforcement: 'tool_call', leftOut: ['probabilities'] })
})
