import type { ProviderClient } from '../provider-client.ts'
import { formats } from '../request-form.ts'
import { createChatCompletions, type ProviderSettings } from './chat-completions.ts'

/** Its newer models refuse the older name of the token limit. */
const openaiHosts = /(?:^|\.)(?:openai\.com|openai\.azure\.com)$/

/**
 * OpenAI's API, and every server that speaks it. Others get the older name of the token limit first: those that
 * don't know the newer one don't say so, and would run without a limit.
 * @see https://platform.openai.com/docs/api-reference/chat/create
 * @example await using ollama = createOpenai({ name: 'ollama', baseUrl: 'http://localhost:11434/v1', apiKey: undefined, maxInFlight: 2 })
 */
export function createOpenai(settings: ProviderSettings): ProviderClient {
  const isOpenai = openaiHosts.test(new URL(settings.baseUrl).hostname)
  return createChatCompletions(settings, {
    formats,
    parameters: {
      temperature: ['temperature'],
      seed: ['seed'],
      probabilities: ['logprobs', 'top_logprobs'],
    },
    tokenLimitNames: isOpenai
      ? ['max_completion_tokens', 'max_tokens']
      : ['max_tokens', 'max_completion_tokens'],
  })
}
