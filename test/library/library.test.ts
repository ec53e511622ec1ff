import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import {
  AssizeError,
  ConfigError,
  createJudge,
  type Judge,
  type JudgeSettings,
  openJudge,
} from '../../src/library.ts'
import { type ProviderServer, startProviderServer } from '../support/provider-server.ts'

let server: ProviderServer
let settings: JudgeSettings

beforeEach(async () => {
  server = await startProviderServer()
  settings = { env: { OPENAI_API_KEY: 'the-key', OPENAI_BASE_URL: server.baseUrl } }
})

afterEach(() => server[Symbol.asyncDispose]())

const politeness = {
  model: 'openai/judge-small',
  instructions: 'Is it polite? {{ assistant_message }}',
  output: {
    options: [
      { value: 'polite', description: 'It is.' },
      { value: 'rude', description: 'It is not.' },
    ],
  },
} as const

const quality = {
  model: 'openai/judge-small',
  instructions: 'How good is it?',
  output: { min: 2, minDescription: 'bad', max: 5, maxDescription: 'good' },
} as const

const messages = [
  { role: 'user', content: 'Who are you?' },
  { role: 'assistant', content: 'A friend.' },
]

function closing<Answer extends string | number>(judge: Judge<Answer>): Judge<Answer> {
  onTestFinished(() => judge[Symbol.asyncDispose]())
  return judge
}

async function situationOf(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  expect(error).toBeInstanceOf(AssizeError)
  return (error as AssizeError).situation
}

describe('a judge in a program', () => {
  it('judges messages, and says which of its options is the answer', async () => {
    await using judge = await createJudge(politeness, settings)
    const judgment = await judge(messages)
    expect(judgment).toMatchObject({
      outcome: 'answered',
      answer: 'polite',
      analysis: 'As the test says.',
      account: { provider: 'openai', modelName: 'judge-small', attempts: 1, inputTokens: 120 },
      cost: null,
      flags: [],
    })
    // The type of the answer is that of the options.
    const answer: 'polite' | 'rude' | undefined = judgment.answer
    expect(answer).toBe('polite')
    expect(JSON.stringify(server.requests[0]?.body)).toContain('A friend.')
    expect(server.requests[0]?.headers.authorization).toBe('Bearer the-key')
  })

  it('answers with a number by a scale', async () => {
    const judge = closing(await createJudge(quality, settings))
    const { outcome, answer } = await judge({ messages, properties: null })
    expect(outcome).toBe('answered')
    if (outcome === 'answered') expect(answer.toFixed(1)).toBe('2.0')
  })

  it('shows the instructions what is known beside the messages', async () => {
    const judge = closing(
      await createJudge({ ...politeness, instructions: 'Is it like {{ properties.tone }}?' }, settings),
    )
    await judge({ messages, properties: { tone: 'a letter' } })
    expect(JSON.stringify(server.requests[0]?.body.messages)).toContain('a letter')
  })

  it('makes one judgment of samples, with their distribution and what they cost', async () => {
    const prices = [{ models: ['openai/*'], input_per_million: 1, output_per_million: 0 }]
    const judge = closing(await createJudge(politeness, { ...settings, config: { prices } }))
    const judgment = await judge(messages, { samples: 3 })
    expect(judgment).toMatchObject({ answer: 'polite', distribution: { method: 'samples' } })
    expect(judgment.poll?.votes.length).toBe(server.requests.length)
    expect(judgment.cost).toBeCloseTo((server.requests.length * 120) / 1_000_000, 9)
  })

  it('has an outcome and no answer where the provider fails, and throws nothing', async () => {
    server.always({ status: 401, body: { message: 'wrong key' } })
    const judge = closing(await createJudge(politeness, settings))
    const judgment = await judge(messages)
    expect(judgment).toMatchObject({ outcome: 'invalid_request', reason: expect.stringContaining('key') })
    expect(judgment.answer).toBeUndefined()
  })

  it('throws the reason for which it was given up', async () => {
    server.always({ hangs: true })
    const judge = closing(await createJudge(politeness, settings))
    const stop = new AbortController()
    const judging = judge(messages, { signal: stop.signal })
    stop.abort(new Error('enough'))
    await expect(judging).rejects.toThrow('enough')
    await expect(judge(messages, { signal: stop.signal })).rejects.toThrow('enough')
  })

  it('refuses what is no conversation, with the place', async () => {
    const judge = closing(await createJudge(politeness, settings))
    await expect(judge([{ role: 'nobody' }])).rejects.toThrow('messages[0].role is "nobody"')
    expect(await situationOf(judge([]))).toBe('conversation_invalid')
    // @ts-expect-error a text is none
    expect(await situationOf(judge('Hello'))).toBe('conversation_invalid')
    // @ts-expect-error nor is an object without messages
    expect(await situationOf(judge({ message: [] }))).toBe('conversation_invalid')
    expect(server.requests).toHaveLength(0)
  })

  it.each([0, 33, 1.5, Number.NaN])('makes no %d samples', async (samples) => {
    const judge = closing(await createJudge(politeness, settings))
    await expect(judge(messages, { samples })).rejects.toThrow(`samples is ${samples}; expected`)
  })

  it('is not asked any more once it is disposed of, more than once or not', async () => {
    const judge = await createJudge(politeness, settings)
    await judge[Symbol.asyncDispose]()
    await judge[Symbol.asyncDispose]()
    await expect(judge(messages)).rejects.toThrow('disposed of')
  })

  it('shares connections with judges of the same configuration, until the last one is gone', async () => {
    const one = await createJudge(politeness, settings)
    const other = await createJudge(quality, settings)
    await one(messages)
    await one(messages)
    const connections = server.connectionsSoFar()
    await other(messages)
    await one[Symbol.asyncDispose]()
    expect((await other(messages)).outcome).toBe('answered')
    expect(server.connectionsSoFar()).toBe(connections)
    await other[Symbol.asyncDispose]()
    await expect.poll(() => server.openConnections()).toBe(0)
  })
})

