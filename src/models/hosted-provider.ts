import type { ProviderConfig, ProviderKey } from '../config.ts'
import type { Model } from '../judging/model.ts'
import type { Observer } from '../judging/observer.ts'
import { type KnownForm, knownForm } from './known-form.ts'
import { LessonBook } from './lesson-book.ts'
import { createLimitedClient } from './limited-client.ts'
import type { Probe, ProbeMaterial } from './probe-model.ts'
import type { ProviderClient } from './provider-client.ts'
import type { TraceHeaders } from './providers/http-connection.ts'
import { createLazyClient } from './providers/lazy-client.ts'
import { createMistral } from './providers/mistral.ts'
import { createOpenai } from './providers/openai.ts'
import type { ProviderModel } from './providers/provider-model.ts'
import { sdkProtocols } from './providers/sdk-protocols.ts'
import type { SharedLimit } from './shared-limit.ts'
import { createSteadyModel, type SteadyModelSettings } from './steady-model.ts'
import { createStructuredModel } from './structured-reply.ts'

/** A provider of the configuration, ready to be called. */
export interface HostedProvider extends AsyncDisposable {
  readonly name: string
  /** Patterns of model names that are its own; `*` stands for any characters. */
  readonly patterns: readonly string[]
  readonly model: Model
  /** How many calls are let through at once now. */
  readonly callsAllowedNow: () => number
  /** Whether it runs Mistral's connectors for its models. */
  readonly runsConnectors: boolean
  /** How a model is asked, where it was learnt or checked. */
  knownForm(modelName: string): KnownForm | undefined
  /** Asks a model for everything that could be asked, and keeps what it takes. Throws the signal's reason. */
  probe(modelName: string, material: ProbeMaterial, signal: AbortSignal): Promise<Probe>
  /** Throws `ModelFailure`, or the signal's reason. */
  listModels(signal: AbortSignal): Promise<readonly ProviderModel[]>
}

/**
 * Puts a provider together: a client of its protocol, the ladder of forms, and retries around both.
 * @param key undefined where the provider wants none
 * @example await using vllm = createHostedProvider(config, undefined, { maxAttempts: 4 })
 */
export function createHostedProvider(
  config: ProviderConfig,
  key: ProviderKey | undefined,
  settings: Omit<SteadyModelSettings, 'maxInFlight' | 'onCall'> & {
    readonly lessons?: LessonBook
    readonly observer?: Pick<Observer, 'onCall'>
    /** What all processes together may ask of it; it is closed with the provider. */
    readonly sharedLimit?: SharedLimit | undefined
    /** For a provider that is told of traces. */
    readonly traceHeaders?: TraceHeaders | undefined
  },
): HostedProvider {
  const { name, maxInFlight } = config
  const { lessons: book = new LessonBook(), observer, sharedLimit, traceHeaders, ...steadiness } = settings
  const ownClient = createClient(config, key, traceHeaders)
  const client = sharedLimit ? createLimitedClient(ownClient, sharedLimit) : ownClient
  const lessons = book.of(name, `${config.type} ${config.baseUrl}`)
  const steadied = { ...steadiness, maxInFlight }
  const model = createSteadyModel(createStructuredModel(client, { lessons }), {
    ...steadied,
    ...(observer && { onCall: (call) => observer.onCall({ provider: name, ...call }) }),
  })
  return {
    name,
    patterns: config.models,
    model,
    callsAllowedNow: model.callsAllowedNow,
    runsConnectors: config.type === 'mistral',
    knownForm: (modelName) => knownForm(lessons.find(modelName), client),
    async probe(modelName, material, signal) {
      const { probeModel } = await import('./probe-model.ts')
      return probeModel({ client, lessons, steadiness: steadied, modelName, material }, signal)
    },
    listModels: (signal) => client.listModels(signal),
    async [Symbol.asyncDispose]() {
      model[Symbol.dispose]()
      await client[Symbol.asyncDispose]()
    },
  }
}

function createClient(
  config: ProviderConfig,
  key: ProviderKey | undefined,
  traceHeaders: TraceHeaders | undefined,
): ProviderClient {
  const { name, type, baseUrl, maxInFlight, region, models } = config
  const isTold = config.propagatesTrace === true && traceHeaders !== undefined
  const settings = { name, baseUrl, maxInFlight, ...(isTold && { traceHeaders }) }
  const apiKey = typeof key === 'string' ? key : undefined
  switch (type) {
    case 'mistral':
      return createMistral({ ...settings, apiKey })
    case 'openai':
      return createOpenai({ ...settings, apiKey })
    case 'anthropic':
      return createLazyClient(sdkProtocols.anthropic, async () => {
        const { createAnthropic } = await import('./providers/anthropic.ts')
        return createAnthropic({ ...settings, apiKey })
      })
    case 'google':
      return createLazyClient(sdkProtocols.google, async () => {
        const { createGoogle } = await import('./providers/google.ts')
        return createGoogle({ ...settings, apiKey })
      })
    case 'bedrock': {
      if (region === undefined || key === undefined)
        throw new Error(`${name} has no region or no credentials.`)
      const modelNames = models.filter((pattern) => !pattern.includes('*'))
      return createLazyClient(sdkProtocols.bedrock, async () => {
        const { createBedrock } = await import('./providers/bedrock.ts')
        return createBedrock({ ...settings, region, key, modelNames })
      })
    }
  }
}
