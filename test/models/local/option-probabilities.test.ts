import type { LlamaContextSequence, Token } from 'node-llama-cpp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Output } from '../../../src/judges/definition.ts'
import type { ModelReply, ModelRequest, Sampling } from '../../../src/judging/model.ts'
import { createLog } from '../../../src/log.ts'
import { type LlamaEngine, loadLlamaEngine } from '../../../src/models/local/llama-engine.ts'
import { createLlamaModel } from '../../../src/models/local/llama-model.ts'
import type { OpenContext } from '../../../src/models/local/sequence-pool.ts'
import { tokenizePrompt } from '../../../src/models/local/tokenize-prompt.ts'
import { weighOptions } from '../../../src/models/local/weigh-options.ts'

const path = process.env.TEST_LOCAL_MODEL ?? ''
const why = path === '' ? ' (skipped: TEST_LOCAL_MODEL names no GGUF file)' : ''
const settings = {
  path,
  contextTokens: 512,
  maxAnalysisTokens: 16,
  parallelJudgments: 2,
  unloadAfterMs: 60_000,
  log: createLog('silent'),
}
const never = new AbortController().signal
const values = ['no', 'not sure', 'not', 'yes', 'yes, "surely"', 'schön']

/** One token at a time in an empty sequence, from all the probabilities that the model gives. */
async function multiplied(
  sequence: LlamaContextSequence,
  before: readonly Token[],
  option: readonly Token[],
): Promise<number> {
  await sequence.clearHistory()
  const tokens = [...before, ...option]
  const probabilities: number[] = []
  for (const [place, token] of tokens.entries()) {
    const [result] = await sequence.controlledEvaluate([[token, { generateNext: { probabilities: true } }]])
    const next = tokens[place + 1]
    if (place + 1 < before.length || next === undefined) continue
    probabilities.push(result?.next?.probabilities?.get(next) ?? 0)
  }
  return probabilities.reduce((product, probability) => product * probability, 1)
}

describe.skipIf(path === '')(`the probabilities of options${why}`, () => {
  let engine: LlamaEngine
  let context: OpenContext
  let before: Token[]
  let options: Token[][]
  let expected: number[]
  beforeAll(async () => {
    engine = await loadLlamaEngine(settings)
    context = await engine.openContext(512)
    const messages = [{ role: 'user', content: 'Is water wet? Say no, not sure, not or yes.' }] as const
    const start = '{"analysis": "It is wet.", "answer":'
    before = [...tokenizePrompt(engine, messages, start, 512).tokens]
    options = values.map((value) => engine.model.tokenize(` ${JSON.stringify(value)}}`))
    const [other] = context.sequences.slice(-1)
    if (other === undefined) throw new Error('no sequence')
    const products: number[] = []
    for (const option of options) products.push(await multiplied(other, before, option))
    const total = products.reduce((sum, product) => sum + product, 0)
    expected = products.map((product) => product / total)
  })
  afterAll(async () => {
    await context?.[Symbol.asyncDispose]()
    await engine?.[Symbol.asyncDispose]()
  })

  it('are the products of their tokens, whatever the sequence held before', async () => {
    const [sequence] = context.sequences
    for (const held of [0, 20, before.length - 1]) {
      await sequence?.clearHistory()
      if (held > 0) await sequence?.evaluateWithoutGeneratingNewTokens(before.slice(0, held))
      if (sequence === undefined) throw new Error('no sequence')
      const request = { before: before.slice(held), options, isBestEnough: false }
      const shares = await weighOptions(sequence, request, never)
      expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 10)
      shares.forEach((share, index) => {
        expect(share / (expected[index] ?? 0)).toBeCloseTo(1, 2)
      })
    }
  })

  it('are weighed only as far as it takes to know the likeliest', async () => {
    const [sequence] = context.sequences
    if (sequence === undefined) throw new Error('no sequence')
    await sequence.clearHistory()
    const shares = await weighOptions(sequence, { before, options, isBestEnough: true }, never)
    const best = expected.indexOf(Math.max(...expected))
    expect(shares.indexOf(Math.max(...shares))).toBe(best)
    expect(shares).toContain(0)
  })

  it('leave the sequence knowing what it holds', async () => {
    const [sequence] = context.sequences
    if (sequence === undefined) throw new Error('no sequence')
    await sequence.clearHistory()
    await weighOptions(sequence, { before, options, isBestEnough: false }, never)
    const kept = before.length - 1
    await sequence.adaptStateToTokens(before.slice(0, kept), false)
    expect(sequence.nextTokenIndex).toBe(kept)
    const request = { before: before.slice(kept), options, isBestEnough: false }
    const again = await weighOptions(sequence, request, never)
    again.forEach((share, index) => {
      expect(share / (expected[index] ?? 0)).toBeCloseTo(1, 2)
    })
  })
})

const verdict: Output = {
  type: 'CLASSIFICATION',
  options: values.map((value) => ({ value, description: `It is ${value}.` })),
}
const scale: Output = { type: 'REGRESSION', min: 0, minDescription: 'dry', max: 5, maxDescription: 'wet' }

function request(output: Output, sampling?: Sampling, wantsProbabilities = false): ModelRequest {
  return {
    modelName: 'tiny',
    messages: [{ role: 'user', content: 'Is water wet? Think, then answer.' }],
    output,
    maxOutputTokens: 512,
    wantsProbabilities,
    ...(sampling ? { sampling } : {}),
  }
}

describe.skipIf(path === '')(`a local model that is asked for probabilities or draws${why}`, () => {
  const model = createLlamaModel(settings)
  afterAll(() => model[Symbol.asyncDispose]())
  const ask = (...of: Parameters<typeof request>): Promise<ModelReply> =>
    model.complete(request(...of), never)
  const answerOf = (reply: ModelReply): unknown => JSON.parse(reply.text).answer

  it('gives a share to every option, and answers with the likeliest, as it does unasked', async () => {
    const reply = await ask(verdict, undefined, true)
    const shares = [...(reply.optionProbabilities ?? [])]
    expect(shares.map(([value]) => value)).toEqual(values)
    expect(shares.reduce((sum, [, share]) => sum + share, 0)).toBeCloseTo(1, 10)
    const [likeliest] = shares.reduce((best, one) => (one[1] > best[1] ? one : best))
    expect(answerOf(reply)).toBe(likeliest)
    const unasked = await ask(verdict)
    expect(unasked.text).toBe(reply.text)
    expect(unasked.optionProbabilities).toBeUndefined()
  })

  it('gives none of a number', async () => {
    expect((await ask(scale, undefined, true)).optionProbabilities).toBeUndefined()
  })

  it('draws the same for a seed, alone or beside others, and others for others', async () => {
    const seeds = [1, 2, 3, 4]
    const alone: string[] = []
    for (const seed of seeds) alone.push((await ask(verdict, { temperature: 1, seed })).text)
    const beside = await Promise.all(seeds.map((seed) => ask(verdict, { temperature: 1, seed })))
    expect(beside.map((reply) => reply.text)).toEqual(alone)
    expect(new Set(alone).size).toBeGreaterThan(1)
    const numbers = await Promise.all([5, 5].map((seed) => ask(scale, { temperature: 1, seed })))
    expect(numbers[0]?.text).toBe(numbers[1]?.text)
  })
})
