import type { ProviderConfig, ProviderKey } from '../config.ts'
import type { Model } from '../judging/model.ts'
import type { ProviderClient } from './provider-client.ts'
import { createAnthropic } from './providers/anthropic.ts'
import { createBedrock } from './providers/bedrock.ts'
import { createGoogle } from './providers/google.ts'
import { createMistral } from './providers/mistral.ts'
import { createOpenai } from './providers/openai.ts'
import type { ProviderModel } from './providers/provider-model.ts'
import { createSteadyModel, type SteadyModelSettings } from './steady-model.ts'
import { createStructuredModel } from './structured-reply.ts'

/** A provider of the configuration, ready to be called. */
export interface HostedProvider extends AsyncDisposable {
  readonly name: string
  /** Patterns of model names that are its own; `*` stands for any characters. */
  readonly patterns: readonly string[]
  readonly model: Model
  /** Throws `ModelFailure`, or the signal's reason. */
  listModels(signal: AbortSignal): Promise<readonly ProviderModel[]>
}

const clients = {
  mistral: createMistral,
  openai: createOpenai,
  anthropic: createAnthropic,
  google: createGoogle,
} as const

/**
 * Puts a provider together: a client of its protocol, the ladder of forms, and retries around both.
 * @param key undefined where the provider wants none
 * @example await using vllm = createHostedProvider(config, undefined, { maxAttempts: 4 })
 */
export function createHostedProvider(
  config: ProviderConfig,
  key: ProviderKey | undefined,
  settings: Omit<SteadyModelSettings, 'maxInFlight'>,
): HostedProvider {
  const { name, maxInFlight } = config
  const client = createClient(config, key)
  return {
    name,
    patterns: config.models,
    model: createSteadyModel(createStructuredModel(client), { ...settings, maxInFlight }),
    listModels: (signal) => client.listModels(signal),
    [Symbol.asyncDispose]: () => client[Symbol.asyncDispose](),
  }
}

function createClient(config: ProviderConfig, key: ProviderKey | undefined): ProviderClient {
  const { name, type, baseUrl, maxInFlight, region, models } = config
  const settings = { name, baseUrl, maxInFlight }
  if (type === 'bedrock') {
    if (region === undefined || key === undefined) throw new Error(`${name} has no region or no credentials.`)
    const modelNames = models.filter((pattern) => !pattern.includes('*'))
    return createBedrock({ ...settings, region, key, modelNames })
  }
  return clients[type]({ ...settings, apiKey: typeof key === 'string' ? key : undefined })
}
