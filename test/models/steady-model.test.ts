import { getEventListeners, once } from 'node:events'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createHostedProvider, type HostedProvider } from '../../src/models/hosted-provider.ts'
import { failureOf } from '../support/failure-of.ts'
import { recordedAnswer } from '../support/fixtures/providers/recorded-answer.ts'
import {
  type ProviderRequest,
  type ProviderServer,
  type ScriptedAnswer,
  startProviderServer,
} from '../support/provider-server.ts'
import { request } from '../support/test-provider.ts'

const never = new AbortController().signal

let server: ProviderServer
let provider: HostedProvider
/** What was waited between the attempts, in milliseconds. */
let waits: number[]

beforeEach(async () => {
  server = await startProviderServer()
  waits = []
  provider = open({})
})

afterEach(async () => {
  await provider[Symbol.asyncDispose]()
  await server[Symbol.asyncDispose]()
})

interface Opening {
  readonly baseUrl?: string
  readonly maxAttempts?: number
  readonly maxInFlight?: number
  readonly random?: () => number
  readonly isAwake?: boolean
}

function open(opening: Opening): HostedProvider {
  const { baseUrl = server.baseUrl, maxAttempts = 4, maxInFlight = 4, random = () => 0.5 } = opening
  const sleep = async (ms: number): Promise<void> => {
    waits.push(ms)
  }
  return createHostedProvider(
    { name: 'court', type: 'openai', baseUrl, models: [], maxInFlight },
    undefined,
    opening.isAwake ? { maxAttempts } : { maxAttempts, random, sleep },
  )
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await nextTurn()
}

async function listen(sockets: Server): Promise<string> {
  sockets.listen(0, '127.0.0.1')
  await once(sockets, 'listening')
  return `http://127.0.0.1:${(sockets.address() as AddressInfo).port}/v1`
}

async function close(sockets: Server): Promise<void> {
  sockets.close()
  await once(sockets, 'close')
}

describe('a failure that may pass', () => {
  const passing: readonly [string, ScriptedAnswer][] = [
    ['408', { status: 408, body: {} }],
    ['409', { status: 409, body: {} }],
    ['429', recordedAnswer('mistral', 'rate limit')],
    ['500', recordedAnswer('mistral', 'internal')],
    ['502 in HTML', recordedAnswer('openai', 'bad gateway')],
    ['503', recordedAnswer('ollama', 'busy')],
    ['529', { status: 529, body: { error: { message: 'Overloaded' } } }],
    ['a broken connection', { breaks: true }],
    ['no JSON', { body: 'Hello' }],
  ]
  for (const [name, answer] of passing) {
    it(`is tried again: ${name}`, async () => {
      server.script(answer, answer)
      expect(await provider.model.complete(request, never)).toMatchObject({ finish: 'stop', attempts: 3 })
      expect(waits).toEqual([250, 500])
    })

    it(`is given up after so many attempts, which are counted: ${name}`, async () => {
      server.always(answer)
      const failure = await failureOf(provider.model.complete(request, never))
      expect(failure).toMatchObject({ attempts: 4, isRetryable: true })
      expect(failure.kind).toBe(name === '429' ? 'rate_limited' : 'provider_failed')
      expect(server.requests).toHaveLength(4)
      expect(waits).toEqual([250, 500, 1000])
    })
  }

  it('is waited for ever longer, up to 20 s, with jitter over the whole of it', async () => {
    server.always({ status: 503, body: {} })
    await using patient = open({ maxAttempts: 10, random: () => 0.999_999 })
    await failureOf(patient.model.complete(request, never))
    expect(waits.map(Math.round)).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 20_000, 20_000, 20_000])
    waits = []
    await using hasty = open({ maxAttempts: 3, random: () => 0 })
    await failureOf(hasty.model.complete(request, never))
    expect(waits).toEqual([0, 0])
  })

  it('counts every call, those of the ladder too', async () => {
    server.script(recordedAnswer('openai', 'overloaded'), recordedAnswer('openai', 'temperature refused'))
    expect(await provider.model.complete(request, never)).toMatchObject({ attempts: 3 })
    server.script(recordedAnswer('openai', 'overloaded'), recordedAnswer('openai', 'unknown model'))
    const failure = await failureOf(provider.model.complete({ ...request, modelName: 'other' }, never))
    expect(failure).toMatchObject({ kind: 'invalid_request', attempts: 2 })
  })

  it('is not tried twice where one attempt is allowed', async () => {
    server.script({ status: 500, body: {} })
    await using once = open({ maxAttempts: 1 })
    expect(await failureOf(once.model.complete(request, never))).toMatchObject({ attempts: 1 })
    expect(waits).toEqual([])
  })
})

