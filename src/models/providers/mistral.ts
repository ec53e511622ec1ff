import type { ProviderClient } from '../provider-client.ts'
import { formats } from '../request-form.ts'
import { createChatCompletions, type ProviderSettings } from './chat-completions.ts'

/**
 * Mistral's API, which refuses fields that it does not know, and tells no probabilities.
 * @see https://docs.mistral.ai/api/endpoint/chat
 * @example await using mistral = createMistral({ name: 'mistral', baseUrl: 'https://api.mistral.ai/v1', apiKey, maxInFlight: 64 })
 */
export function createMistral(settings: ProviderSettings): ProviderClient {
  return createChatCompletions(settings, {
    formats,
    parameters: { temperature: ['temperature'], seed: ['random_seed'] },
    tokenLimitNames: ['max_tokens'],
  })
}
