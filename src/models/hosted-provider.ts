import type { ProviderConfig } from '../config.ts'
import type { Model } from '../judging/model.ts'
import type { ListedModel } from './directory.ts'
import { InFlightLimit } from './in-flight-limit.ts'
import {
  createChatCompletions,
  type ListedByProvider,
  type RequestForm,
} from './providers/chat-completions.ts'
import { createSteadyModel } from './steady-model.ts'
import { createStructuredModel } from './structured-reply.ts'

/** A provider of the configuration, ready to be called. */
export interface HostedProvider extends AsyncDisposable {
  readonly name: string
  /** Patterns of model names that are its own; `*` stands for any characters. */
  readonly patterns: readonly string[]
  readonly model: Model
  /** Throws `ModelFailure`, or the signal's reason. */
  listModels(signal: AbortSignal): Promise<readonly ListedModel[]>
}

/** OpenAI's own API wants the newer name of the token limit; what else speaks its protocol knows the older one. */
const openaiOrigin = 'https://api.openai.com'

function startForm({ baseUrl }: ProviderConfig): RequestForm {
  const isOpenai = new URL(baseUrl).origin === openaiOrigin
  return {
    enforcement: 'json_schema',
    hasTemperature: true,
    tokenLimitName: isOpenai ? 'max_completion_tokens' : 'max_tokens',
  }
}

/** @param apiKey undefined where the provider wants none */
export function createHostedProvider(
  config: ProviderConfig,
  apiKey: string | undefined,
  settings: { readonly maxAttempts: number },
): HostedProvider {
  const client = createChatCompletions({
    provider: config.name,
    baseUrl: config.baseUrl,
    apiKey,
    maxConnections: config.maxInFlight,
  })
  const model = createSteadyModel(createStructuredModel(client, startForm(config)), {
    maxAttempts: settings.maxAttempts,
    limit: new InFlightLimit(config.maxInFlight),
  })
  return {
    name: config.name,
    patterns: config.models,
    model,
    listModels: async (signal) =>
      (await client.listModels(signal)).filter(canChat).map((listed) => toListed(config.name, listed)),
    [Symbol.asyncDispose]: () => client[Symbol.asyncDispose](),
  }
}

function canChat(listed: ListedByProvider): boolean {
  return listed.capabilities?.completion_chat !== false
}

function toListed(provider: string, listed: ListedByProvider): ListedModel {
  return {
    id: `${provider}/${listed.id}`,
    ownedBy: listed.owned_by ?? provider,
    name: listed.name ?? listed.id,
    description: listed.description ?? undefined,
    maxContextTokens: listed.max_context_length ?? undefined,
    createdAt: listed.created == null ? undefined : new Date(listed.created * 1000),
  }
}
