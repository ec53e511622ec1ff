import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text as readAll } from 'node:stream/consumers'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'
import { type Behaviour, behaviours, type Case, type WireAnswer } from './mixed-behaviours.ts'

export interface MixedProvider extends AsyncDisposable {
  /** Without a path. */
  readonly url: string
  /** Calls so far, those that taught what a model takes left out. */
  readonly calls: () => number
  readonly refusals: () => number
  /** Calls that the provider has not answered, and whose client has not gone. */
  readonly callsInFlight: () => number
  readonly openConnections: () => Promise<number>
}

const names = Object.keys(behaviours)
export const options = ['approved', 'rejected', 'cannot_tell'] as const

/** What the n-th conversation is about: behaviours take turns, answers and outputs change with each round. */
export function caseOf(id: number): Case & { readonly name: string; readonly behaviour: Behaviour } {
  const name = names[id % names.length] ?? 'plain'
  const round = Math.floor(id / names.length)
  const isNumber = round % 2 === 1
  const pick = (id * 7 + round) % 3
  return {
    id,
    isNumber,
    right: isNumber ? pick + 2 : (options[pick] ?? 'approved'),
    wrong: isNumber ? ((pick + 1) % 3) + 2 : (options[(pick + 1) % 3] ?? 'approved'),
    name,
    behaviour: behaviours[name] as Behaviour,
  }
}

/** What a model refuses of a request, by a word in its name. */
const refusals: Readonly<Record<string, (body: RequestBody) => string | undefined>> = {
  schemaless: ({ response_format: format, tools }) => {
    if (tools !== undefined) return "Unsupported parameter: 'tools' is not supported with this model."
    if (format?.type !== 'json_schema') return undefined
    return "Invalid parameter: 'response_format' of type 'json_schema' is not supported with this model."
  },
  cold: ({ temperature }) =>
    temperature === undefined
      ? undefined
      : "Unsupported value: 'temperature' does not support 0 with this model. Only the default (1) value is supported.",
  renamed: ({ max_tokens: limit }) =>
    limit === undefined
      ? undefined
      : "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
}

/** What judges of these conversations may name as their model. */
export const modelNames = ['frank', ...Object.keys(refusals)]

interface RequestBody {
  readonly model: string
  readonly messages: readonly { readonly content: string }[]
  readonly response_format?: { readonly type: string }
  readonly tools?: unknown
  readonly temperature?: number
  readonly max_tokens?: number
  readonly max_completion_tokens?: number
}

/** A provider that does everything that providers do, and knows of each conversation how it must be judged. */
export async function startMixedProvider(): Promise<MixedProvider> {
  const turns = new Map<number, number>()
  const closing = new AbortController()
  let [calls, refused, inFlight] = [0, 0, 0]

  async function handle(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    inFlight += 1
    outgoing.once('close', () => {
      inFlight -= 1
    })
    const body = JSON.parse(await readAll(incoming)) as RequestBody
    const refusal = refusals[body.model]?.(body)
    if (refusal !== undefined) {
      refused += 1
      const error = { message: refusal, type: 'invalid_request_error', param: null, code: null }
      outgoing.writeHead(400, { 'content-type': 'application/json' }).end(JSON.stringify({ error }))
      return
    }
    calls += 1
    const id = Number(
      /conversation number (\d+)/.exec(body.messages.map(({ content }) => content).join())?.[1],
    )
    const one = caseOf(id)
    const turn = turns.get(id) ?? 0
    turns.set(id, turn + 1)
    const maxTokens = body.max_completion_tokens ?? body.max_tokens ?? 0
    await send(one.behaviour.answer(one, turn, maxTokens), incoming, outgoing, closing.signal)
  }

  const server = createServer((incoming, outgoing) => {
    handle(incoming, outgoing).catch(() => incoming.socket.destroy())
  })
  server.keepAliveTimeout = 60_000
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls: () => calls,
    refusals: () => refused,
    callsInFlight: () => inFlight,
    openConnections: () => promisify(server.getConnections.bind(server))(),
    async [Symbol.asyncDispose]() {
      closing.abort()
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

async function send(
  { status = 200, headers = {}, body = '', cuts, stalls, drips }: WireAnswer,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  closing: AbortSignal,
): Promise<void> {
  if (cuts === 'before') incoming.socket.destroy()
  if (cuts === 'before' || stalls === 'before') return
  const bytes = Buffer.from(body)
  const half = Math.ceil(bytes.length / 2)
  outgoing.writeHead(status, {
    'content-type': 'application/json',
    'content-length': stalls === undefined ? bytes.length : bytes.length + 100,
    ...headers,
  })
  if (cuts === 'middle') {
    outgoing.write(bytes.subarray(0, half), () => incoming.socket.destroy())
  } else if (stalls === 'middle') {
    outgoing.write(bytes)
  } else if (drips !== undefined) {
    const size = Math.ceil(bytes.length / drips)
    for (let at = 0; at < bytes.length && !outgoing.destroyed; at += size) {
      outgoing.write(bytes.subarray(at, at + size))
      await delay(10, undefined, { signal: closing })
    }
    outgoing.end()
  } else {
    outgoing.end(bytes)
  }
}
