import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ModelReply, ModelRequest } from '../../../src/judging/model.ts'
import { createLog } from '../../../src/log.ts'
import type { PulledModel } from '../../../src/models/local/download.ts'
import {
  createLocalModels,
  type LocalModels,
  type LocalModelsSettings,
} from '../../../src/models/local/local-models.ts'

const request: ModelRequest = {
  modelName: 'any',
  messages: [{ role: 'user', content: 'hi' }],
  output: { type: 'REGRESSION', min: 0, minDescription: '', max: 1, maxDescription: '' },
  maxOutputTokens: 100,
}
const reply: ModelReply = {
  text: '{}',
  finish: 'stop',
  enforcement: 'grammar',
  usage: { inputTokens: 1, outputTokens: 1 },
  attempts: 1,
}
const local = {
  isEnabled: true,
  contextTokens: 4096,
  maxAnalysisTokens: 80,
  parallelJudgments: 2,
  unloadAfterMs: 60_000,
}
const never = new AbortController().signal
const tinyFile = 'SmolLM2-135M-Instruct.Q4_1.gguf'

let dataDir: string
/** What happened to models, in order, by the name of the file. */
let events: string[]
let hold: Promise<void> | undefined
let models: LocalModels

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'assize-local-'))
  await mkdir(join(dataDir, 'models'))
  events = []
  hold = undefined
  models = open()
})

afterEach(async () => {
  await models[Symbol.asyncDispose]()
  await rm(dataDir, { recursive: true })
})

function open(overrides: Partial<LocalModelsSettings> = {}): LocalModels {
  return createLocalModels({
    dataDir,
    local,
    log: createLog('silent'),
    createLlamaModel: ({ path }) => {
      const file = path.slice(path.lastIndexOf('/') + 1)
      events.push(`open ${file}`)
      return {
        complete: () => (hold ?? Promise.resolve()).then(() => reply),
        [Symbol.asyncDispose]: async () => void events.push(`close ${file}`),
      }
    },
    ...overrides,
  })
}

function put(file: string): Promise<void> {
  return writeFile(join(dataDir, 'models', file), 'GGUF')
}

describe('finding a local model', () => {
  it('goes by the name of the catalogue or of the file, whatever the case', async () => {
    await put('My-Model.Q4.gguf')
    await put(tinyFile)
    for (const name of [
      'my-model.q4',
      'My-Model.Q4.gguf',
      'SmolLM2-135M-Instruct',
      'smollm2-135m-instruct.q4_1',
    ]) {
      expect(await models.find(name)?.complete(request, never)).toBe(reply)
    }
    expect(events).toEqual(['open My-Model.Q4.gguf', `open ${tinyFile}`])
    expect(models.find('gpt-5')).toBeUndefined()
    expect(models.find('../models/My-Model.Q4')).toBeUndefined()
  })

  it('says how to get a large one that is not there', () => {
    expect(() => models.find('Qwen3-4B')).toThrow(
      'The local model qwen3-4b is not downloaded. Download it (about 2.5 GB) with: assize models pull qwen3-4b',
    )
  })

  it('finds nothing when local models are switched off', async () => {
    await put('mine.gguf')
    await using off = open({
      local: { ...local, isEnabled: false },
    })
    expect(off.find('mine')).toBeUndefined()
    expect(await off.list()).toEqual([])
  })
})

describe('listing local models', () => {
  it('names those that can be used as they are', async () => {
    await put('mine.gguf')
    expect(await models.list()).toMatchObject([
      { id: 'smollm2-135m-instruct', ownedBy: 'local', maxContextTokens: 4096 },
      { id: 'mine', name: 'mine', maxContextTokens: 4096, createdAt: expect.any(Date) },
    ])
  })

  it('takes an inventory of all there could be', async () => {
    await put('mine.gguf')
    const inventory = await models.inventory()
    expect(inventory[0]).toMatchObject({ name: 'smollm2-135m-instruct', downloadedAt: undefined })
    expect(inventory.at(-1)).toMatchObject({ name: 'mine', sizeBytes: 4, licence: undefined })
    expect(inventory.map(({ sizeBytes }) => sizeBytes).slice(0, -1)).toEqual(
      inventory
        .map(({ sizeBytes }) => sizeBytes)
        .slice(0, -1)
        .toSorted((one, other) => one - other),
    )
  })
})

describe('the tiny model that is not there yet', () => {
  it('is downloaded once by the judgments that need it first', async () => {
    const pulls: string[] = []
    await using local = open({
      pullModel: async (name): Promise<PulledModel> => {
        pulls.push(name)
        await nextTurn()
        await put(tinyFile)
        return { path: join(dataDir, 'models', tinyFile), isNew: true }
      },
    })
    const tiny = local.find('smollm2-135m-instruct')
    expect(await Promise.all([1, 2, 3].map(() => tiny?.complete(request, never)))).toEqual([
      reply,
      reply,
      reply,
    ])
    expect(pulls).toEqual(['smollm2-135m-instruct'])
    expect(events).toEqual([`open ${tinyFile}`])
  })

  it('fails with the reason when it can not be had, and is tried again by the next judgment', async () => {
    let pulls = 0
    await using local = open({
      pullModel: () => {
        pulls += 1
        return Promise.reject(new Error('no network'))
      },
    })
    const ask = () => local.find('smollm2-135m-instruct')?.complete(request, never)
    const failure = {
      name: 'ModelFailure',
      kind: 'provider_failed',
      message: 'no network',
      isRetryable: false,
    }
    await expect(ask()).rejects.toMatchObject(failure)
    await expect(ask()).rejects.toMatchObject(failure)
    expect(pulls).toBe(2)
  })

  it('lets a judgment go that is given up meanwhile, and stops when all is disposed of', async () => {
    const local = open({
      pullModel: (_name, { signal }) =>
        new Promise((_resolve, reject) => {
          signal?.addEventListener('abort', () => reject(signal.reason))
        }),
    })
    const controller = new AbortController()
    const tiny = local.find('smollm2-135m-instruct')
    const waiting = tiny?.complete(request, controller.signal)
    controller.abort(new Error('gone'))
    await expect(waiting).rejects.toThrow('gone')
    const other = expect(tiny?.complete(request, never)).rejects.toThrow('shut down')
    await local[Symbol.asyncDispose]()
    await other
  })
})

describe('models in memory', () => {
  it('are two at most, and the one used longest ago goes first', async () => {
    for (const name of ['a', 'b', 'c']) await put(`${name}.gguf`)
    for (const name of ['a', 'b', 'a', 'c']) await models.find(name)?.complete(request, never)
    expect(events).toEqual(['open a.gguf', 'open b.gguf', 'open c.gguf', 'close b.gguf'])
  })

  it('stay while they judge', async () => {
    for (const name of ['a', 'b', 'c']) await put(`${name}.gguf`)
    const { promise, resolve } = Promise.withResolvers<void>()
    hold = promise
    const all = ['a', 'b', 'c'].map((name) => models.find(name)?.complete(request, never))
    expect(events).toEqual(['open a.gguf', 'open b.gguf', 'open c.gguf'])
    resolve()
    await Promise.all(all)
    expect(events.slice(3)).toEqual(['close a.gguf'])
  })
})
