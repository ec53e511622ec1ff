import type { generateText, wrapLanguageModel } from 'ai'
import type { Dispatcher } from 'undici'
import type { ModelFailure, ModelRequest, ToolCall } from '../../judging/model.ts'
import type { ParameterNames, Protocol, ProviderClient, ProviderReply } from '../provider-client.ts'
import { failureFromAnswer, failureFromReply, type ProviderAnswer } from '../provider-error.ts'
import type { Format, RequestForm } from '../request-form.ts'
import { responseSchema } from '../response-schema.ts'
import { type AnswerForm, enforceForm, type JsonSchema } from './ai-call.ts'
import { isEmpty, readAiReply } from './ai-reply.ts'
import { aiMessages, offerTools } from './ai-tools.ts'
import { type HttpAnswer, type HttpCall, HttpConnection, type TraceHeaders } from './http-connection.ts'
import type { ProviderModel } from './provider-model.ts'
import { idsOf } from './repeatable-call.ts'
import { readSdkFailure } from './sdk-failure.ts'
import { withoutSystemRole } from './without-system-role.ts'

/** What a provider needs to be called. */
export interface AiSettings {
  /** As configured; messages name it. */
  readonly name: string
  /** Without a slash at the end; the protocol's paths are put behind it. */
  readonly baseUrl: string
  /** Calls, and so connections, at once. */
  readonly maxInFlight: number
  /** Instead of a pool of its own. Its owner closes it, and limits how long a reply may be. */
  readonly dispatcher?: Dispatcher
  readonly traceHeaders?: TraceHeaders
}

/** What one of the SDK's clients differs in. */
export interface AiProtocol extends Protocol {
  /** Those whose schema can't say what the smallest and the largest number are. */
  readonly withoutBounds: readonly Format[]
  /** Kept out of every message, should the provider repeat it. */
  readonly secret: string | undefined
  /** Of every call, in the place of the SDK's; undefined sends none of that name. */
  readonly headers: Readonly<Record<string, string | undefined>>
  /** Loads the SDK's client, which makes its calls by this `fetch`. */
  load(fetch: typeof globalThis.fetch): Promise<(modelName: string) => AiModel>
  /** What has this format enforced. */
  form(format: Format, schema: JsonSchema): AnswerForm
  /** The answer in the way that all others give it. */
  readAnswer?(answer: HttpAnswer): HttpAnswer
  /** @param ask gets what is at a path behind the base URL; throws where the provider answers with no success */
  listModels(ask: (path: string) => Promise<ProviderAnswer>): Promise<readonly ProviderModel[]>
}

export type AiModel = Parameters<typeof wrapLanguageModel>[0]['model']

/**
 * A protocol that the Vercel AI SDK speaks. The SDK is loaded with the first call, so that who needs none of it
 * does not wait for it.
 */
export function createAiClient(settings: AiSettings, protocol: AiProtocol): ProviderClient {
  return new AiClient(settings, protocol)
}

class AiClient implements ProviderClient {
  readonly formats: readonly Format[]
  readonly parameters: ParameterNames
  readonly tokenLimitNames: readonly string[]
  readonly #name: string
  readonly #basePath: string
  readonly #protocol: AiProtocol
  readonly #connection: HttpConnection
  #sdk: Promise<Sdk> | undefined

  constructor(settings: AiSettings, protocol: AiProtocol) {
    this.formats = protocol.formats
    this.parameters = protocol.parameters
    this.tokenLimitNames = protocol.tokenLimitNames
    this.#name = settings.name
    this.#basePath = new URL(settings.baseUrl).pathname.replace(/\/+$/, '')
    this.#protocol = protocol
    this.#connection = new HttpConnection(settings)
  }