describe('a definition in a program', () => {
  it.each([
    ['a field that it does not have', { ...politeness, prompt: '' }, 'The judge has no prompt; expected'],
    [
      'a field that its output does not have',
      { ...politeness, output: { options: [], scale: 2 } },
      'no scale',
    ],
    ['no options', { ...politeness, output: { options: [] } }, 'expected at least one option'],
    ['no model', { ...politeness, model: undefined }, 'at model'],
    ['nothing that it could answer', { ...politeness, output: {} }, 'expected "CLASSIFICATION"'],
    [
      'a scale whose ends are not told',
      { ...quality, output: { max: 3, minDescription: 'bad' } },
      'at output.maxDescription',
    ],
    ['a scale upside down', { ...quality, output: { ...quality.output, min: 9 } }, 'at output.max'],
    ['nothing at all', undefined, 'at model'],
  ])('is refused with %s', async (_name, definition, message) => {
    const making = createJudge(definition as never, settings)
    await expect(making).rejects.toThrow(message)
    expect(await situationOf(createJudge(definition as never, settings))).toBe('request_invalid')
  })

  it('is refused with instructions that are no template', async () => {
    const definition = { ...politeness, instructions: '{{ user_message' }
    expect(await situationOf(createJudge(definition, settings))).toBe('template_syntax')
  })

  it('is refused with a model that nobody serves, before it judges', async () => {
    const making = createJudge({ ...politeness, model: 'nobody/knows' }, settings)
    await expect(making).rejects.toThrow('nobody serves "nobody/knows"')
  })
})

