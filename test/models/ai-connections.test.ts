import { execFile } from 'node:child_process'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { ModelFailure } from '../../src/judging/model.ts'
import { type AiType, aiKey, aiRequest, awsCredentials, openAi } from '../support/ai-provider.ts'
import { failureOf } from '../support/failure-of.ts'
import { recordedAnswer } from '../support/fixtures/providers/recorded-answer.ts'
import { type ProviderServer, type ScriptedAnswer, startProviderServer } from '../support/provider-server.ts'
import { startTestServer } from '../support/test-provider.ts'

const never = new AbortController().signal
const types: readonly AiType[] = ['anthropic', 'google', 'bedrock']
const good: Readonly<Record<AiType, ScriptedAnswer>> = {
  anthropic: recordedAnswer('anthropic', 'message'),
  google: recordedAnswer('google', 'content'),
  bedrock: recordedAnswer('bedrock', 'message'),
}

let server: ProviderServer

beforeEach(async () => {
  server = await startTestServer()
})

afterEach(() => {
  vi.unstubAllEnvs()
})

describe.each(types.map((type) => [type] as const))('a connection to %s', (type) => {
  it('is reused by calls after each other', async () => {
    const provider = openAi(type, server)
    server.always(good[type])
    for (let call = 0; call < 20; call += 1) await provider.model.complete(aiRequest(type), never)
    // undici lets a connection rest for one turn of the event loop, and takes another one for what comes sooner.
    expect(server.connectionsSoFar()).toBeLessThanOrEqual(2)
  })

  it('is one of as many as there may be calls at once', async () => {
    const provider = openAi(type, server)
    server.always({ ...good[type], delayMs: 2 })
    await Promise.all(Array.from({ length: 20 }, () => provider.model.complete(aiRequest(type), never)))
    expect(server.connectionsSoFar()).toBe(4)
  })

  it('that breaks is a failure of the provider, and another try may mend it', async () => {
    const provider = openAi(type, server)
    server.script({ breaks: true })
    const failure = await failureOf(provider.model.complete(aiRequest(type), never))
    expect(failure).toMatchObject({ kind: 'provider_failed', isRetryable: true })
    expect(failure.message).toMatch(/^Provider court broke the connection off/)
    const steadfast = openAi(type, server, undefined, 3)
    server.always(good[type])
    server.script({ breaks: true }, { breaks: true })
    expect((await steadfast.model.complete(aiRequest(type), never)).attempts).toBe(3)
  })

  it('that can not be made is a failure of the provider', async () => {
    const gone = await startProviderServer()
    const provider = openAi(type, gone)
    await gone[Symbol.asyncDispose]()
    const failure = await failureOf(provider.model.complete(aiRequest(type), never))
    expect(failure).toMatchObject({ kind: 'provider_failed', isRetryable: true })
    expect(failure.message).toBe("Provider court can't be reached (ECONNREFUSED).")
  })

  it('is given up at once when the signal is aborted, with its reason', async () => {
    const provider = openAi(type, server, undefined, 3)
    server.always({ hangs: true })
    const abandoning = new AbortController()
    const work = provider.model.complete(aiRequest(type), abandoning.signal)
    while (server.requests.length === 0) await delay(1)
    const reason = new Error('The client went away.')
    abandoning.abort(reason)
    await expect(work).rejects.toMatchObject({ cause: reason, attempts: 1 })
    while (!server.requests[0]?.wasAbandoned) await delay(1)
    const again = provider.model.complete(aiRequest(type), abandoning.signal)
    await expect(again).rejects.toMatchObject({ cause: reason, attempts: 0 })
    expect(server.requests).toHaveLength(1)
  })

  it('is closed under calls in flight, which fail at once and are not tried again', async () => {
    const provider = openAi(type, server, undefined, 4)
    server.always({ hangs: true })
    const work = provider.model.complete(aiRequest(type), never).catch((error: unknown) => error)
    while (server.requests.length === 0) await delay(1)
    await provider[Symbol.asyncDispose]()
    const failure = await work
    expect(failure).toBeInstanceOf(ModelFailure)
    expect(failure).toMatchObject({ kind: 'provider_failed', isRetryable: false, attempts: 1 })
  })

  it('is used by what the configuration says, whatever the environment says', async () => {
    const elsewhere = 'http://127.0.0.1:1'
    for (const name of ['ANTHROPIC_BASE_URL', 'AWS_ENDPOINT_URL', 'AWS_ENDPOINT_URL_BEDROCK_RUNTIME']) {
      vi.stubEnv(name, elsewhere)
    }
    for (const name of ['ANTHROPIC_API_KEY', 'GOOGLE_GENERATIVE_AI_API_KEY', 'AWS_BEARER_TOKEN_BEDROCK']) {
      vi.stubEnv(name, 'of-the-environment')
    }
    vi.stubEnv('AWS_SESSION_TOKEN', 'of-the-environment')
    const { accessKeyId, secretAccessKey } = awsCredentials
    const withoutToken = { accessKeyId, secretAccessKey, sessionToken: undefined }
    const provider = openAi(type, server, type === 'bedrock' ? withoutToken : aiKey)
    server.always(good[type])
    await provider.model.complete(aiRequest(type), never)
    expect(server.requests).toHaveLength(1)
    expect(JSON.stringify(server.requests[0]?.headers)).not.toContain('of-the-environment')
  })
})

