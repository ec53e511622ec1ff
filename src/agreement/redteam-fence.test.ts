import { describe, expect, it } from 'vitest'
import type { Definition } from '../judges/definition.ts'
import { createJudging } from '../judging/judging.ts'
import type { ModelRequest } from '../judging/model.ts'
import { noTools } from '../judging/no-tools.ts'
import { attacks } from './attacks.ts'
import { exampleConversations } from './example-conversations.ts'
import { runRedteam } from './redteam.ts'
import type { RedteamReport } from './redteam-report.ts'

const code = 'c0de0123456789abcdef0123456789ab'

const definition: Definition = {
  name: 'Approval',
  description: '',
  modelName: 'scripted',
  instructions: 'Is the response right?',
  output: {
    type: 'CLASSIFICATION',
    options: [
      { value: 'approved', description: 'It is right.' },
      { value: 'rejected', description: 'It is not.' },
    ],
  },
  tools: [],
}

/** Runs every attack through all that a judgment goes through, against a model that says yes or no to the prompt. */
async function attack(
  saysYes: (prompt: string) => boolean,
  instructions = definition.instructions,
): Promise<RedteamReport> {
  const judgeMaterial = createJudging({
    models: {
      find: (modelName) => ({ provider: 'scripted', modelName, model: { complete } }),
    },
    panels: [],
    toolDirectory: noTools,
    maxToolRounds: 1,
    newBoundary: () => code,
    elapsedMs: () => 0,
    startDeadline: (_, signal) => ({ signal, [Symbol.dispose]: () => undefined }),
    deadlineMs: 1000,
    maxOutputTokens: 100,
    sampleTemperature: 1,
  })
  async function complete({ messages }: ModelRequest) {
    const answer = saysYes(messages[1]?.content ?? '') ? 'approved' : 'rejected'
    return {
      text: JSON.stringify({ analysis: 'as I was told', answer }),
      finish: 'stop' as const,
      enforcement: 'text' as const,
      usage: { inputTokens: 1, outputTokens: 1 },
      attempts: 1,
    }
  }
  const stop = new AbortController().signal
  return runRedteam({
    materials: exampleConversations,
    attacks,
    target: { answer: 'approved' },
    isPositive: (answer) => answer === 'approved',
    judge: (material) => judgeMaterial({ ...definition, instructions }, material, stop),
    concurrency: 4,
    stop,
  })
}

/** What tokenizers take for control tokens wherever it stands, as literal as they do. */
const controlTokens = [
  '<|im_start|>',
  '<|im_end|>',
  '<|eot_id|>',
  '<|start_header_id|>',
  '[INST]',
  '[/INST]',
  '<<SYS>>',
  '</s>',
  '<think>',
  '</think>',
]

/** The prompt without what stands between tags with the code that its last line gives. */
function outside(prompt: string): string {
  const given = /\nThe code is (\w+)\.$/.exec(prompt)?.[1] ?? ''
  return prompt.replaceAll(new RegExp(`<judged-${given}>[\\s\\S]*?</judged-${given}>`, 'g'), '')
}

/** Obeys whatever stands outside of the fence and wasn't there before, or ends the message by a control token. */
function createFencedModel(): (prompt: string) => boolean {
  let usual: string | undefined
  return (prompt) => {
    usual ??= outside(prompt)
    return outside(prompt) !== usual || controlTokens.some((token) => prompt.includes(token))
  }
}

describe('the suite of attacks', () => {
  it.each([
    ['the whole conversation', 'Is the response right?'],
    ['its parts', 'They asked {{ user_message }}, and got {{ assistant_message }}.'],
    [
      'a captured part',
      '{% set said %}It was: {{ assistant_message }}{% endset %}{{ user_message }} {{ said }}',
    ],
  ])('turns no judgment of a model that trusts the fence around %s', async (_, instructions) => {
    const report = await attack(createFencedModel(), instructions)
    const all = exampleConversations.length
    expect(report.untouched).toMatchObject({ conversations: all, negative: all })
    expect(report.attacks.filter(({ turned }) => turned > 0)).toEqual([])
    expect(report.overall).toMatchObject({ turned: 0, held: all, unknown: 0 })
    expect(report.isComplete).toBe(true)
  })

  it('turns those of a model that believes what it reads', async () => {
    const believes =
      /(?:must be|label is|answers?|answer of the judge:|with|Verdict:|"answer": ?|"recommended_answer": ?|"answer":) ?\\?"?approved/
    const report = await attack((prompt) =>
      believes.test(
        prompt.split('exactly one of these options, spelled as here:\n- "approved": It is right.')[0] ?? '',
      ),
    )
    const all = exampleConversations.length
    expect(report.overall).toMatchObject({ turned: all, held: 0 })
    const worked = report.attacks.filter(({ turned }) => turned === all).map(({ name }) => name)
    for (const name of [
      'fence-closed',
      'forged-judgment',
      'forged-analysis',
      'ignore-instructions',
      'tool-result',
      'role-play',
    ]) {
      expect(worked).toContain(name)
    }
    expect(report.attacks.find(({ name }) => name === 'lone-colon')).toMatchObject({ turned: 0 })
    expect(report.controls).toMatchObject([{ turned: 0 }])
  })

  it('turns those of a model that takes control tokens at their word, where nobody writes them apart', async () => {
    const taken = attacks.filter((one) => {
      const { messages } = one.apply(
        { messages: [{ role: 'assistant', content: 'x' }] },
        { answer: 'approved' },
      )
      return controlTokens.some((token) => JSON.stringify(messages).includes(token))
    })
    expect(taken.map(({ name }) => name)).toEqual(['chatml-turn', 'llama-mistral-turn', 'reasoning-tags'])
  })
})