  async complete(request: ModelRequest, form: RequestForm, signal: AbortSignal): Promise<ProviderReply> {
    this.#sdk ??= this.#load()
    const { generateText, wrapLanguageModel, modelOf } = await this.#sdk
    const hasBounds = form.hasBounds && !this.#protocol.withoutBounds.includes(form.format)
    const answerForm = this.#protocol.form(form.format, responseSchema(request.output, hasBounds))
    const toolCalls: ToolCall[] = []
    const { tools } = request
    try {
      const model = wrapLanguageModel({
        model: modelOf(request.modelName),
        middleware:
          tools === undefined ? enforceForm(answerForm) : offerTools(tools, toolCalls, idsOf(request)),
      })
      const reply = await generateText({
        model,
        messages: aiMessages(form.hasSystemRole ? request.messages : withoutSystemRole(request.messages)),
        allowSystemInMessages: true,
        ...this.#settings(request, form),
        // Retries are not this client's.
        maxRetries: 0,
        telemetry: { isEnabled: false },
        abortSignal: signal,
      })
      if (toolCalls.length === 0 && isEmpty(reply))
        throw this.#unreadable({ status: 200, headers: {}, body: '' }, 'a reply without a message')
      const isUnbounded = request.output.type === 'REGRESSION' && hasBounds !== form.hasBounds
      const format = tools === undefined ? form.format : 'text'
      return {
        ...readAiReply(reply, format, isUnbounded ? ['bounds'] : []),
        ...(toolCalls.length > 0 && { toolCalls }),
      }
    } catch (error) {
      signal.throwIfAborted()
      throw readSdkFailure(error, (answer, problem) => this.#unreadable(answer, problem))
    }
  }

  listModels(signal: AbortSignal): Promise<readonly ProviderModel[]> {
    const headers = this.#headers({ accept: 'application/json' })
    return this.#protocol.listModels((path) =>
      this.#ask({ method: 'GET', path: `${this.#basePath}${path}`, headers, body: null }, signal),
    )
  }

  #settings({ sampling, maxOutputTokens }: ModelRequest, form: RequestForm): CallSettings {
    const limit =
      form.tokenLimit < this.tokenLimitNames.length
        ? { maxOutputTokens: Math.min(maxOutputTokens, form.mostOutputTokens ?? Infinity) }
        : {}
    if (sampling === undefined) return { ...limit, ...(form.hasZeroTemperature && { temperature: 0 }) }
    return {
      ...limit,
      ...(form.hasTemperature && { temperature: sampling.temperature }),
      ...(form.hasSeed && this.parameters.seed !== undefined && { seed: sampling.seed }),
    }
  }

  async #load(): Promise<Sdk> {
    const [{ generateText, wrapLanguageModel }, modelOf] = await Promise.all([
      import('ai'),
      this.#protocol.load((url, call) => this.#fetch(url, call)),
    ])
    // What it would print is told with each reply.
    globalThis.AI_SDK_LOG_WARNINGS = false
    return { generateText, wrapLanguageModel, modelOf }
  }

  /** As the SDK calls it: by an address, with a text. */
  async #fetch(url: Parameters<typeof fetch>[0], call: RequestInit = {}): Promise<Response> {
    const { pathname, search } = new URL(String(url))
    const headers = this.#headers(Object.fromEntries(new Headers(call.headers)))
    const body = String(call.body)
    const signal = call.signal ?? new AbortController().signal
    const answer = await this.#ask({ method: 'POST', path: `${pathname}${search}`, headers, body }, signal)
    return new Response(answer.body)
  }

  async #ask(call: HttpCall, signal: AbortSignal): Promise<ProviderAnswer> {
    const answer = this.#answer(await this.#connection.call(call, signal))
    if (answer.status >= 300) throw failureFromAnswer(answer)
    return answer
  }

  #answer(answer: HttpAnswer): ProviderAnswer {
    const { secret, readAnswer } = this.#protocol
    return { provider: this.#name, secret, ...(readAnswer?.(answer) ?? answer) }
  }

  #unreadable(answer: HttpAnswer, problem: string): ModelFailure {
    return failureFromReply(this.#answer(answer), problem)
  }

  #headers(ofSdk: Readonly<Record<string, string>>): Record<string, string> {
    const headers = Object.entries({ ...ofSdk, ...this.#protocol.headers })
    return Object.fromEntries(
      headers.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
    )
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#connection[Symbol.asyncDispose]()
  }
}

interface Sdk extends Pick<typeof import('ai'), 'generateText' | 'wrapLanguageModel'> {
  readonly modelOf: (modelName: string) => AiModel
}

type CallSettings = Pick<Parameters<typeof generateText>[0], 'maxOutputTokens' | 'temperature' | 'seed'>