describe('a wait that the provider asks for', () => {
  it.each<[AiType, string]>([
    ['anthropic', 'rate limit'],
    ['google', 'rate limit'],
    ['bedrock', 'throttled'],
  ])('is kept by %s', async (type, name) => {
    const provider = openAi(type, server, undefined, 2)
    server.always(good[type])
    server.script(recordedAnswer(type, name))
    expect(await provider.model.complete(aiRequest(type), never)).toMatchObject({
      attempts: 2,
      finish: 'stop',
    })
  })
})

describe('a list of models', () => {
  it('of anthropic has names and dates, and is asked for with the key', async () => {
    const provider = openAi('anthropic', server)
    server.alwaysList(recordedAnswer('anthropic', 'models'))
    expect(await provider.listModels(never)).toEqual([
      {
        id: 'claude-opus-4-6',
        ownedBy: undefined,
        name: 'Claude Opus 4.6',
        description: undefined,
        maxContextTokens: 200_000,
        createdAt: new Date('2026-02-04T00:00:00Z'),
      },
      expect.objectContaining({ id: 'claude-sonnet-4-5-20250929', maxContextTokens: undefined }),
    ])
    const [sent] = server.listRequests
    expect(sent?.path).toBe('/v1/models?limit=1000')
    expect(sent?.headers).toMatchObject({ 'x-api-key': aiKey, 'anthropic-version': '2023-06-01' })
  })

  it('of google has only what generates content', async () => {
    const provider = openAi('google', server)
    server.alwaysList(recordedAnswer('google', 'models'))
    expect(await provider.listModels(never)).toEqual([
      {
        id: 'gemini-2.5-flash',
        ownedBy: undefined,
        name: 'Gemini 2.5 Flash',
        description: 'Stable version of Gemini 2.5 Flash.',
        maxContextTokens: 1_048_576,
        createdAt: undefined,
      },
    ])
    const [sent] = server.listRequests
    expect(sent?.path).toBe('/v1/models?pageSize=1000')
    expect(sent?.headers).toMatchObject({ 'x-goog-api-key': aiKey })
  })

  it('of bedrock has the configured names, and asks nobody', async () => {
    const provider = openAi('bedrock', server)
    expect((await provider.listModels(never)).map(({ id }) => id)).toEqual(['judge-small'])
    expect(server.listRequests).toEqual([])
  })

  it('is followed through its pages, but not for ever', async () => {
    const anthropic = openAi('anthropic', server)
    const data = [{ id: 'claude-1' }, { id: 7 }, null]
    server.alwaysList({ body: { data, has_more: true, last_id: 'a b' } })
    expect(await anthropic.listModels(never)).toHaveLength(20)
    expect(server.listRequests[1]?.path).toBe('/v1/models?limit=1000&after_id=a%20b')
    const google = openAi('google', server)
    const models = [
      { name: 'models/g', supportedGenerationMethods: ['generateContent'] },
      { name: 'models/h' },
    ]
    server.alwaysList({ body: { models, nextPageToken: 'n&' } })
    expect(await google.listModels(never)).toHaveLength(20)
    expect(server.listRequests.at(-1)?.path).toBe('/v1/models?pageSize=1000&pageToken=n%26')
  })

  it.each<[AiType]>([['anthropic'], ['google']])('of %s that is none is a failure', async (type) => {
    const provider = openAi(type, server)
    for (const answer of [{ body: 'x' }, { body: {} }, recordedAnswer(type, 'wrong key'), { breaks: true }]) {
      server.alwaysList(answer)
      await failureOf(provider.listModels(never))
    }
  })
})

