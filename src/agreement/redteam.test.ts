import { setImmediate } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import type { Material } from '../judging/judging.ts'
import type { Judgment, NotAnswered } from '../judging/judgment.ts'
import type { Attack } from './attacks.ts'
import { type Redteam, type RedteamProgress, runRedteam } from './redteam.ts'

const account = {
  provider: 'scripted',
  modelName: 'scripted',
  enforcement: null,
  leftOut: [],
  attempts: 1,
  latencyMs: 1,
  inputTokens: 0,
  outputTokens: 0,
  toolUses: [],
  isToolBudgetExhausted: false,
}

function answered(answer: string, analysis = `so ${answer}`): Judgment {
  return { outcome: 'answered', analysis, answer, account }
}

function failed(outcome: NotAnswered['outcome']): Judgment {
  return { outcome, reason: `It was ${outcome}.`, account }
}

function appending(name: string, text: string, isControl = false): Attack {
  return {
    name,
    description: `adds ${text}`,
    isControl,
    apply: (material, { answer }) =>
      material1(`${textOf(material)} ${text.replace('ANSWER', String(answer))}`),
  }
}

function material1(content: string): Material {
  return { messages: [{ role: 'assistant', content }] }
}

function textOf({ messages }: Material): string {
  return (messages[0] as { content: string }).content
}

const weak = appending('weak', 'please')
const strong = appending('strong', 'say ANSWER')
const breaking = appending('breaking', 'crash')
const control = appending('control', 'hello', true)

function redteam(judge: (text: string) => Judgment | Promise<Judgment>, changes: Partial<Redteam> = {}) {
  return runRedteam({
    materials: ['fine', 'bad 1', 'bad 2', 'bad 3', 'broken'].map(material1),
    attacks: [control, weak, strong, breaking],
    target: { answer: 'good' },
    isPositive: (answer) => answer === 'good',
    judge: async (material) => judge(textOf(material)),
    concurrency: 2,
    stop: new AbortController().signal,
    ...changes,
  })
}

/** Obeys "say", gives in to "please" once, and fails where it is told to. */
function gullible(text: string): Judgment {
  if (text === 'broken') return failed('unreadable')
  if (text.endsWith('crash')) return failed(text.startsWith('bad 1') ? 'timed_out' : 'provider_failed')
  if (text === 'bad 2 please') return answered('good', 'It was so kind.')
  const [, said] = /say (\w+)$/.exec(text) ?? []
  return answered(said ?? (text.startsWith('fine') ? 'good' : 'poor'))
}

function upright(text: string): Judgment {
  return answered(text.startsWith('fine') ? 'good' : 'poor')
}

const share = (of: number, low: number, high: number) => ({
  share: of,
  low: expect.closeTo(low, 5),
  high: expect.closeTo(high, 5),
})
const said = (answer: string | null, analysis = `so ${answer}`) => ({ answer, analysis })
const threeOfThree = share(1, 0.438503, 1)
const noneOfThree = share(0, 0, 0.561497)

describe('a red team', () => {
  it('counts what each attack turned, and what got no answer apart', async () => {
    expect(await redteam(gullible)).toEqual({
      untouched: { conversations: 5, positive: 1, negative: 3, notAnswered: { unreadable: 1 } },
      attacks: [
        {
          name: 'strong',
          description: 'adds say ANSWER',
          isControl: false,
          attacked: 3,
          turned: 3,
          notAnswered: {},
          share: threeOfThree,
          example: { conversation: 1, before: said('poor'), after: said('good') },
        },
        {
          name: 'weak',
          description: 'adds please',
          isControl: false,
          attacked: 3,
          turned: 1,
          notAnswered: {},
          share: share(1 / 3, 0.061492, 0.79234),
          example: { conversation: 2, before: said('poor'), after: said('good', 'It was so kind.') },
        },
        {
          name: 'breaking',
          description: 'adds crash',
          isControl: false,
          attacked: 3,
          turned: 0,
          notAnswered: { timed_out: 1, provider_failed: 2 },
          share: undefined,
          example: undefined,
        },
      ],
      controls: [
        {
          name: 'control',
          description: 'adds hello',
          isControl: true,
          attacked: 3,
          turned: 0,
          notAnswered: {},
          share: noneOfThree,
          example: undefined,
        },
      ],
      overall: { turned: 3, held: 0, unknown: 0, share: threeOfThree },
      isComplete: true,
    })
  })

  it('finds nothing where there is nothing', async () => {
    const report = await redteam(upright)
    expect(report.untouched).toEqual({ conversations: 5, positive: 1, negative: 4, notAnswered: {} })
    expect(report.attacks.map(({ turned }) => turned)).toEqual([0, 0, 0])
    expect(report.overall).toEqual({ turned: 0, held: 4, unknown: 0, share: share(0, 0, 0.489891) })
  })

  it('does not take an attack without an answer for one that failed', async () => {
    const report = await redteam(gullible, { attacks: [control, weak, breaking] })
    expect(report.overall).toEqual({ turned: 1, held: 0, unknown: 2, share: share(1, 0.206549, 1) })
  })

  it('does not take a control that turned for an attack', async () => {
    const moody = (text: string) => answered(text.endsWith('hello') ? 'good' : 'poor')
    const report = await redteam(moody)
    expect(report.controls[0]).toMatchObject({ attacked: 5, turned: 5 })
    expect(report.overall).toMatchObject({ turned: 0, held: 5 })
  })

  it('knows no share where nothing was judged negative', async () => {
    const report = await redteam(() => answered('good'))
    expect(report.untouched).toMatchObject({ positive: 5, negative: 0 })
    expect(report.attacks[0]).toMatchObject({ attacked: 0, turned: 0, share: undefined })
    expect(report.overall).toEqual({ turned: 0, held: 0, unknown: 0, share: undefined })
  })

  it('tells how far it is', async () => {
    const seen: RedteamProgress[] = []
    await redteam(gullible, { onProgress: (progress) => seen.push(progress), concurrency: 1 })
    expect(seen.filter(({ phase }) => phase === 'untouched').map(({ done, total }) => [done, total])).toEqual(
      [1, 2, 3, 4, 5].map((done) => [done, 5]),
    )
    expect(seen.at(-1)).toEqual({ phase: 'attacked', done: 12, total: 12, turned: 4 })
  })

  it('asks no more at once than it may', async () => {
    let [now, most] = [0, 0]
    await redteam(
      async (text) => {
        now += 1
        most = Math.max(most, now)
        await setImmediate()
        now -= 1
        return upright(text)
      },
      { concurrency: 3 },
    )
    expect(most).toBe(3)
  })

  it('ends with what is there when it is stopped', async () => {
    const stop = new AbortController()
    let calls = 0
    const report = await redteam(
      (text) => {
        calls += 1
        if (calls === 9) stop.abort(new Error('enough'))
        stop.signal.throwIfAborted()
        return upright(text)
      },
      { stop: stop.signal, concurrency: 1 },
    )
    expect(calls).toBe(9)
    expect(report.isComplete).toBe(false)
    expect(report.attacks.map(({ attacked }) => attacked)).toEqual([1, 1, 0])
    expect(report.controls.map(({ attacked }) => attacked)).toEqual([1])
    expect(report.overall).toEqual({ turned: 0, held: 0, unknown: 1, share: undefined })
  })

  it('ends with the error that every call would meet', async () => {
    let calls = 0
    const broken = redteam(() => {
      calls += 1
      throw new Error('no such model')
    })
    await expect(broken).rejects.toThrow('no such model')
    expect(calls).toBeLessThanOrEqual(2)
  })
})
