import { z } from 'zod'
import { ModelFailure } from '../../judging/model.ts'
import type { ProviderClient } from '../provider-client.ts'
import { answerForm } from './ai-call.ts'
import { type AiSettings, createAiClient } from './ai-client.ts'
import { retryInfoMs } from './google-retry-info.ts'
import type { HttpAnswer } from './http-connection.ts'
import { listPages, type ModelPage } from './model-pages.ts'
import { wholeNumber } from './provider-model.ts'
import { sdkProtocols } from './sdk-protocols.ts'

export interface GoogleSettings extends AiSettings {
  /** Undefined where a gateway wants none. */
  readonly apiKey: string | undefined
}

/**
 * Google's Gemini API.
 * @see https://ai.google.dev/api/generate-content
 * @example await using google = createGoogle({ name: 'google', baseUrl: 'https://generativelanguage.googleapis.com/v1beta', apiKey, maxInFlight: 64 })
 */
export function createGoogle(settings: GoogleSettings): ProviderClient {
  const { apiKey, baseUrl } = settings
  return createAiClient(settings, {
    ...sdkProtocols.google,
    withoutBounds: [],
    secret: apiKey,
    // The SDK must be given a key, which is not sent where there is none.
    headers: { 'x-goog-api-key': apiKey },
    load: async (fetch) => {
      const sdk = await import('@ai-sdk/google')
      const modelOf = sdk.createGoogle({ baseURL: baseUrl, apiKey: apiKey ?? 'none', fetch })
      return (modelName) => modelOf(checkedName(modelName, settings.name))
    },
    form: answerForm,
    readAnswer: withRetryAfter,
    listModels: (ask) => listPages(firstPage, ask, readPage),
  })
}

/** It becomes a part of the address: it must not lead anywhere else. */
function checkedName(modelName: string, provider: string): string {
  if (/^[\w-][\w.@-]*(?:\/[\w-][\w.@-]*)*$/.test(modelName)) return modelName
  throw new ModelFailure(
    'invalid_request',
    `Provider ${provider} can have no model ${JSON.stringify(modelName)}: its names are letters, digits and ". - _ @ /".`,
  )
}

/** Google says how long to wait in the body alone. */
function withRetryAfter(answer: HttpAnswer): HttpAnswer {
  const waitMs = answer.status === 429 || answer.status >= 500 ? retryInfoMs(answer.body) : undefined
  if (waitMs === undefined) return answer
  return { ...answer, headers: { 'retry-after-ms': String(waitMs), ...answer.headers } }
}

const firstPage = '/models?pageSize=1000'

const page = z.object({ models: z.array(z.unknown()).nullish(), nextPageToken: z.string().nullish() })

const entry = z.object({
  name: z.string().min(1),
  displayName: z.string().nullish(),
  description: z.string().nullish(),
  inputTokenLimit: z.number().nullish(),
  supportedGenerationMethods: z.array(z.string()).nullish(),
})

function readPage(parsed: unknown): ModelPage | undefined {
  const read = page.safeParse(parsed).data
  if (read?.models == null) return undefined
  const models = read.models.flatMap((one) => {
    const model = entry.safeParse(one).data
    if (!model?.supportedGenerationMethods?.includes('generateContent')) return []
    return {
      id: model.name.replace(/^models\//, ''),
      ownedBy: undefined,
      name: model.displayName ?? undefined,
      description: model.description ?? undefined,
      maxContextTokens: wholeNumber(model.inputTokenLimit),
      createdAt: undefined,
    }
  })
  const token = read.nextPageToken
  return { models, nextPath: token ? `${firstPage}&pageToken=${encodeURIComponent(token)}` : undefined }
}