describe('a failure that stays', () => {
  for (const name of ['wrong key', 'no permission', 'unknown model', 'bad messages', 'insufficient quota']) {
    it(`is not tried again: ${name}`, async () => {
      server.always(recordedAnswer('openai', name))
      expect(await failureOf(provider.model.complete(request, never))).toMatchObject({ attempts: 1 })
      expect(server.requests).toHaveLength(1)
    })
  }
})

describe('Retry-After', () => {
  const limited = (header: Readonly<Record<string, string>>, status = 429): ScriptedAnswer => ({
    status,
    headers: header,
    body: {},
  })

  it('is waited for in seconds, and no two callers come back at the same moment', async () => {
    server.script(limited({ 'retry-after': '2' }), limited({ 'retry-after': '0.5' }, 503))
    await provider.model.complete(request, never)
    expect(waits[0]).toBeGreaterThanOrEqual(2000)
    expect(waits[1]).toBeGreaterThanOrEqual(500)
    expect(waits[0]).toBeLessThan(3000)
    await using other = open({ random: () => 0.9 })
    server.script(limited({ 'retry-after': '2' }))
    await other.model.complete(request, never)
    expect(waits[2]).not.toBe(waits[0])
  })

  it('is read as an HTTP date', async () => {
    server.script(limited({ 'retry-after': new Date(Date.now() + 30_000).toUTCString() }))
    await provider.model.complete(request, never)
    expect(waits[0]).toBeGreaterThan(27_000)
    expect(waits[0]).toBeLessThan(31_000)
  })

  it('is exact in milliseconds where the provider says so', async () => {
    server.script(limited({ 'retry-after': '3', 'retry-after-ms': '2100' }))
    await provider.model.complete(request, never)
    expect(waits[0]).toBeGreaterThanOrEqual(2100)
    expect(waits[0]).toBeLessThan(3000)
  })

  const nonsense = ['soon', '', '-5', 'Wed, 99 Foo 2020', new Date(0).toUTCString(), '0', '1e99']
  for (const header of nonsense) {
    it(`is no reason to wait where it says ${JSON.stringify(header)}`, async () => {
      server.script(limited({ 'retry-after': header }))
      await provider.model.complete(request, never)
      expect(waits).toEqual([250])
    })
  }

  for (const [name, header] of [
    ['seconds', '61'],
    ['a day', '86400'],
    ['a date', new Date(Date.now() + 3_600_000).toUTCString()],
  ] as const) {
    it(`of more than a minute is told to the caller at once: ${name}`, async () => {
      server.always(limited({ 'retry-after': header }))
      const failure = await failureOf(provider.model.complete(request, never))
      expect(failure).toMatchObject({ kind: 'rate_limited', attempts: 1 })
      expect(failure.retryAfterMs).toBeGreaterThan(60_000)
      expect(waits).toEqual([])
    })
  }

  it('stays with the failure after the last attempt', async () => {
    server.always(limited({ 'retry-after': '7' }))
    expect(await failureOf(provider.model.complete(request, never))).toMatchObject({
      retryAfterMs: 7000,
      attempts: 4,
    })
  })
})

