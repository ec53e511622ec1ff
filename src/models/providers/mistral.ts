import type { ProviderClient } from '../provider-client.ts'
import { formats } from '../request-form.ts'
import { createChatCompletions, type ProviderSettings } from './chat-completions.ts'
import type { MistralConversations } from './mistral-conversations.ts'

/**
 * Mistral's API, which refuses fields that it does not know, and tells no probabilities. Requests with connectors go
 * to its Conversations API.
 * @see https://docs.mistral.ai/api/endpoint/chat
 * @example await using mistral = createMistral({ name: 'mistral', baseUrl: 'https://api.mistral.ai/v1', apiKey, maxInFlight: 64 })
 */
export function createMistral(settings: ProviderSettings): ProviderClient {
  const parameters = { temperature: ['temperature'], seed: ['random_seed'] }
  const tokenLimitNames = ['max_tokens']
  const chat = createChatCompletions(settings, { formats, parameters, tokenLimitNames })
  let loaded: Promise<MistralConversations> | undefined
  const conversations = (): Promise<MistralConversations> => {
    loaded ??= import('./mistral-conversations.ts').then(
      (module) => new module.MistralConversations(settings),
    )
    return loaded
  }
  return {
    formats,
    parameters,
    tokenLimitNames,
    complete: async (request, form, signal) => {
      const client = request.connectors === undefined ? chat : await conversations()
      return client.complete(request, form, signal)
    },
    listModels: (signal) => chat.listModels(signal),
    async [Symbol.asyncDispose]() {
      await chat[Symbol.asyncDispose]()
      await (await loaded)?.[Symbol.asyncDispose]()
    },
  }
}
