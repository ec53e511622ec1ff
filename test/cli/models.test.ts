import { describe, expect, it } from 'vitest'
import type { Command } from '../../src/cli/commands.ts'
import { createModelsCommand, type ModelsToManage } from '../../src/cli/models.ts'
import { UsageError } from '../../src/cli/usage-error.ts'
import { AssizeError } from '../../src/errors.ts'
import { ModelFailure, type ModelReply, type ModelRequest } from '../../src/judging/model.ts'
import { type Run, runCaptured } from '../support/run-command.ts'

function command(models: Partial<ModelsToManage>, closed: string[] = []): Command {
  const absent = () => Promise.reject(new Error('not part of this test'))
  return createModelsCommand({
    openModels: () => ({
      find: () => {
        throw new AssizeError('model_not_served', 'No provider serves it.')
      },
      inventory: absent,
      pull: absent,
      list: async () => [],
      probe: async () => undefined,
      [Symbol.asyncDispose]: async () => void closed.push('closed'),
      ...models,
    }),
  })
}

async function run(
  { run }: Command,
  args: string[],
  isTTY = false,
  stop = new AbortController().signal,
): Promise<Run> {
  return runCaptured((io) => run(args, io), { isTTY, stop })
}

const inventory = async () => [
  {
    name: 'tiny',
    sizeBytes: 98_362_432,
    isSizeExact: true,
    licence: 'Apache-2.0',
    purpose: 'trying_out' as const,
    downloadedAt: undefined,
  },
  {
    name: 'large',
    sizeBytes: 4_370_000_000,
    isSizeExact: false,
    licence: 'Apache-2.0',
    purpose: 'judging' as const,
    downloadedAt: undefined,
  },
  {
    name: 'Mine.Q4',
    sizeBytes: 1_500_000_000,
    isSizeExact: true,
    licence: undefined,
    purpose: undefined,
    downloadedAt: new Date('2027-01-31T12:00:00Z'),
  },
]

describe('assize models list', () => {
  it('shows what there is and what there could be', async () => {
    const closed: string[] = []
    const { code, stdout } = await run(command({ inventory }, closed), ['list'])
    expect(code).toBe(0)
    expect(stdout).toMatchInlineSnapshot(`
      "NAME           SIZE          LICENCE     STATE                       FOR
      local/tiny     98.4 MB       Apache-2.0  downloaded when first used  trying out
      local/large    about 4.4 GB  Apache-2.0  not downloaded              judging
      local/Mine.Q4  1.5 GB        -           downloaded                  -
      "
    `)
    expect(closed).toEqual(['closed'])
  })

  it('shows it as JSON', async () => {
    const { stdout } = await run(command({ inventory }), ['list', '--json'])
    expect(JSON.parse(stdout)).toMatchObject([
      { name: 'tiny', size_bytes: 98_362_432, downloaded_at: null, purpose: 'trying_out' },
      { name: 'large' },
      { name: 'Mine.Q4', licence: null, downloaded_at: '2027-01-31T12:00:00.000Z', purpose: null },
    ])
  })
})

describe('assize models pull', () => {
  const pull: ModelsToManage['pull'] = async (name, { onProgress }) => {
    const from = 'the model hub'
    onProgress({ phase: 'connecting', from, receivedBytes: 0, totalBytes: undefined })
    for (const receivedBytes of [1e6, 2e6, 3e6]) {
      onProgress({ phase: 'downloading', from, receivedBytes, totalBytes: 3e6 })
    }
    onProgress({ phase: 'checking', from, receivedBytes: 3e6, totalBytes: 3e6 })
    return { path: `/models/${name}.gguf`, isNew: true }
  }

  it('writes plain lines where there is no terminal', async () => {
    const { code, stdout, stderr } = await run(command({ pull }), ['pull', 'tiny'])
    expect([code, stdout]).toEqual([0, '/models/tiny.gguf\n'])
    expect(stderr).toBe(
      'connecting (the model hub)\ndownloading 1.0 MB of 3.0 MB (the model hub)\nchecking (the model hub)\nDownloaded and checked.\n',
    )
  })

  it('draws a bar on a terminal', async () => {
    const { stdout, stderr } = await run(command({ pull }), ['pull', 'tiny'], true)
    expect(stdout).toBe('/models/tiny.gguf\n')
    expect(stderr).toMatch(/\[=+\] 100% {2}3\.0 MB of 3\.0 MB {2}[\d.]+ [MG]B\/s {2}\S+ left[\s\S]*checking/)
  })

  it('says that it was stopped, and that it can go on', async () => {
    const controller = new AbortController()
    const stopped: ModelsToManage['pull'] = async (_name, { signal }) => {
      controller.abort(new Error('SIGINT'))
      throw signal.reason
    }
    const { code, stderr } = await run(command({ pull: stopped }), ['pull', 'tiny'], false, controller.signal)
    expect([code, stderr]).toEqual([1, 'Stopped. The same command goes on from here.\n'])
  })

  it('lets a failure through', async () => {
    const failing = async () => {
      throw new AssizeError('model_not_served', 'no such model')
    }
    await expect(run(command({ pull: failing }), ['pull', 'x'])).rejects.toThrow('no such model')
  })
})

