import { type ChatCompletions, createChatCompletions, type ProviderSettings } from './chat-completions.ts'

/**
 * Mistral's API, which refuses fields that it does not know.
 * @see https://docs.mistral.ai/api/endpoint/chat
 * @example await using mistral = createMistral({ name: 'mistral', baseUrl: 'https://api.mistral.ai/v1', apiKey, maxInFlight: 64 })
 */
export function createMistral(settings: ProviderSettings): ChatCompletions {
  return createChatCompletions(settings, ['max_tokens'])
}
