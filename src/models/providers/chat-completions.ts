import { type Dispatcher, Pool } from 'undici'
import type { ModelRequest } from '../../judging/model.ts'
import type { ParameterNames, ProviderClient, ProviderReply } from '../provider-client.ts'
import {
  failureFromAnswer,
  failureFromNetwork,
  failureFromReply,
  isOutOfTokens,
  type ProviderAnswer,
} from '../provider-error.ts'
import type { Format, RequestForm } from '../request-form.ts'
import { readChatReply } from './chat-reply.ts'
import { type ChatDialect, chatRequest } from './chat-request.ts'
import { type ProviderModel, readProviderModels } from './provider-model.ts'

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
}

const outOfTokens = { text: '', finish: 'length', usage: { inputTokens: 0, outputTokens: 0 } } as const

const maxReplyBytes = 8_388_608
/** An idle connection is kept longer than undici's 4 s: opening one anew costs a TLS handshake. */
const keepAliveMs = 30_000

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
  readonly #dispatcher: Dispatcher
  readonly #origin: string
  readonly #path: string
  readonly #headers: Readonly<Record<string, string>>

  constructor(settings: ProviderSettings, dialect: ChatDialect) {
    const { origin, pathname } = new URL(settings.baseUrl)
    this.formats = dialect.formats
    this.parameters = dialect.parameters
    this.tokenLimitNames = dialect.tokenLimitNames
    this.#settings = settings
    this.#origin = origin
    this.#path = pathname.replace(/\/+$/, '')
    this.#headers = {
      'content-type': 'application/json',
      accept: 'application/json',
      ...(settings.apiKey === undefined ? {} : { authorization: `Bearer ${settings.apiKey}` }),
    }
    this.#dispatcher = settings.dispatcher ?? openPool(origin, settings.maxInFlight)
  }

  async complete(request: ModelRequest, form: RequestForm, signal: AbortSignal): Promise<ProviderReply> {
    const body = JSON.stringify(chatRequest(request, form, this))
    const answer = await this.#call('POST', '/chat/completions', body, signal)
    if (isOutOfTokens(answer)) return { ...outOfTokens, enforcement: form.format }
    if (answer.status >= 300) throw failureFromAnswer(answer)
    const parsed = parseJson(answer.body)
    if (parsed === undefined) throw failureFromReply(answer, 'a reply that is no JSON')
    const reply = readChatReply(parsed, form.format, request.wantsProbabilities === true)
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
    try {
      const {
        statusCode,
        headers,
        body: replyBody,
      } = await this.#dispatcher.request({
        origin: this.#origin,
        path: `${this.#path}${path}`,
        method,
        headers: this.#headers,
        body,
        signal,
      })
      return { provider: name, secret: apiKey, status: statusCode, headers, body: await replyBody.text() }
    } catch (error) {
      signal.throwIfAborted()
      throw failureFromNetwork(name, error)
    }
  }

  /** Calls that are still under way are broken off. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#settings.dispatcher === undefined) await this.#dispatcher.destroy()
  }
}

function openPool(origin: string, connections: number): Pool {
  return new Pool(origin, {
    connections,
    pipelining: 1,
    // With HTTP/2, calls would share a connection, and one that breaks would take all of them along.
    allowH2: false,
    keepAliveTimeout: keepAliveMs,
    // How long a call may take is the caller's to say, by its signal.
    headersTimeout: 0,
    bodyTimeout: 0,
    maxResponseSize: maxReplyBytes,
  })
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
