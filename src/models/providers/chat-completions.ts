import { type Dispatcher, Pool } from 'undici'
import { z } from 'zod'
import { ModelFailure, type ModelReply, type ModelRequest } from '../../judging/model.ts'
import { failureFromAnswer, failureFromNetwork } from '../provider-error.ts'
import { responseSchema } from './response-schema.ts'

/** How a request is written, which differs between models; see `structured-reply.ts`. */
export interface RequestForm {
  readonly enforcement: 'json_schema' | 'json_object' | 'text'
  readonly hasTemperature: boolean
  /** Null where the model takes no limit. */
  readonly tokenLimitName: 'max_tokens' | 'max_completion_tokens' | null
}

export interface ChatCompletionsSettings {
  /** The provider's name, for messages. */
  readonly provider: string
  /** Without a slash at the end; `/chat/completions` is put behind it. */
  readonly baseUrl: string
  readonly apiKey?: string | undefined
  /** Connections at once. */
  readonly maxConnections: number
  /** Instead of a pool of its own, in tests. */
  readonly dispatcher?: Dispatcher
}

export interface ChatCompletions extends AsyncDisposable {
  /** One call. Throws `ModelFailure`, or the signal's reason. */
  complete(request: ModelRequest, form: RequestForm, signal: AbortSignal): Promise<ModelReply>
  /** The provider's own list of models, as it stands in its reply. Throws `ModelFailure`, or the signal's reason. */
  listModels(signal: AbortSignal): Promise<readonly ListedByProvider[]>
}

const maxReplyBytes = 8_388_608

/** The chat-completions protocol of OpenAI, Mistral and all that speak it, over kept-alive connections. */
export function createChatCompletions(settings: ChatCompletionsSettings): ChatCompletions {
  const { origin, pathname } = new URL(settings.baseUrl)
  const prefix = pathname.replace(/\/$/, '')
  const pool =
    settings.dispatcher ??
    // The judgment's deadline is the one that counts, so the pool has none of its own.
    new Pool(origin, {
      connections: settings.maxConnections,
      headersTimeout: 0,
      bodyTimeout: 0,
      maxResponseSize: maxReplyBytes,
    })
  const headers = {
    'content-type': 'application/json',
    accept: 'application/json',
    ...(settings.apiKey === undefined ? {} : { authorization: `Bearer ${settings.apiKey}` }),
  }

  async function call(
    method: 'GET' | 'POST',
    path: string,
    body: string | null,
    signal: AbortSignal,
  ): Promise<unknown> {
    let status: number
    let retryAfter: string | string[] | undefined
    let text: string
    try {
      const answer = await pool.request({ origin, path: `${prefix}${path}`, method, headers, body, signal })
      status = answer.statusCode
      retryAfter = answer.headers['retry-after']
      text = await answer.body.text()
    } catch (error) {
      signal.throwIfAborted()
      throw failureFromNetwork(settings.provider, error)
    }
    if (status >= 200 && status < 300) return parseReply(settings.provider, text)
    throw failureFromAnswer({
      provider: settings.provider,
      secret: settings.apiKey,
      status,
      retryAfter,
      body: text,
    })
  }

  return {
    async complete(request, form, signal) {
      const reply = await call(
        'POST',
        '/chat/completions',
        JSON.stringify(requestBody(request, form)),
        signal,
      )
      return { ...readReply(settings.provider, reply), enforcement: form.enforcement }
    },
    async listModels(signal) {
      const parsed = modelList.safeParse(await call('GET', '/models', null, signal))
      return parsed.success ? parsed.data.data : []
    },
    async [Symbol.asyncDispose]() {
      await pool.destroy()
    },
  }
}

function requestBody(request: ModelRequest, form: RequestForm): Record<string, unknown> {
  const body: Record<string, unknown> = { model: request.modelName, messages: request.messages }
  if (form.hasTemperature) body.temperature = 0
  if (form.tokenLimitName !== null) body[form.tokenLimitName] = request.maxOutputTokens
  if (form.enforcement === 'json_object') body.response_format = { type: 'json_object' }
  if (form.enforcement === 'json_schema') {
    const schema = responseSchema(request.output)
    body.response_format = { type: 'json_schema', json_schema: { name: 'judgment', strict: true, schema } }
  }
  return body
}

function parseReply(provider: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new ModelFailure('provider_failed', `Provider ${provider} sent a reply that is no JSON.`, {
      cause: error,
    })
  }
}

const chunk = z.object({ type: z.string().nullish(), text: z.string().nullish() })
const chatReply = z.object({
  choices: z
    .array(
      z.object({
        message: z.object({
          content: z.union([z.string(), z.array(z.union([z.string(), chunk]))]).nullish(),
          refusal: z.string().nullish(),
        }),
        finish_reason: z.string().nullish(),
      }),
    )
    .min(1),
  usage: z.object({ prompt_tokens: z.number().nullish(), completion_tokens: z.number().nullish() }).nullish(),
})

function readReply(provider: string, reply: unknown): Omit<ModelReply, 'enforcement'> {
  const parsed = chatReply.safeParse(reply)
  const [choice] = parsed.data?.choices ?? []
  if (choice === undefined) {
    throw new ModelFailure('provider_failed', `Provider ${provider} sent a reply without a message.`, {
      cause: parsed.error,
    })
  }
  const { content, refusal } = choice.message
  return {
    text: textOf(content),
    finish: refusal ? 'refused' : (finishes[choice.finish_reason ?? 'stop'] ?? 'stop'),
    usage: {
      inputTokens: parsed.data?.usage?.prompt_tokens ?? 0,
      outputTokens: parsed.data?.usage?.completion_tokens ?? 0,
    },
    attempts: 1,
  }
}

const finishes: Readonly<Record<string, ModelReply['finish']>> = {
  length: 'length',
  model_length: 'length',
  content_filter: 'filtered',
}

type Content = string | readonly (string | z.output<typeof chunk>)[] | null | undefined

/** Chunks of reasoning are left out: they are not what the model said. */
function textOf(content: Content): string {
  if (typeof content === 'string') return content
  return (content ?? [])
    .map((part) =>
      typeof part === 'string' ? part : part.type === 'text' || part.type == null ? (part.text ?? '') : '',
    )
    .join('')
}

const modelList = z.object({
  data: z.array(
    z.object({
      id: z.string(),
      created: z.number().nullish(),
      owned_by: z.string().nullish(),
      name: z.string().nullish(),
      description: z.string().nullish(),
      max_context_length: z.number().nullish(),
      capabilities: z.object({ completion_chat: z.boolean().nullish() }).nullish(),
    }),
  ),
})

export type ListedByProvider = z.output<typeof modelList>['data'][number]
