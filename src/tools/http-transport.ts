import { setTimeout as delay } from 'node:timers/promises'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import type { FetchLike } from '@modelcontextprotocol/sdk/shared/transport.js'
import { type JSONRPCMessage, JSONRPCMessageSchema } from '@modelcontextprotocol/sdk/types.js'
import { Agent, fetch } from 'undici'

export interface HttpSettings {
  readonly url: string
  /** Of each request. */
  readonly headers: Readonly<Record<string, string>>
}

const maxResponseBytes = 16 * 1024 * 1024

const endSessionMs = 1000

/** Code of JSON-RPC for a connection that closed, as the SDK gives it too. */
const connectionClosed = -32000

/**
 * Speaks MCP over streamable HTTP. Beyond what the SDK's transport does, the stream of a request ends when the request
 * is cancelled, and a stream that breaks fails its request at once.
 */
export class HttpTransport extends StreamableHTTPClientTransport {
  readonly #agent: Agent
  readonly #streams: Map<unknown, AbortController>
  #closing: Promise<void> | undefined

  constructor({ url, headers }: HttpSettings) {
    const agent = new Agent({
      connect: { timeout: 10_000 },
      // Calls have limits of their own; the stream of notifications may be silent for days.
      headersTimeout: 0,
      bodyTimeout: 0,
      maxResponseSize: maxResponseBytes,
    })
    const streams = new Map<unknown, AbortController>()
    super(new URL(url), {
      requestInit: { headers: { ...headers } },
      // A request is never sent twice, and a list of tools is not kept for long.
      reconnectionOptions: {
        initialReconnectionDelay: 1000,
        maxReconnectionDelay: 1000,
        reconnectionDelayGrowFactor: 1,
        maxRetries: 0,
      },
      fetch: (target, init) => this.#fetch(target, init),
    })
    this.#agent = agent
    this.#streams = streams
  }

  override close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  async #close(): Promise<void> {
    const waiting = new AbortController()
    const timeUp = delay(endSessionMs, undefined, { signal: waiting.signal })
    // A server that can't be told forgets the session by itself.
    await Promise.race([this.terminateSession(), timeUp]).catch(() => undefined)
    waiting.abort()
    timeUp.catch(() => undefined)
    await super.close()
    await this.#agent.destroy()
  }

  async #fetch(target: string | URL, init: RequestInit = {}): ReturnType<FetchLike> {
    const sent = readMessage(init.body)
    if (sent === undefined || !('method' in sent)) return this.#send(target, init)
    if ('id' in sent) return this.#fetchReply(sent.id, target, init)
    const response = await this.#send(target, init)
    if (sent.method === 'notifications/cancelled') {
      this.#streams.get((sent.params as { requestId?: unknown } | undefined)?.requestId)?.abort()
    }
    return response
  }

  async #fetchReply(id: string | number, target: string | URL, init: RequestInit): ReturnType<FetchLike> {
    const cancelled = new AbortController()
    const closing = init.signal ?? undefined
    const abort = (): void => cancelled.abort(closing?.reason)
    closing?.addEventListener('abort', abort)
    this.#streams.set(id, cancelled)
    const over = (): void => {
      closing?.removeEventListener('abort', abort)
      this.#streams.delete(id)
    }
    try {
      const response = await this.#send(target, { ...init, signal: cancelled.signal })
      if (/^text\/event-stream/i.test(response.headers.get('content-type') ?? '')) {
        return watchStream(response, () => {
          over()
          this.#fail(id)
        })
      }
      over()
      return response
    } catch (error) {
      over()
      throw error
    }
  }

  /** Ends a request whose answer can't come any more. The SDK passes over one that was answered. */
  #fail(id: string | number): void {
    const error = { code: connectionClosed, message: 'Connection closed' }
    // An answer that is still on its way through the SDK comes first.
    setImmediate(() => this.onmessage?.({ jsonrpc: '2.0', id, error }))
  }

  async #send(target: string | URL, init: RequestInit): Promise<Response> {
    const { method, headers, body, signal } = init
    const response = await fetch(target, {
      method: method ?? 'GET',
      headers: [...new Headers(headers)],
      ...(typeof body === 'string' && { body }),
      ...(signal && { signal }),
      // The SDK follows what stays within the origin: secrets go to nobody else.
      redirect: 'manual',
      dispatcher: this.#agent,
    })
    return response as unknown as Response
  }
}

/** The same response, with a call when its stream is over, however that came. */
function watchStream({ body, status, headers }: Response, over: () => void): Response {
  async function* chunks(): AsyncGenerator<Uint8Array> {
    try {
      if (body !== null) yield* body
    } finally {
      over()
    }
  }
  return new Response(ReadableStream.from(chunks()), { status, headers })
}

function readMessage(body: unknown): JSONRPCMessage | undefined {
  if (typeof body !== 'string') return undefined
  return JSONRPCMessageSchema.safeParse(JSON.parse(body)).data
}
