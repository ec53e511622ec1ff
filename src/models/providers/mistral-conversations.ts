import type { Mistral } from '@mistralai/mistralai'
import type { ModelRequest } from '../../judging/model.ts'
import { parseJson } from '../parse-json.ts'
import type { ProviderReply } from '../provider-client.ts'
import { failureFromAnswer, failureFromReply } from '../provider-error.ts'
import type { RequestForm } from '../request-form.ts'
import type { ProviderSettings } from './chat-completions.ts'
import { readConversationReply } from './conversation-reply.ts'
import { conversationRequest } from './conversation-request.ts'
import { type HttpAnswer, HttpConnection, jsonHeaders } from './http-connection.ts'
import { readSdkFailure } from './sdk-failure.ts'

/**
 * Mistral's Conversations API, whose models call connectors by themselves, by the official SDK. The SDK is loaded
 * with the first call; it makes its calls over this program's connections.
 * @see https://docs.mistral.ai/agents/connectors/connectors_overview
 */
export class MistralConversations implements AsyncDisposable {
  readonly #settings: ProviderSettings
  readonly #path: string
  #opened: Opened | undefined

  constructor(settings: ProviderSettings) {
    this.#settings = settings
    this.#path = `${new URL(settings.baseUrl).pathname.replace(/\/+$/, '')}/conversations`
  }

  /** One call. Nothing of it is stored at Mistral. Throws a `ModelFailure`, or the signal's reason. */
  async complete(request: ModelRequest, form: RequestForm, signal: AbortSignal): Promise<ProviderReply> {
    const opened = this.#opened ?? this.#open()
    this.#opened = opened
    const sdk = await opened.sdk
    signal.throwIfAborted()
    try {
      const options = { signal, retries: { strategy: 'none' } } as const
      const asked = conversationRequest(request, form)
      const said = await sdk.beta.conversations.start(asked, options)
      const { connectors } = request
      const mostOutputTokens = asked.completionArgs?.maxTokens ?? undefined
      return readConversationReply(said, { ...(connectors && { connectors }), mostOutputTokens })
    } catch (error) {
      signal.throwIfAborted()
      throw readSdkFailure(error, (answer, problem) => this.#unreadable(answer, problem))
    }
  }

  #open(): Opened {
    const connection = new HttpConnection(this.#settings)
    return { connection, sdk: this.#load(connection) }
  }

  async #load(connection: HttpConnection): Promise<Mistral> {
    const { Mistral, HTTPClient } = await import('@mistralai/mistralai')
    const { apiKey, baseUrl } = this.#settings
    const httpClient = new HTTPClient({ fetcher: (input, init) => this.#fetch(connection, input, init) })
    // The SDK wants a key; where there is none, none is sent.
    return new Mistral({ apiKey: apiKey ?? 'none', serverURL: new URL(baseUrl).origin, httpClient })
  }

  async #fetch(
    connection: HttpConnection,
    input: Parameters<typeof fetch>[0],
    init?: RequestInit,
  ): Promise<Response> {
    const asked = new Request(input, init)
    const { name, apiKey } = this.#settings
    const headers = jsonHeaders(apiKey)
    const call = { method: 'POST', path: this.#path, headers, body: await asked.text() } as const
    const answer = await connection.call(call, asked.signal)
    if (answer.status >= 300) throw failureFromAnswer({ provider: name, secret: apiKey, ...answer })
    if (parseJson(answer.body) === undefined) throw this.#unreadable(answer, 'a reply that is no JSON')
    return new Response(answer.body, { headers: { 'content-type': 'application/json' } })
  }

  #unreadable(answer: HttpAnswer, problem: string) {
    const { name, apiKey } = this.#settings
    return failureFromReply({ provider: name, secret: apiKey, ...answer }, problem)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#opened?.connection[Symbol.asyncDispose]()
  }
}

interface Opened {
  readonly connection: HttpConnection
  readonly sdk: Promise<Mistral>
}
