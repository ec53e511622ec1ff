import type { ProviderConfig } from '../config.ts'
import type { Model } from '../judging/model.ts'
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

const clients = { mistral: createMistral, openai: createOpenai } as const

/**
 * Puts a provider together: a client of its protocol, the ladder of forms, and retries around both.
 * @param apiKey undefined where the provider wants none
 * @example await using vllm = createHostedProvider(config, undefined, { maxAttempts: 4 })
 */
export function createHostedProvider(
  config: ProviderConfig,
  apiKey: string | undefined,
  settings: Omit<SteadyModelSettings, 'maxInFlight'>,
): HostedProvider {
  const { name, baseUrl, maxInFlight } = config
  const client = clients[config.type]({ name, baseUrl, apiKey, maxInFlight })
  return {
    name,
    patterns: config.models,
    model: createSteadyModel(createStructuredModel(client), { ...settings, maxInFlight }),
    listModels: (signal) => client.listModels(signal),
    [Symbol.asyncDispose]: () => client[Symbol.asyncDispose](),
  }
}
