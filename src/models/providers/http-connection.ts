import type { Dispatcher } from 'undici'
import { failureFromNetwork } from '../provider-error.ts'
import { Pool } from './undici-pool.ts'
import { callForWhole, type HttpAnswer } from './whole-answer.ts'

export type { HttpAnswer }

export interface HttpCall {
  readonly method: 'GET' | 'POST'
  /** With the path of the base URL, and the query. */
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | null
}

interface HttpConnectionSettings {
  /** Of the provider, for messages. */
  readonly name: string
  readonly baseUrl: string
  /** Calls, and so connections, at once. */
  readonly maxInFlight: number
  /** Instead of a pool of its own. Its owner closes it, and limits how long a reply may be. */
  readonly dispatcher?: Dispatcher
  /** Headers that say which trace a call belongs to, where there is one. */
  readonly traceHeaders?: TraceHeaders
}

export type TraceHeaders = () => Readonly<Record<string, string>>

const maxReplyBytes = 8_388_608
/** An idle connection is kept longer than undici's 4 s: opening one anew costs a TLS handshake. */
const keepAliveMs = 30_000

/** Kept-alive connections to one provider. Redirects are not followed: a key goes to no other address. */
export class HttpConnection implements AsyncDisposable {
  readonly #name: string
  readonly #origin: string
  readonly #dispatcher: Dispatcher
  readonly #isOwner: boolean
  readonly #traceHeaders: TraceHeaders | undefined

  constructor({ name, baseUrl, maxInFlight, dispatcher, traceHeaders }: HttpConnectionSettings) {
    this.#name = name
    this.#origin = new URL(baseUrl).origin
    this.#traceHeaders = traceHeaders
    this.#isOwner = dispatcher === undefined
    this.#dispatcher = dispatcher ?? openPool(this.#origin, maxInFlight)
  }

  /** Throws a `ModelFailure` where no whole answer came, or the signal's reason. */
  async call({ method, path, headers: own, body }: HttpCall, signal: AbortSignal): Promise<HttpAnswer> {
    const headers = this.#traceHeaders === undefined ? own : { ...own, ...this.#traceHeaders() }
    try {
      const origin = this.#origin
      return await callForWhole(this.#dispatcher, { origin, path, method, headers, body }, signal)
    } catch (error) {
      signal.throwIfAborted()
      throw failureFromNetwork(this.#name, error)
    }
  }

  /** Calls that are still under way are broken off. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#isOwner) await this.#dispatcher.destroy()
  }
}

function openPool(origin: string, connections: number): Dispatcher {
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

/** Of a call with JSON in both ways, with the key where there is one. */
export function jsonHeaders(apiKey: string | undefined): Readonly<Record<string, string>> {
  return {
    'content-type': 'application/json',
    accept: 'application/json',
    ...(apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` }),
  }
}
