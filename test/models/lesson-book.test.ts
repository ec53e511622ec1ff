import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import type { LessonStore, ModelLesson } from '../../src/judging/model-lessons.ts'
import { createLog } from '../../src/log.ts'
import type { HostedProvider } from '../../src/models/hosted-provider.ts'
import { readLesson, writeLesson } from '../../src/models/lesson.ts'
import { LessonBook, lessonLastsMs } from '../../src/models/lesson-book.ts'
import { formats, type RequestForm, strictestForm } from '../../src/models/request-form.ts'
import { recordedAnswer } from '../support/fixtures/providers/recorded-answer.ts'
import type { ProviderRequest, ProviderServer } from '../support/provider-server.ts'
import { openTestProvider, request, startTestServer } from '../support/test-provider.ts'

const never = new AbortController().signal
const strictest = strictestForm(formats)
const startMs = 1_770_000_000_000
const minuteMs = 60_000

/** A store in memory, which may be down. */
class Shelf implements LessonStore {
  readonly rows = new Map<string, ModelLesson>()
  isDown = false
  writes = 0

  async list() {
    if (this.isDown) throw new Error('The database is down.')
    return [...this.rows.values()]
  }

  async keep(lesson: ModelLesson) {
    this.writes += 1
    if (this.isDown) throw new Error('The database is down.')
    this.rows.set(`${lesson.provider}/${lesson.modelName}`, lesson)
  }

  form(): RequestForm | undefined {
    return readLesson(this.rows.get('court/judge-small')?.lesson ?? '')?.form
  }
}

let server: ProviderServer
let shelf: Shelf
let nowMs: number
let logged: string[]

beforeEach(async () => {
  server = await startTestServer()
  shelf = new Shelf()
  nowMs = startMs
  logged = []
})

function openBook(): LessonBook {
  const log = createLog('info', { write: (line: string) => void logged.push(line) })
  return new LessonBook({ store: shelf, log, nowMs: () => nowMs })
}

/** A process of its own, whose lessons were read when this is done. */
async function start(name = 'court', book = openBook()): Promise<HostedProvider> {
  onTestFinished(() => book[Symbol.asyncDispose]())
  const provider = openTestProvider(server, { name }, { lessons: book })
  await settled()
  return provider
}

async function settled(): Promise<void> {
  for (let turn = 0; turn < 10; turn += 1) await new Promise(setImmediate)
}

/** How many calls a reply took: 1 where nothing had to be learnt. */
async function attempts(provider: HostedProvider, ...answers: string[]): Promise<number> {
  server.script(...answers.map((name) => recordedAnswer('openai', name)))
  const { attempts } = await provider.model.complete(request, never)
  await settled()
  return attempts
}

