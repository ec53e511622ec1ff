import type { Dispatcher } from 'undici'
import type { ModelRequest } from '../../judging/model.ts'
import { parseJson } from '../parse-json.ts'
import type { ParameterNames, ProviderClient, ProviderReply } from '../provider-client.ts'
import { failureFromAnswer, failureFromReply, isOutOfTokens, type ProviderAnswer } from '../provider-error.ts'
import type { Format, RequestForm } from '../request-form.ts'
import { readChatReply } from './chat-reply.ts'
import { type ChatDialect, chatRequest } from './chat-request.ts'
import { HttpConnection, jsonHeaders, type TraceHeaders } from './http-connection.ts'
import { type ProviderModel, readProviderModels } from './provider-model.ts'
import { idsOf } from './repeatable-call.ts'

/** What a provider needs to be called. */
export interface ProviderSettings {
  /** As configured; messages name it. */
  readonly name: string
  /** Without a slash at the end; `/chat/completions` is put behind it. */
  readonly baseUrl: string
  /** Undefined where the provider wants none. */
  readonly apiKey: string | undefined
  /** Calls, and so connections, at once. */
  readonly maxInFlight: number
  /** Instead of a pool of its own. Its owner closes it, and limits how long a reply may be. */
  readonly dispatcher?: Dispatcher
  readonly traceHeaders?: TraceHeaders
}

const outOfTokens = { text: '', finish: 'length', usage: { inputTokens: 0, outputTokens: 0 } } as const

/**
 * The chat-completions protocol of OpenAI, Mistral and all that speak it, over kept-alive connections.
 * @example await using mistral = createChatCompletions({ name: 'mistral', baseUrl, apiKey, maxInFlight: 64 }, dialect)
 */
export function createChatCompletions(settings: ProviderSettings, dialect: ChatDialect): ProviderClient {
  return new ChatClient(settings, dialect)
}

class ChatClient implements ProviderClient {
  readonly formats: readonly Format[]
  readonly parameters: ParameterNames
  readonly tokenLimitNames: readonly string[]
  readonly #settings: ProviderSettings
  readonly #connection: HttpConnection
  readonly #path: string
  readonly #headers: Readonly<Record<string, string>>

  constructor(settings: ProviderSettings, dialect: ChatDialect) {
    this.formats = dialect.formats
    this.parameters = dialect.parameters
    this.tokenLimitNames = dialect.tokenLimitNames
    this.#settings = settings
    this.#path = new URL(settings.baseUrl).pathname.replace(/\/+$/, '')
    this.#headers = jsonHeaders(settings.apiKey)
    this.#connection = new HttpConnection(settings)
  }

  async complete(request: ModelRequest, form: RequestForm, signal: AbortSignal): Promise<ProviderReply> {
    const body = JSON.stringify(chatRequest(request, form, this))
    const answer = await this.#call('POST', '/chat/completions', body, signal)
    const hasTools = request.tools !== undefined
    if (isOutOfTokens(answer)) return { ...outOfTokens, enforcement: hasTools ? 'text' : form.format }
    if (answer.status >= 300) throw failureFromAnswer(answer)
    const parsed = parseJson(answer.body)
    if (parsed === undefined) throw failureFromReply(answer, 'a reply that is no JSON')
    const reply = readChatReply(parsed, form.format, {
      wantsTokens: request.wantsProbabilities === true,
      hasTools,
      ...(hasTools && { callIds: idsOf(request) }),
    })
    if (reply === undefined) throw failureFromReply(answer, 'a reply without a message')
    return reply
  }

  async listModels(signal: AbortSignal): Promise<readonly ProviderModel[]> {
    const answer = await this.#call('GET', '/models', null, signal)
    if (answer.status >= 300) throw failureFromAnswer(answer)
    const models = readProviderModels(parseJson(answer.body))
    if (models === undefined) throw failureFromReply(answer, 'no list of models')
    return models
  }

  async #call(
    method: 'GET' | 'POST',
    path: string,
    body: string | null,
    signal: AbortSignal,
  ): Promise<ProviderAnswer> {
    const { name, apiKey } = this.#settings
    const call = { method, path: `${this.#path}${path}`, headers: this.#headers, body }
    return { provider: name, secret: apiKey, ...(await this.#connection.call(call, signal)) }
  }

  /** Calls that are still under way are broken off. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.#connection[Symbol.asyncDispose]()
  }
}