describe('assize models check', () => {
  function serving(complete: (request: ModelRequest) => Promise<ModelReply>): Partial<ModelsToManage> {
    return { find: (modelName) => ({ provider: 'local', modelName, model: { complete } }) }
  }

  function reply(text: string): ModelReply {
    const usage = { inputTokens: 60, outputTokens: 20 }
    return { text, finish: 'stop', enforcement: 'grammar', usage, attempts: 1 }
  }

  it('judges with each output type and shows what works', async () => {
    const models = serving(async ({ output }) => {
      const answer = output.type === 'CLASSIFICATION' ? 'correct' : 0.9
      return reply(JSON.stringify({ analysis: 'It is 4.', answer }))
    })
    const { code, stdout, stderr } = await run(command(models), ['check', 'tiny'])
    expect(code).toBe(0)
    expect(stderr).toBe(
      'asking for a temperature and a seed\nasking for probabilities\nasking for a call of a tool\n',
    )
    expect(stdout.replaceAll(/\d+ ms/g, 'N ms')).toMatchInlineSnapshot(`
      "local/tiny
      grammar              works
      temperature above 0  works
      seed                 works
      probabilities        ignored
      tools                ignored
      context              not known
      works   CLASSIFICATION  N ms  by grammar  60 + 20 tokens  1 call  "correct": It is 4.
      works   REGRESSION  N ms  by grammar  60 + 20 tokens  1 call  0.9: It is 4.
      "
    `)
  })

  it('fails when one of them does not work, and says why', async () => {
    const models = serving(async ({ output }) => {
      if (output.type === 'REGRESSION') throw new ModelFailure('rate_limited', 'Too many calls.')
      return reply('I think it is correct.')
    })
    const { code, stdout } = await run(command(models), ['check', 'tiny'])
    expect(code).toBe(1)
    expect(stdout.replaceAll(/\d+ ms/g, 'N ms')).toMatchInlineSnapshot(`
      "local/tiny
      grammar              unreadable
      temperature above 0  works
      seed                 works
      probabilities        ignored
      tools                ignored
      context              not known
      failed  CLASSIFICATION  N ms  by grammar  60 + 20 tokens  1 call  stop: The reply held no JSON object with an answer.
      failed  REGRESSION  N ms  rate_limited: Too many calls.
      "
    `)
  })

  it('shows what a hosted model takes, and what it refuses in whose words', async () => {
    const probe: ModelsToManage['probe'] = async (found, { classification, onStep }) => {
      onStep('a seed')
      expect([found.modelName, classification.modelName]).toEqual(['small', 'small'])
      return {
        hasReasoning: true,
        findings: [
          { what: 'json_schema', state: 'refused', said: `Unsupported. ${'x'.repeat(200)}` },
          { what: 'tool_call', state: 'works' },
          { what: 'seed', state: 'absent' },
        ],
      }
    }
    const complete = async ({ output }: ModelRequest): Promise<ModelReply> => {
      const answer = output.type === 'CLASSIFICATION' ? 'correct' : 0.9
      return { ...reply(JSON.stringify({ analysis: 'It is 4.', answer })), enforcement: 'tool_call' }
    }
    const find = (modelName: string) => ({
      provider: 'court',
      modelName,
      model: { complete },
      maxContextTokens: 8192,
    })
    const { code, stdout, stderr } = await run(command({ find, probe }), ['check', 'small'])
    expect([code, stderr]).toEqual([0, 'asking for a seed\n'])
    expect(stdout.replaceAll(/\d+ ms/g, 'N ms')).toMatchInlineSnapshot(`
      "court/small
      grammar      -
      json_schema  refused      Unsupported. xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…
      tool_call    works
      seed         -
      reasoning    seen
      context      8192 tokens
      works   CLASSIFICATION  N ms  by tool_call  60 + 20 tokens  1 call  "correct": It is 4.
      works   REGRESSION  N ms  by tool_call  60 + 20 tokens  1 call  0.9: It is 4.
      "
    `)
  })

  it('says that it was stopped', async () => {
    const controller = new AbortController()
    const probe = async () => {
      controller.abort(new Error('SIGINT'))
      throw controller.signal.reason
    }
    const models = { ...serving(async () => reply('')), probe }
    const { code, stderr } = await run(command(models), ['check', 'tiny'], false, controller.signal)
    expect([code, stderr]).toEqual([1, 'Stopped.\n'])
  })

  it('lets through that nobody serves the model', async () => {
    await expect(run(command({}), ['check', 'x'])).rejects.toThrow('No provider serves it.')
  })
})

describe('assize models', () => {
  it.each([[[]], [['list', 'x']], [['pull']], [['check', 'a', 'b']], [['push', 'a']]])(
    'does not understand %j',
    async (args) => {
      await expect(run(command({}), args)).rejects.toBeInstanceOf(UsageError)
    },
  )
})