describe('a process', () => {
  const source = new URL('../../src/', import.meta.url)

  async function run(program: string): Promise<{ stdout: string; stderr: string }> {
    const watched = `
      import { registerHooks } from 'node:module'
      const loaded = new Set()
      registerHooks({ resolve(name, context, next) {
        if (/^(?:ai$|@ai-sdk\\/)/.test(name)) loaded.add(name)
        return next(name, context)
      } })
      ${program}`
    const variables = ['ANTHROPIC_BASE_URL', 'ANTHROPIC_API_KEY', 'AWS_BEARER_TOKEN_BEDROCK', 'AWS_REGION']
    const env = { ...process.env, ...Object.fromEntries(variables.map((name) => [name, ''])) }
    const args = ['--input-type=module', '-e', watched]
    return promisify(execFile)(process.execPath, args, { timeout: 20_000, env })
  }

  it('is not disturbed by variables that are empty', async () => {
    const { stdout } = await run(`
      const { createHostedProvider } = await import('${new URL('models/hosted-provider.ts', source)}')
      const key = { accessKeyId: 'a', secretAccessKey: 'b' }
      for (const type of ['anthropic', 'google', 'bedrock']) {
        const config = { name: 'a', type, region: 'eu-central-1', baseUrl: 'http://127.0.0.1:1', models: [], maxInFlight: 1 }
        await using provider = createHostedProvider(config, type === 'bedrock' ? key : 'key', { maxAttempts: 1 })
        const request = ${JSON.stringify(aiRequest('anthropic'))}
        await provider.model.complete(request, new AbortController().signal).catch(({ message }) => console.log(message))
      }`)
    const unreachable = "Provider a can't be reached (ECONNREFUSED).\n"
    expect(stdout).toBe(unreachable.repeat(3))
  })

  it('loads nothing of the SDK before it is needed', async () => {
    const { stdout } = await run(`
      const { createHostedProvider } = await import('${new URL('models/hosted-provider.ts', source)}')
      await import('${new URL('assize.ts', source)}')
      const config = { name: 'a', type: 'anthropic', baseUrl: 'http://127.0.0.1:1/v1', models: [], maxInFlight: 1 }
      await using provider = createHostedProvider(config, 'key', { maxAttempts: 1 })
      console.log([...loaded].join())`)
    expect(stdout.trim()).toBe('')
  })

  it('loads one client with the first call, and prints nothing of what the SDK warns of', async () => {
    server.always(good.anthropic)
    const { stdout, stderr } = await run(`
      const { createHostedProvider } = await import('${new URL('models/hosted-provider.ts', source)}')
      const config = { name: 'a', type: 'anthropic', baseUrl: '${server.baseUrl}', models: [], maxInFlight: 1 }
      const provider = createHostedProvider(config, 'key', { maxAttempts: 1 })
      const request = ${JSON.stringify({ ...aiRequest('anthropic'), modelName: 'claude-opus-4-8' })}
      const { leftOut } = await provider.model.complete(request, new AbortController().signal)
      await provider[Symbol.asyncDispose]()
      const closedMs = performance.now()
      process.on('exit', () => console.log([...loaded].filter((name) => !/provider|gateway/.test(name)).sort().join(),
        leftOut.join(), performance.now() - closedMs < 1000))`)
    expect(stdout.trim()).toBe('@ai-sdk/anthropic/internal,ai temperature true')
    expect(stderr).toBe('')
  })
})
