import { execFile } from 'node:child_process'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'
import { beforeEach, describe, expect, it } from 'vitest'
import { ModelFailure } from '../../src/judging/model.ts'
import type { HostedProvider } from '../../src/models/hosted-provider.ts'
import { recordedAnswer } from '../support/fixtures/providers/recorded-answer.ts'
import type { ProviderServer } from '../support/provider-server.ts'
import { openTestProvider, request, startTestServer } from '../support/test-provider.ts'

const never = new AbortController().signal

let server: ProviderServer

beforeEach(async () => {
  server = await startTestServer()
})

function open(maxInFlight = 8): HostedProvider {
  return openTestProvider(server, { maxInFlight }, { maxAttempts: 4 })
}

describe('connections', () => {
  it('are reused by calls after each other, through failures, steps of the ladder and lists', async () => {
    const provider = open()
    server.script(
      recordedAnswer('openai', 'overloaded'),
      recordedAnswer('openai', 'temperature refused'),
      recordedAnswer('openai', 'bad gateway'),
      { body: 'no JSON' },
    )
    for (let call = 0; call < 50; call += 1) await provider.model.complete(request, never)
    await provider.listModels(never)
    // undici lets a connection rest for one turn of the event loop, and takes another one for what comes sooner.
    expect(server.connectionsSoFar()).toBeLessThanOrEqual(2)
  })

  it('are no more than calls at once', async () => {
    const provider = open(5)
    server.always({ delayMs: 2 })
    await Promise.all(Array.from({ length: 60 }, () => provider.model.complete(request, never)))
    expect(server.connectionsSoFar()).toBe(5)
  })

  it('are opened anew after one broke, and after a call was given up', async () => {
    const provider = open()
    server.script({ breaks: true })
    await provider.model.complete(request, never)
    server.script({ hangs: true })
    await expect(provider.model.complete(request, AbortSignal.timeout(50))).rejects.toThrow()
    await provider.model.complete(request, never)
    expect(server.connectionsSoFar()).toBe(3)
  })

  it('are closed with the provider, idle ones too', async () => {
    const provider = open()
    server.always({ delayMs: 2 })
    await Promise.all(Array.from({ length: 8 }, () => provider.model.complete(request, never)))
    expect(await server.openConnections()).toBeGreaterThan(0)
    await provider[Symbol.asyncDispose]()
    while ((await server.openConnections()) > 0) await delay(1)
  })

  it('are closed under calls in flight, which fail at once and are not tried again', async () => {
    const provider = open()
    server.always({ hangs: true })
    const work = provider.model.complete(request, never).catch((error: unknown) => error)
    while (server.requests.length === 0) await delay(1)
    await provider[Symbol.asyncDispose]()
    const failure = await work
    expect(failure).toBeInstanceOf(ModelFailure)
    expect(failure).toMatchObject({ kind: 'provider_failed', isRetryable: false, attempts: 1 })
    expect(await provider.model.complete(request, never).catch((error: unknown) => error)).toMatchObject({
      kind: 'provider_failed',
      attempts: 1,
    })
    expect(server.requests).toHaveLength(1)
  })

  it('keep no process alive once the provider is closed', async () => {
    const program = `
      import { createHostedProvider } from '${new URL('../../src/models/hosted-provider.ts', import.meta.url)}'
      const config = { name: 'court', type: 'openai', baseUrl: '${server.baseUrl}', models: [], maxInFlight: 8 }
      const provider = createHostedProvider(config, undefined, { maxAttempts: 4 })
      const request = ${JSON.stringify(request)}
      const calls = Array.from({ length: 8 }, () => provider.model.complete(request, new AbortController().signal))
      const replies = await Promise.all(calls)
      await provider[Symbol.asyncDispose]()
      const closedMs = performance.now()
      process.on('exit', () => console.log(replies.length, performance.now() - closedMs < 1000))`
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program], {
      timeout: 20_000,
    })
    expect(stdout.trim()).toBe('8 true')
  })
})