describe('what was learnt of a model', () => {
  it('is kept over a restart', async () => {
    expect(await attempts(await start(), 'json schema refused', 'temperature refused')).toBe(3)
    expect(shelf.form()).toEqual({ ...strictest, format: 'tool_call', hasZeroTemperature: false })
    const reply = await (await start()).model.complete(request, never)
    expect(reply).toMatchObject({ attempts: 1, enforcement: 'tool_call', leftOut: ['temperature'] })
  })

  it('is written once, however many calls learn it at the same time', async () => {
    const provider = await start()
    const refused = recordedAnswer('openai', 'temperature refused')
    const answer = ({ body }: ProviderRequest) => ('temperature' in body ? { ...refused, delayMs: 5 } : {})
    server.script(...Array.from({ length: 20 }, () => answer))
    await Promise.all(Array.from({ length: 8 }, () => provider.model.complete(request, never)))
    await settled()
    expect(shelf.writes).toBe(1)
  })

  it('is not written where nothing was learnt', async () => {
    await attempts(await start())
    expect(shelf.writes).toBe(0)
  })

  it('is forgotten after a week, though more was learnt meanwhile', async () => {
    const provider = await start()
    await attempts(provider, 'temperature refused')
    nowMs += lessonLastsMs - minuteMs
    expect(await attempts(provider, 'json schema refused')).toBe(2)
    expect((await provider.model.complete(request, never)).leftOut).toEqual(['temperature'])
    nowMs += minuteMs
    await provider.model.complete(request, never)
    expect(server.requests.at(-1)?.body).toMatchObject({
      temperature: 0,
      response_format: { type: 'json_schema' },
    })
    expect(await attempts(await start())).toBe(1)
    expect(server.requests.at(-1)?.body).toMatchObject({ temperature: 0 })
  })

  it('reaches other processes after a minute', async () => {
    const [one, other] = [await start(), await start()]
    await attempts(one, 'temperature refused')
    await other.model.complete(request, never)
    expect(server.requests.at(-1)?.body).toHaveProperty('temperature')
    nowMs += minuteMs
    await other.model.complete(request, never)
    await settled()
    await other.model.complete(request, never)
    expect(server.requests.at(-1)?.body).not.toHaveProperty('temperature')
  })

  it('by two processes at once is learnt again where it was lost, at the price of one refused call', async () => {
    const [one, other] = [await start(), await start()]
    await attempts(one, 'temperature refused')
    nowMs += 1
    await attempts(other, 'json schema refused')
    expect(shelf.form()).toEqual({ ...strictest, format: 'tool_call' })
    const third = await start()
    expect(await attempts(third, 'temperature refused')).toBe(2)
    expect(shelf.form()).toEqual({ ...strictest, format: 'tool_call', hasZeroTemperature: false })
  })

  it('is of one provider alone', async () => {
    await attempts(await start('court'), 'temperature refused')
    await attempts(await start('other'))
    expect(server.requests.at(-1)?.body).toHaveProperty('temperature')
  })

  it('at another address says nothing', async () => {
    await attempts(await start(), 'temperature refused')
    const row = shelf.rows.get('court/judge-small') as ModelLesson
    const form = { ...strictest, hasZeroTemperature: false }
    const lesson = writeLesson({ form, sinceMs: nowMs, address: 'openai http://elsewhere/v1' })
    shelf.rows.set('court/judge-small', { ...row, lesson })
    await attempts(await start())
    expect(server.requests.at(-1)?.body).toHaveProperty('temperature')
  })

  it.each([
    'not JSON',
    '{}',
    'null',
    '{"version": 2}',
    writeLesson({ form: { ...strictest, format: 'grammar' as 'text' }, sinceMs: 1, address: '' }),
    writeLesson({ form: { ...strictest, tokenLimit: -1 }, sinceMs: 1, address: '' }),
  ])('is ignored where it can not be understood: %s', async (lesson) => {
    shelf.rows.set('court/judge-small', {
      provider: 'court',
      modelName: 'judge-small',
      lesson,
      learntAt: new Date(nowMs),
    })
    expect(await attempts(await start())).toBe(1)
    expect(readLesson(lesson)).toBeUndefined()
  })

  it('is read as it was written', () => {
    const form = { ...strictest, format: 'text', mostOutputTokens: 512, alternatives: 5 } as const
    const lesson = { form, sinceMs: startMs, address: 'openai http://127.0.0.1/v1' }
    expect(readLesson(writeLesson(lesson))).toEqual(lesson)
    expect(readLesson(writeLesson({ ...lesson, form: strictest }))?.form).toEqual(strictest)
  })
})

describe('a database that is down', () => {
  it('fails no judgment, and what was learnt holds in the process', async () => {
    shelf.isDown = true
    const provider = await start()
    expect(await attempts(provider, 'temperature refused')).toBe(2)
    nowMs += minuteMs
    shelf.isDown = false
    shelf.rows.clear()
    await provider.model.complete(request, never)
    await settled()
    expect((await provider.model.complete(request, never)).leftOut).toEqual(['temperature'])
    const words = logged.map((line) => JSON.parse(line).msg)
    expect(words).toEqual([
      'what was learnt of models could not be read',
      'what was learnt of a model could not be kept',
    ])
  })

  it('delays no judgment', async () => {
    shelf.list = () => new Promise(() => {})
    const provider = openTestProvider(server, {}, { lessons: openBook() })
    expect(await attempts(provider, 'temperature refused')).toBe(2)
  })
})