describe('an unreachable provider', () => {
  it('is tried again and named', async () => {
    const sockets = createServer()
    const baseUrl = await listen(sockets)
    await close(sockets)
    await using gone = open({ baseUrl })
    const failure = await failureOf(gone.model.complete(request, never))
    expect(failure).toMatchObject({ kind: 'provider_failed', attempts: 4, isRetryable: true })
    expect(failure.message).toBe("Provider court can't be reached (ECONNREFUSED).")
  })

  it('may be one whose name nobody knows', async () => {
    await using gone = open({ baseUrl: 'http://nobody.invalid/v1', maxAttempts: 2 })
    const failure = await failureOf(gone.model.complete(request, never))
    expect(failure).toMatchObject({ kind: 'provider_failed', attempts: 2 })
  })

  it('may be something that speaks no HTTP', async () => {
    const sockets = createServer((socket) => socket.resume().end('SSH-2.0-OpenSSH_9.6\r\n'))
    await using other = open({ baseUrl: await listen(sockets) })
    const failure = await failureOf(other.model.complete(request, never))
    expect(failure).toMatchObject({ kind: 'provider_failed', attempts: 4 })
    await close(sockets)
  })

  it('may break off in the middle of its reply', async () => {
    const sockets = createServer((socket) => {
      socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 5000\r\n\r\n{"choices": ['))
    })
    await using other = open({ baseUrl: await listen(sockets) })
    const failure = await failureOf(other.model.complete(request, never))
    expect(failure).toMatchObject({ kind: 'provider_failed', attempts: 4, isRetryable: true })
    await close(sockets)
  })
})

describe('an aborted signal', () => {
  it('stops a call in flight, and the provider sees it', async () => {
    server.script({ hangs: true })
    const abort = new AbortController()
    const work = provider.model.complete(request, abort.signal)
    await until(() => server.requests.length === 1)
    abort.abort(new Error('left'))
    await expect(work).rejects.toMatchObject({ message: 'left', attempts: 1 })
    await until(() => server.requests[0]?.wasAbandoned === true)
    expect(getEventListeners(abort.signal, 'abort')).toEqual([])
  })

  it('stops a wait before the next attempt', async () => {
    await using awake = open({ isAwake: true })
    server.always({ status: 503, headers: { 'retry-after': '50' }, body: {} })
    const abort = new AbortController()
    const work = awake.model.complete(request, abort.signal)
    await until(() => server.requests.length === 1)
    await new Promise((resolve) => setTimeout(resolve, 30))
    const timers = process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length
    abort.abort(new Error('left'))
    await expect(work).rejects.toMatchObject({ message: 'left', attempts: 1 })
    expect(getEventListeners(abort.signal, 'abort')).toEqual([])
    expect(process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length).toBeLessThan(timers)
    expect(server.requests).toHaveLength(1)
  })

  it('stops the wait for a turn, whose place goes to the next', async () => {
    await using narrow = open({ maxInFlight: 1 })
    server.script({ hangs: true })
    const [first, second] = [new AbortController(), new AbortController()]
    const works = [first, second].map(({ signal }) => narrow.model.complete(request, signal))
    const third = narrow.model.complete(request, never)
    await until(() => server.requests.length === 1)
    second.abort(new Error('left'))
    await expect(works[1]).rejects.toMatchObject({ message: 'left', attempts: 0 })
    first.abort(new Error('done'))
    await expect(works[0]).rejects.toThrow('done')
    expect(await third).toMatchObject({ finish: 'stop' })
    for (const { signal } of [first, second]) expect(getEventListeners(signal, 'abort')).toEqual([])
  })

  it('by time is its own reason, whatever was going on', async () => {
    server.always({ hangs: true })
    await expect(provider.model.complete(request, AbortSignal.timeout(100))).rejects.toMatchObject({
      cause: { name: 'TimeoutError' },
      attempts: 1,
    })
  })

  it('from the start calls nobody', async () => {
    await expect(provider.model.complete(request, AbortSignal.abort(new Error('gone')))).rejects.toThrow(
      'gone',
    )
    expect(server.requests).toEqual([])
  })

  it('is left alone by a call that went well', async () => {
    const abort = new AbortController()
    server.script({ status: 503, body: {} })
    await provider.model.complete(request, abort.signal)
    await nextTurn()
    expect(getEventListeners(abort.signal, 'abort')).toEqual([])
  })
})

describe('calls in flight', () => {
  it('are never more than allowed, retries and the ladder included', async () => {
    await using narrow = open({ maxInFlight: 3 })
    const shaky = Array.from({ length: 60 }, (_, index) => (incoming: ProviderRequest): ScriptedAnswer => {
      if ('temperature' in incoming.body) return recordedAnswer('openai', 'temperature refused')
      return { delayMs: index % 4, ...(index % 5 === 0 ? { status: 503, body: {} } : {}) }
    })
    server.script(...shaky)
    await Promise.all(Array.from({ length: 30 }, () => narrow.model.complete(request, never)))
    expect(server.mostInFlight()).toBe(3)
  })

  it('give their place up while they wait for the next attempt', async () => {
    await using narrow = open({ maxInFlight: 1, isAwake: true })
    server.script({ status: 503, headers: { 'retry-after': '40' }, body: {} })
    const abort = new AbortController()
    const waiting = narrow.model.complete(request, abort.signal)
    await until(() => server.requests.length === 1)
    expect(await narrow.model.complete(request, never)).toMatchObject({ attempts: 1 })
    abort.abort(new Error('left'))
    await expect(waiting).rejects.toThrow('left')
  })
})

describe('closing', () => {
  it('ends a wait, with the failure that was waited after, and asks no more', async () => {
    const closed = open({ isAwake: true })
    server.always({ ...recordedAnswer('openai', 'overloaded'), headers: { 'retry-after': '50' } })
    const work = failureOf(closed.model.complete(request, never))
    await until(() => server.requests.length === 1)
    await new Promise((resolve) => setTimeout(resolve, 30))
    const startedMs = performance.now()
    await closed[Symbol.asyncDispose]()
    expect(await work).toMatchObject({ kind: 'provider_failed', attempts: 1, retryAfterMs: 50_000 })
    expect(performance.now() - startedMs).toBeLessThan(2000)
    expect(server.requests).toHaveLength(1)
  })

  it('ends every call that comes later', async () => {
    await provider[Symbol.asyncDispose]()
    expect(await failureOf(provider.model.complete(request, never))).toMatchObject({ attempts: 1 })
    expect(waits).toEqual([])
  })
})
