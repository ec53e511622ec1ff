import { describe, expect, it } from 'vitest'
import type { Definition } from '../judges/definition.ts'
import { createJudging, type Wanted } from './judging.ts'
import { ModelFailure, type ModelReply, type ModelRequest } from './model.ts'
import { noTools } from './no-tools.ts'
import type { Panel } from './panel.ts'

const definition: Definition = {
  name: 'Fine',
  description: '',
  modelName: 'one',
  output: {
    type: 'CLASSIFICATION',
    options: ['yes', 'no', 'unsure'].map((value) => ({ value, description: value })),
  },
  instructions: 'Is it fine?',
  tools: [],
}
const scale = { type: 'REGRESSION', min: 0, minDescription: 'bad', max: 10, maxDescription: 'good' } as const

type Step = string | number | Error | Partial<ModelReply>

/** Judges with models that answer so: each has its own script, by its name. */
async function judge(
  scripts: Readonly<Record<string, readonly Step[]>>,
  change: Partial<Definition> = {},
  wanted: Wanted = { samples: 1, wantsDistribution: true },
  panels: readonly Panel[] = [],
) {
  const requests: ModelRequest[] = []
  const asked: Record<string, number> = {}
  let boundaries = 0
  async function complete(request: ModelRequest): Promise<ModelReply> {
    requests.push(request)
    const turn = asked[request.modelName] ?? 0
    asked[request.modelName] = turn + 1
    // Later samples may end before earlier ones.
    await new Promise((resolve) => setTimeout(resolve, 3 - (turn % 3)))
    const step = scripts[request.modelName]?.[turn]
    if (step === undefined) throw new Error(`${request.modelName} was asked too often.`)
    if (step instanceof Error) throw step
    const said =
      typeof step === 'object'
        ? step
        : { text: JSON.stringify({ analysis: `${step} ${turn}`, answer: step }) }
    const usage = { inputTokens: 100, outputTokens: 10 }
    return { text: '', finish: 'stop', enforcement: 'json_schema', usage, attempts: 1, ...said }
  }
  const judgeMaterial = createJudging({
    models: { find: (modelName) => ({ provider: 'tests', modelName, model: { complete } }) },
    panels,
    toolDirectory: noTools,
    maxToolRounds: 2,
    newBoundary: () => `b${++boundaries}`,
    elapsedMs: () => 0,
    startDeadline: (_ms, signal) => ({ signal, [Symbol.dispose]() {} }),
    deadlineMs: 1000,
    maxOutputTokens: 100,
    sampleTemperature: 0.7,
  })
  const { signal } = new AbortController()
  const material = { messages: [{ role: 'user', content: 'Hi' }] }
  const judgment = await judgeMaterial({ ...definition, ...change }, material, signal, wanted)
  return { judgment, requests, boundaries: () => boundaries }
}

function samplesOf(samples: number): Wanted {
  return { samples, wantsDistribution: true }
}

function weighed(answer: string, probabilities: Readonly<Record<string, number>>): Partial<ModelReply> {
  return {
    text: JSON.stringify({ analysis: '', answer }),
    optionProbabilities: new Map(Object.entries(probabilities)),
  }
}

describe('one judgment', () => {
  it('is asked for at temperature 0, and for nothing more than was wanted', async () => {
    const { requests, judgment } = await judge({ one: ['yes'] }, {}, { samples: 1, wantsDistribution: false })
    expect(requests[0]).not.toHaveProperty('sampling')
    expect(requests[0]).not.toHaveProperty('wantsProbabilities')
    expect(judgment).not.toHaveProperty('distribution')
    expect(judgment).not.toHaveProperty('poll')
  })

  it('has the distribution that its model tells', async () => {
    const { requests, judgment } = await judge({ one: [weighed('yes', { yes: 0.75, no: 0.25, unsure: 0 })] })
    expect(requests[0]).toHaveProperty('wantsProbabilities', true)
    expect(judgment).toMatchObject({
      outcome: 'answered',
      distribution: {
        shares: new Map([
          ['yes', 0.75],
          ['no', 0.25],
          ['unsure', 0],
        ]),
        method: 'token_probabilities',
      },
    })
  })

  it('is all that is known where its model tells none', async () => {
    const { judgment } = await judge({ one: [7] }, { output: scale })
    expect(judgment).toMatchObject({
      distribution: { type: 'REGRESSION', mean: 7, standardDeviation: 0, method: 'samples' },
    })
  })
})

