import { z } from 'zod'
import type { ProviderClient } from '../provider-client.ts'
import { answerForm } from './ai-call.ts'
import { type AiSettings, createAiClient } from './ai-client.ts'
import { listPages, type ModelPage } from './model-pages.ts'
import { wholeNumber } from './provider-model.ts'
import { sdkProtocols } from './sdk-protocols.ts'

export interface AnthropicSettings extends AiSettings {
  /** Undefined where a gateway wants none. */
  readonly apiKey: string | undefined
}

/**
 * Anthropic's Messages API.
 * @see https://platform.claude.com/docs/en/api/messages
 * @example await using anthropic = createAnthropic({ name: 'anthropic', baseUrl: 'https://api.anthropic.com/v1', apiKey, maxInFlight: 64 })
 */
export function createAnthropic(settings: AnthropicSettings): ProviderClient {
  const { apiKey, baseUrl } = settings
  return createAiClient(settings, {
    ...sdkProtocols.anthropic,
    withoutBounds: ['json_schema'],
    secret: apiKey,
    headers: { 'anthropic-version': '2023-06-01', 'x-api-key': apiKey },
    load: async (fetch) => {
      // The package's main entry makes a client of the environment when it is loaded, and throws at an empty variable.
      const { AnthropicLanguageModel } = await import('@ai-sdk/anthropic/internal')
      const access = { provider: 'anthropic', baseURL: baseUrl, fetch }
      return (modelName) => new AnthropicLanguageModel(modelName, access)
    },
    form: (format, schema) => ({
      ...answerForm(format, schema),
      // By itself, the SDK would force a tool call where it thinks that a model takes no schema.
      providerOptions: { anthropic: { structuredOutputMode: 'outputFormat', disableParallelToolUse: true } },
    }),
    listModels: (ask) => listPages('/models?limit=1000', ask, readPage),
  })
}

const page = z.object({
  data: z.array(z.unknown()),
  has_more: z.boolean().nullish(),
  last_id: z.string().nullish(),
})

const entry = z.object({
  id: z.string().min(1),
  display_name: z.string().nullish(),
  created_at: z.string().nullish(),
  max_input_tokens: z.number().nullish(),
})

function readPage(parsed: unknown): ModelPage | undefined {
  const read = page.safeParse(parsed).data
  if (read === undefined) return undefined
  const models = read.data.flatMap((one) => {
    const model = entry.safeParse(one).data
    if (model === undefined) return []
    const createdAt = new Date(model.created_at ?? Number.NaN)
    return {
      id: model.id,
      ownedBy: undefined,
      name: model.display_name ?? undefined,
      description: undefined,
      maxContextTokens: wholeNumber(model.max_input_tokens),
      createdAt: Number.isNaN(createdAt.getTime()) ? undefined : createdAt,
    }
  })
  const isLast = !read.has_more || !read.last_id
  const nextPath = isLast
    ? undefined
    : `/models?limit=1000&after_id=${encodeURIComponent(read.last_id ?? '')}`
  return { models, nextPath }
}
