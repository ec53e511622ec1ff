import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'

export interface ScriptedAnswer {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  /** An object is sent as JSON, text and bytes as they are; left out: a valid judgment. */
  readonly body?: unknown
  readonly delayMs?: number
  /** Breaks the connection instead of answering. */
  readonly breaks?: boolean
  /** Never answers. */
  readonly hangs?: boolean
}

export interface ProviderRequest {
  readonly path: string
  readonly headers: IncomingHttpHeaders
  // biome-ignore lint/suspicious/noExplicitAny: tests read what they expect to be there
  readonly body: any
  /** Whether the client went away before it was answered. */
  wasAbandoned: boolean
}

export interface ProviderServer extends AsyncDisposable {
  /** With `/v1`. */
  readonly baseUrl: string
  readonly requests: ProviderRequest[]
  /** Calls for the list of models. */
  readonly listRequests: ProviderRequest[]
  /** Calls under way at once, at most so far. */
  readonly mostInFlight: () => number
  /** Connections that are open. */
  readonly openConnections: () => Promise<number>
  /** Connections that were opened so far. */
  readonly connectionsSoFar: () => number
  /** Answers in this order; after the last, valid judgments. */
  script(...answers: (ScriptedAnswer | ((request: ProviderRequest) => ScriptedAnswer))[]): void
  /** What is answered when there is no script left. */
  always(answer: ScriptedAnswer): void
  /** What a call for the list of models is answered. */
  alwaysList(answer: ScriptedAnswer): void
}

/** A model provider on this machine that speaks the chat-completions protocol and says what it is told. */
export async function startProviderServer(port = 0): Promise<ProviderServer> {
  const requests: ProviderRequest[] = []
  const listRequests: ProviderRequest[] = []
  const closing = new AbortController()
  let answers: Parameters<ProviderServer['script']> = []
  let usual: ScriptedAnswer = {}
  let connections = 0
  let usualList: ScriptedAnswer = { body: models }
  let inFlight = 0
  let mostInFlight = 0

  async function handle(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const request: ProviderRequest = {
      path: incoming.url ?? '',
      headers: incoming.headers,
      body: await readBody(incoming),
      wasAbandoned: false,
    }
    inFlight += 1
    mostInFlight = Math.max(mostInFlight, inFlight)
    outgoing.on('close', () => {
      inFlight -= 1
      request.wasAbandoned = !outgoing.writableFinished
    })
    const isList = request.path.split('?')[0]?.endsWith('/models') === true
    ;(isList ? listRequests : requests).push(request)
    const next = isList ? usualList : (answers.shift() ?? usual)
    const answer = typeof next === 'function' ? next(request) : next
    if (answer.delayMs !== undefined) await delay(answer.delayMs, undefined, { signal: closing.signal })
    if (answer.hangs) return
    if (answer.breaks) incoming.socket.destroy()
    else send(outgoing, { body: isList ? models : judgmentFor(request.body), ...answer })
  }

  const server = createServer((incoming, outgoing) => {
    handle(incoming, outgoing).catch(() => incoming.socket.destroy())
  })
  server.on('connection', () => {
    connections += 1
  })
  server.keepAliveTimeout = 60_000
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    requests,
    listRequests,
    mostInFlight: () => mostInFlight,
    connectionsSoFar: () => connections,
    openConnections: () => promisify(server.getConnections.bind(server))(),
    script: (...scripted) => {
      answers = scripted
    },
    always: (answer) => {
      usual = answer
    },
    alwaysList: (answer) => {
      usualList = answer
    },
    async [Symbol.asyncDispose]() {
      closing.abort()
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

async function readBody(incoming: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = []
  for await (const chunk of incoming) chunks.push(chunk)
  const text = Buffer.concat(chunks).toString()
  return text === '' ? undefined : JSON.parse(text)
}

function send(outgoing: ServerResponse, { status = 200, headers = {}, body }: ScriptedAnswer): void {
  const text = typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body)
  outgoing.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
    ...headers,
  })
  outgoing.end(text)
}

const models = {
  object: 'list',
  data: [
    {
      id: 'judge-small',
      object: 'model',
      created: 1_700_000_000,
      owned_by: 'tests',
      max_context_length: 32_768,
    },
    {
      id: 'embed-small',
      object: 'model',
      created: 1_700_000_000,
      owned_by: 'tests',
      capabilities: { completion_chat: false },
    },
  ],
}

/** The first option, or the smallest number, of the schema that the request carries, or of its prompt. */
// biome-ignore lint/suspicious/noExplicitAny: whatever the request holds
function judgmentFor(body: any): unknown {
  const tool = body?.tool_choice === undefined ? undefined : body.tools?.[0]?.function
  const schema = body?.response_format?.json_schema?.schema ?? tool?.parameters
  const answer = schema?.properties?.answer
  const judgment = JSON.stringify({
    analysis: 'As the test says.',
    answer: answer?.enum?.[0] ?? answer?.minimum ?? answerInPrompt(body),
  })
  if (tool === undefined) return chatReply(judgment)
  const call = { id: 'call_1', type: 'function', function: { name: tool.name, arguments: judgment } }
  return chatReply(null, { message: { role: 'assistant', content: null, tool_calls: [call] } })
}

// biome-ignore lint/suspicious/noExplicitAny: whatever the request holds
function answerInPrompt(body: any): unknown {
  const prompt = JSON.stringify(body?.messages ?? []).replaceAll('\\"', '"')
  const [, option] = /- "((?:[^"\\])*)": /.exec(prompt) ?? []
  const [, smallest] = /a number from (\d+(?:\.\d+)?) to /.exec(prompt) ?? []
  return option ?? (smallest === undefined ? 'approved' : Number(smallest))
}

/** A chat completion that says this. */
function chatReply(content: unknown, choice: Readonly<Record<string, unknown>> = {}): unknown {
  return {
    id: 'cmpl-1',
    object: 'chat.completion',
    created: 1_700_000_000,
    model: 'judge-small',
    choices: [{ index: 0, message: { role: 'assistant', content }, finish_reason: 'stop', ...choice }],
    usage: { prompt_tokens: 120, completion_tokens: 24, total_tokens: 144 },
  }
}