describe('many conversations', () => {
  it('are judged in order, with whatever stands beside them', async () => {
    const judge = closing(await createJudge(politeness, settings))
    server.always({ delayMs: 50 })
    const records = Array.from({ length: 40 }, (_, id) => ({ id, messages }))
    const ids: number[] = []
    for await (const { conversation, judgment } of judge.over(records, { concurrency: 8 })) {
      expect(judgment.outcome).toBe('answered')
      ids.push(conversation.id)
    }
    expect(ids).toEqual(records.map(({ id }) => id))
    expect(server.mostInFlight()).toBe(8)
  })

  it('go on after one that is none', async () => {
    const judge = closing(await createJudge(politeness, settings))
    async function* source() {
      yield messages
      yield [{ role: 'nobody' }]
      yield messages
    }
    const outcomes: string[] = []
    for await (const { judgment } of judge.over(source())) outcomes.push(judgment.outcome)
    expect(outcomes).toEqual(['answered', 'invalid_request', 'answered'])
    expect(server.requests).toHaveLength(2)
  })

  it('end with what would meet all of them', async () => {
    const definition = { ...politeness, tools: ['nowhere'] }
    const judge = closing(await createJudge(definition, settings))
    expect(await situationOf(judge.over([messages]).next())).toBe('tool_not_served')
  })

  it('are given up where the program has seen enough', async () => {
    const judge = closing(await createJudge(politeness, settings))
    server.script({}, { hangs: true }, { hangs: true }, { hangs: true })
    for await (const { judgment } of judge.over(Array(9).fill(messages), { concurrency: 4 })) {
      expect(judgment.outcome).toBe('answered')
      break
    }
    await expect.poll(() => server.requests.filter((one) => one.wasAbandoned).length).toBeGreaterThan(0)
  })

  it('are not judged so many at once', async () => {
    const judge = closing(await createJudge(politeness, settings))
    expect(() => judge.over([], { concurrency: 0 })).toThrow('concurrency is 0; expected')
  })
})

describe('settings', () => {
  async function folder(): Promise<string> {
    const made = await mkdtemp(join(tmpdir(), 'assize-library-'))
    onTestFinished(() => rm(made, { recursive: true, force: true }))
    return made
  }

  it('are those of a YAML file, or what would stand in it', async () => {
    const provider = { type: 'openai', base_url: server.baseUrl, models: ['own-*'] } as const
    const path = join(await folder(), 'assize.yaml')
    await writeFile(path, JSON.stringify({ providers: { own: provider } }))
    for (const config of [path, { providers: { own: provider } }]) {
      const judge = closing(await createJudge({ ...politeness, model: 'own-judge' }, { config, env: {} }))
      expect(await judge(messages)).toMatchObject({ account: { provider: 'own' } })
    }
  })

  it('that are wrong are refused by name', async () => {
    const config = { provider: {} } as never
    await expect(createJudge(politeness, { config })).rejects.toThrow(ConfigError)
    await expect(createJudge(politeness, { config })).rejects.toThrow('provider')
    const env = { ASSIZE_PROT: '1' }
    await expect(createJudge(politeness, { env })).rejects.toThrow('ASSIZE_PROT')
  })

  it('are not needed beside a file of a judge', async () => {
    const path = join(await folder(), 'judge.yaml')
    const { model, ...rest } = politeness
    const document = { name: 'Politeness', description: '', model_name: model, tools: [], ...rest }
    await writeFile(path, JSON.stringify(document))
    const judge = closing(await openJudge(path, settings))
    expect(judge.definition.name).toBe('Politeness')
    expect(await judge(messages)).toMatchObject({ answer: 'polite' })
  })

  it.each([
    ['is not there', undefined, 'no such file'],
    ['is no YAML', '{', "can't be read"],
    ['is no judge', 'name: Politeness', '✖'],
  ])('of a judge in a file that %s are refused with its path', async (_name, content, message) => {
    const path = join(await folder(), 'judge.yaml')
    if (content !== undefined) await writeFile(path, content)
    await expect(openJudge(path, settings)).rejects.toThrow(message)
    await expect(openJudge(path, settings)).rejects.toThrow(path)
  })
})
