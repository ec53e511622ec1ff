import { ModelFailure, type ModelRequest } from '../judging/model.ts'
import type { ProviderClient } from './provider-client.ts'
import type { SharedLimit } from './shared-limit.ts'

/** How long all keep off a provider that limits the rate and doesn't say for how long, and at most. */
const shortPauseMs = 1000
const longestPauseMs = 60_000

/** The same client, whose calls wait for what all processes together may ask. It owns the limit. */
export function createLimitedClient(client: ProviderClient, limit: SharedLimit): ProviderClient {
  let repliedTokens = 256
  return {
    formats: client.formats,
    parameters: client.parameters,
    tokenLimitNames: client.tokenLimitNames,
    async complete(request, form, signal) {
      const expected = promptTokens(request) + Math.ceil(Math.min(request.maxOutputTokens, repliedTokens))
      await limit.begin(expected, signal)
      let unused = 0
      try {
        const reply = await client.complete(request, form, signal)
        repliedTokens += (reply.usage.outputTokens - repliedTokens) / 10
        unused = expected - reply.usage.inputTokens - reply.usage.outputTokens
        return reply
      } catch (error) {
        if (isRateLimited(error)) {
          limit.pauseAll(Math.min(longestPauseMs, error.retryAfterMs ?? shortPauseMs))
        }
        throw error
      } finally {
        limit.end(unused)
      }
    },
    listModels: (signal) => client.listModels(signal),
    async [Symbol.asyncDispose]() {
      await limit[Symbol.asyncDispose]()
      await client[Symbol.asyncDispose]()
    },
  }
}

/** What a prompt will take, before its provider has counted: about four characters a token. */
function promptTokens({ messages }: ModelRequest): number {
  return Math.ceil(messages.reduce((sum, { content }) => sum + content.length, 0) / 4)
}

function isRateLimited(error: unknown): error is ModelFailure {
  return error instanceof ModelFailure && error.kind === 'rate_limited' && error.isRetryable
}