describe('samples', () => {
  it('answer with what most of them say, and the analysis of the first that says it', async () => {
    const { judgment, requests, boundaries } = await judge(
      { one: ['no', 'yes', 'yes', 'yes'] },
      {},
      samplesOf(5),
    )
    expect(judgment).toMatchObject({
      outcome: 'answered',
      answer: 'yes',
      analysis: 'yes 1',
      distribution: {
        shares: new Map([
          ['yes', 0.75],
          ['no', 0.25],
          ['unsure', 0],
        ]),
        method: 'samples',
      },
      poll: { asked: 5, agreement: 0.75 },
      account: { attempts: 4, inputTokens: 400, outputTokens: 40, enforcement: 'json_schema' },
    })
    expect(requests.map(({ sampling }) => sampling)).toEqual(
      [1, 2, 3, 4].map((seed) => ({ temperature: 0.7, seed })),
    )
    expect(boundaries()).toBe(1)
  })

  it('are drawn no further than they can matter', async () => {
    expect((await judge({ one: ['no', 'no', 'no'] }, {}, samplesOf(5))).requests).toHaveLength(3)
    expect(
      (await judge({ one: ['no', 'yes', 'unsure', 'unsure', 'unsure'] }, {}, samplesOf(5))).requests,
    ).toHaveLength(5)
  })

  it('that agree on nothing are undecided, with their distribution', async () => {
    const refusal: Partial<ModelReply> = { finish: 'refused' }
    const { judgment } = await judge({ one: ['no', 'yes', refusal, 'yes'] }, {}, samplesOf(4))
    expect(judgment).toMatchObject({
      outcome: 'undecided',
      reason: 'No option has a strict majority. Of 4 samples: "no" 1, "yes" 2, no answer 1 (refused).',
      distribution: {
        shares: new Map([
          ['yes', 2 / 3],
          ['no', 1 / 3],
          ['unsure', 0],
        ]),
      },
      poll: { asked: 4, agreement: 2 / 3 },
    })
    expect(judgment).not.toHaveProperty('answer')
  })

  it('of numbers answer with their mean, and count who gave none out', async () => {
    const { judgment } = await judge(
      { one: [2, { finish: 'refused' }, 9, 4] },
      { output: scale },
      samplesOf(4),
    )
    expect(judgment).toMatchObject({
      outcome: 'answered',
      answer: 5,
      analysis: '4 3',
      distribution: { mean: 5, standardDeviation: Math.sqrt(26 / 3), method: 'samples' },
    })
  })

  it('mix the probabilities that their model tells', async () => {
    const { judgment } = await judge(
      {
        one: [
          weighed('yes', { yes: 0.8, no: 0.2, unsure: 0 }),
          weighed('yes', { yes: 0.6, no: 0.2, unsure: 0.2 }),
        ],
      },
      {},
      samplesOf(3),
    )
    expect(judgment).toMatchObject({ answer: 'yes', distribution: { method: 'token_probabilities' } })
    const { distribution } = judgment
    expect(distribution?.type === 'CLASSIFICATION' && [...distribution.shares]).toEqual([
      ['yes', expect.closeTo(0.7, 12)],
      ['no', expect.closeTo(0.2, 12)],
      ['unsure', expect.closeTo(0.1, 12)],
    ])
  })

  it('that all fail have the outcome of most of them', async () => {
    const limited = new ModelFailure('rate_limited', 'Too fast.', { retryAfterMs: 3000 })
    const broken = new ModelFailure('provider_failed', 'It broke.')
    const { judgment } = await judge({ one: [broken, limited, limited] }, {}, samplesOf(3))
    expect(judgment).toMatchObject({
      outcome: 'rate_limited',
      reason: 'None of 3 samples gave an answer. Too fast.',
      retryAfterMs: 3000,
      poll: { asked: 3, agreement: null },
    })
    expect(judgment).not.toHaveProperty('distribution')
  })

  it('are not drawn again where each would fail so', async () => {
    const refused = new ModelFailure('invalid_request', 'A wrong key.')
    const { judgment, requests } = await judge({ one: [refused, refused, refused] }, {}, samplesOf(5))
    expect(judgment).toMatchObject({ outcome: 'invalid_request' })
    expect(requests).toHaveLength(3)
  })
})

