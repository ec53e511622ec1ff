import type { Readable } from 'node:stream'
import { Agent, type Dispatcher } from 'undici'
import { AssizeError } from '../errors.ts'
import type { Io } from './commands.ts'
import { RemoteError } from './remote-error.ts'
import { findRemoteKey } from './remote-key.ts'
import { UsageError } from './usage-error.ts'

/** Where the paths of the API begin. */
export const apiPath = '/v1/observability'

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE'

export interface RemoteAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  /** What its JSON says; undefined where there is none. */
  // biome-ignore lint/suspicious/noExplicitAny: the caller knows the call's answer
  readonly body: any
}

interface CallOptions {
  /** Sent as JSON. */
  readonly json?: unknown
  /** Sent as it is, with its own content type among the headers; the server may take its time with it. */
  readonly upload?: Readable
  readonly headers?: Readonly<Record<string, string>>
}

/** A server of Assize, called with one key. Paths begin with a slash, and may hold a query. */
export interface Remote extends AsyncDisposable {
  /** Without a slash at its end. */
  readonly url: string
  /** @throws RemoteError for every answer but a success; the stop signal's reason */
  call(method: Method, path: string, options?: CallOptions): Promise<RemoteAnswer>
  /** The answer's body as it comes. Throws as `call` does. */
  download(path: string, headers?: Readonly<Record<string, string>>): Promise<Readable>
  /** All items of a list, page after page: `list('/v1/observability/judges', 'judges')`. Throws as `call` does. */
  // biome-ignore lint/suspicious/noExplicitAny: the caller knows the list's items
  list(path: string, plural: string): AsyncGenerator<any>
}

/**
 * Gets ready to call a server; the first call will tell whether it is there.
 * @param url of the server, with or without a path in front of the API's own
 * @param signal ends the calls under way
 * @throws UsageError where the URL or the key can't be used
 */
export async function openRemote(
  { url, keyFile }: { readonly url: string; readonly keyFile?: string | undefined },
  io: Io,
  signal: AbortSignal = io.stop,
): Promise<Remote> {
  const base = readUrl(url)
  const key = await findRemoteKey(base, keyFile, io)
  const dispatcher = new Agent({ connections: 8, allowH2: false, bodyTimeout: quietMs })
  const server: Server = { base: base.href.replace(/\/$/, ''), key, dispatcher, signal }
  return {
    url: server.base,
    call: (method, path, options) => call(server, method, path, options),
    download: async (path, headers) => (await send(server, 'GET', path, { headers: headers ?? {} })).body,
    list: (path, plural) => listPages((page) => call(server, 'GET', page), path, plural),
    [Symbol.asyncDispose]: () => dispatcher.destroy(),
  }
}

/** How long a server may say nothing in the midst of an answer: in the midst of events it speaks from time to time. */
const quietMs = 120_000

interface Server {
  readonly base: string
  readonly key: string
  readonly dispatcher: Dispatcher
  readonly signal: AbortSignal
}

function readUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.search !== '' || url.hash !== '') {
    throw new UsageError(
      `--server is ${JSON.stringify(text)}; expected an address like http://127.0.0.1:4800.`,
    )
  }
  if (url.username === '' && url.password === '') return url
  throw new UsageError('--server holds a user or password; a server wants a key, which --key-file holds.')
}

async function call(
  server: Server,
  method: Method,
  path: string,
  options: CallOptions = {},
): Promise<RemoteAnswer> {
  const answer = await send(server, method, path, options)
  const text = await readAll(server, answer)
  if (text === '') return { status: answer.statusCode, headers: answer.headers, body: undefined }
  try {
    return { status: answer.statusCode, headers: answer.headers, body: JSON.parse(text) }
  } catch (cause) {
    const message = `${server.base} answered ${method} ${path} with no JSON; is it an Assize?`
    throw new RemoteError(message, { cause, status: answer.statusCode })
  }
}

/**
 * All items of a list of the API, page after page.
 * @param get calls with a path, and gives the answer
 */
export async function* listPages(
  get: (path: string) => Promise<RemoteAnswer>,
  path: string,
  plural: string,
): AsyncGenerator<unknown> {
  const question = path.includes('?') ? '&' : '?'
  for (let next: string | null = `${path}${question}page_size=100`; next !== null; ) {
    const { body } = await get(next)
    yield* body[plural].results
    next = body[plural].next
  }
}

/** Sends a call, and gives the answer once it is known to be a success. Redirects are not followed: a key goes to no other address. */
async function send(
  server: Server,
  method: Method,
  path: string,
  { json, upload, headers = {} }: CallOptions,
): Promise<Dispatcher.ResponseData> {
  const { origin, pathname } = new URL(server.base)
  const answer = await unlessUnreachable(server, () =>
    server.dispatcher.request({
      origin,
      path: pathname.replace(/\/$/, '') + path,
      method,
      headers: {
        authorization: `Bearer ${server.key}`,
        ...(json !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      body: upload ?? (json === undefined ? null : JSON.stringify(json)),
      ...(upload && { headersTimeout: 0 }),
      signal: server.signal,
    }),
  )
  if (answer.statusCode < 300) return answer
  const { message, errorCode } = readFault(await readAll(server, answer))
  const code = errorCode === null ? '' : ` (${errorCode})`
  throw new RemoteError(
    `${server.base} answered ${answer.statusCode} to ${method} ${path}${code}: ${message}`,
    {
      status: answer.statusCode,
      errorCode,
    },
  )
}

function readAll(server: Server, answer: Dispatcher.ResponseData): Promise<string> {
  return unlessUnreachable(server, () => answer.body.text())
}

async function unlessUnreachable<Result>(
  { base, signal }: Server,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work()
  } catch (cause) {
    signal.throwIfAborted()
    // What is uploaded may be at fault itself.
    if (cause instanceof AssizeError) throw cause
    const { code, message } = cause as NodeJS.ErrnoException
    const why = code === 'ECONNREFUSED' ? 'nothing listens there' : message || code
    throw new RemoteError(`${base} can't be reached: ${why}.`, { cause })
  }
}

const longestShown = 500

/** What an error body says; of what is no error of Assize, its beginning. */
function readFault(text: string): { readonly message: string; readonly errorCode: string | null } {
  try {
    const { detail } = JSON.parse(text)
    if (typeof detail.message === 'string') {
      return { message: detail.message, errorCode: detail.error_code ?? null }
    }
  } catch {
    // Something between here and the server may have answered in its stead.
  }
  const shown = text
    .replace(/[\p{C}\s]+/gu, ' ')
    .trim()
    .slice(0, longestShown)
  return { message: shown === '' ? 'it says no more.' : shown, errorCode: null }
}