describe('a panel', () => {
  const panel: Panel = {
    name: 'three',
    modelNames: ['one', 'two', 'three'],
    rule: { options: 'majority', numbers: 'median' },
  }
  const byPanel = { modelName: 'panel/three' }
  const once = samplesOf(1)

  it('answers with what most of its members say, and keeps what each said', async () => {
    const failed = new ModelFailure('provider_failed', 'It broke.')
    const { judgment } = await judge({ one: ['no'], two: [failed], three: ['no'] }, byPanel, once, [panel])
    expect(judgment).toMatchObject({
      outcome: 'answered',
      answer: 'no',
      distribution: {
        method: 'members',
        shares: new Map([
          ['yes', 0],
          ['no', 1],
          ['unsure', 0],
        ]),
      },
      account: { provider: 'panel', modelName: 'three', attempts: 3 },
      poll: {
        asked: 3,
        votes: [
          { outcome: 'answered', answer: 'no', account: { modelName: 'one' } },
          { outcome: 'provider_failed', reason: 'It broke.', account: { modelName: 'two' } },
          { outcome: 'answered', answer: 'no', account: { modelName: 'three' } },
        ],
      },
    })
  })

  it('counts members that fail among those that do not agree', async () => {
    const failed = new ModelFailure('provider_failed', 'It broke.')
    const { judgment } = await judge({ one: ['no'], two: [failed], three: [failed] }, byPanel, once, [panel])
    expect(judgment).toMatchObject({
      outcome: 'undecided',
      reason: 'No option has a strict majority. Of 3 members: "no" 1, no answer 2 (provider_failed).',
    })
  })

  it('that must be unanimous is undecided where one differs', async () => {
    const strict: Panel = { ...panel, rule: { options: 'unanimous', numbers: 'mean' } }
    const { judgment } = await judge({ one: ['no'], two: ['yes'], three: ['no'] }, byPanel, once, [strict])
    expect(judgment).toMatchObject({
      outcome: 'undecided',
      reason: 'The members do not all give the same option. Of 3 members: "no" 2, "yes" 1.',
    })
  })

  it('answers with the middle of numbers, by its rule', async () => {
    const scripts = { one: [1], two: [9], three: [2] }
    const { judgment } = await judge(scripts, { ...byPanel, output: scale }, once, [panel])
    expect(judgment).toMatchObject({ answer: 2, analysis: '2 0' })
  })

  it('asks each member as often as samples are wanted', async () => {
    const scripts = { one: ['no', 'no'], two: ['yes', 'no', 'no'], three: ['yes', 'yes'] }
    const { judgment } = await judge(scripts, byPanel, samplesOf(3), [panel])
    expect(judgment).toMatchObject({ answer: 'no', account: { attempts: 7 } })
    expect(judgment.poll?.votes.map(({ poll }) => poll?.votes.length)).toEqual([2, 3, 2])
  })

  it('that does not exist is an error that lists those that do', async () => {
    await expect(judge({}, { modelName: 'panel/four' }, once, [panel])).rejects.toMatchObject({
      situation: 'model_not_served',
      message: 'model_name: there is no panel "panel/four". This server has panel/three.',
    })
  })
})
