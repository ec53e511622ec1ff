import { createWriteStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import type { PartFile, PartOrigin } from './part-file.ts'

export interface HubFile {
  readonly repo: string
  readonly file: string
}

export interface HubFetchOptions {
  readonly hubUrl: string
  readonly fetch: typeof fetch
  readonly signal: AbortSignal
  /** How long the hub may take to answer, and then to send anything more, before it counts as unreachable. */
  readonly timeoutMs: number
  readonly onBytes: (receivedBytes: number, totalBytes: number | undefined) => void
}

/** What the hub says of a file before it is downloaded. */
export interface HubDescription {
  readonly sizeBytes: number | undefined
  readonly sha256: string | undefined
}

const mostBreaks = 5

/**
 * Downloads a file of a model hub into the part, going on from what the part holds of the same version.
 * @throws Error that says why it did not work; what has come by then stays in the part.
 */
export async function fetchFromHub(
  { repo, file }: HubFile,
  part: PartFile,
  options: HubFetchOptions,
): Promise<HubDescription> {
  const url = `${options.hubUrl}/${repo}/resolve/main/${file.split('/').map(encodeURIComponent).join('/')}`
  const { version, ...description } = await describe(url, options)
  let breaks = 0
  for (;;) {
    const before = await part.sizeBytes()
    try {
      await fetchRest(url, version, description.sizeBytes, part, options)
      return description
    } catch (error) {
      options.signal.throwIfAborted()
      const hasCome = (await part.sizeBytes()) > before
      breaks = hasCome ? 0 : breaks + 1
      if (error instanceof HubRefusal || (breaks > 0 && before === 0) || breaks >= mostBreaks) throw error
      await sleep(options.timeoutMs / 30, undefined, { signal: options.signal })
    }
  }
}

/** An answer that asking again would not change. */
class HubRefusal extends Error {
  override readonly name = 'HubRefusal'
}

async function describe(
  url: string,
  options: HubFetchOptions,
): Promise<HubDescription & { readonly version: string }> {
  const response = await headOfHub(url, options)
  const etag = response.headers.get('x-linked-etag') ?? response.headers.get('etag')
  const version = etag?.replace(/^W\//, '').replaceAll('"', '') ?? ''
  const isRedirect = response.status >= 300
  const size =
    response.headers.get('x-linked-size') ?? (isRedirect ? null : response.headers.get('content-length'))
  return {
    version,
    sizeBytes: size === null ? undefined : Number(size),
    sha256: /^[0-9a-f]{64}$/.test(version) ? version : undefined,
  }
}

/** The hub's own answer has the hash; the place that it sends on to for the bytes does not. */
async function headOfHub(url: string, options: HubFetchOptions): Promise<Response> {
  using watched = watch(options)
  let at = url
  for (let moves = 0; ; moves += 1) {
    const response = await reach(at, { method: 'HEAD', redirect: 'manual', signal: watched.signal }, options)
    refuseFailure(response, at)
    const next = new URL(response.headers.get('location') ?? at, at)
    const isRenamed = next.origin === new URL(url).origin && next.href !== at
    if (response.headers.has('x-linked-etag') || !isRenamed || moves >= mostBreaks) return response
    at = next.href
  }
}

async function fetchRest(
  url: string,
  version: string,
  sizeBytes: number | undefined,
  part: PartFile,
  options: HubFetchOptions,
): Promise<void> {
  const origin = await part.origin()
  const isSame = origin !== undefined && origin.url === url && origin.version === version && version !== ''
  const start = isSame ? await part.sizeBytes() : 0
  if (start > 0 && start === sizeBytes) return
  using watched = watch(options)
  const headers = start > 0 ? resumeHeaders(start, origin) : {}
  const response = await reach(url, { headers, signal: watched.signal }, options)
  if (response.status === 416) {
    await part.remove()
    throw new Error(`the part that is there does not belong to ${url}`)
  }
  refuseFailure(response, url)
  const isRest =
    response.status === 206 && response.headers.get('content-range')?.startsWith(`bytes ${start}-`)
  const etag = response.headers.get('etag')
  if (!isRest) await part.beginFrom({ url, version, ...(etag === null ? {} : { etag }) })
  await receive(response, part, isRest ? start : 0, sizeBytes, watched, options)
}

function resumeHeaders(start: number, origin: PartOrigin | undefined): Record<string, string> {
  const etag = origin?.etag
  const isStrong = etag !== undefined && !etag.startsWith('W/')
  return { range: `bytes=${start}-`, ...(isStrong ? { 'if-range': etag } : {}) }
}

async function receive(
  response: Response,
  part: PartFile,
  start: number,
  sizeBytes: number | undefined,
  watched: Watched,
  options: HubFetchOptions,
): Promise<void> {
  if (response.body === null) throw new Error('the hub sent nothing')
  const length = response.headers.get('content-length')
  const totalBytes = sizeBytes ?? (length === null ? undefined : start + Number(length))
  let receivedBytes = start
  const counted = async function* (chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of chunks) {
      watched.hasHeard()
      yield chunk
      receivedBytes += chunk.length
      options.onBytes(receivedBytes, totalBytes)
    }
  }
  const sink = createWriteStream(part.path, { flags: start > 0 ? 'a' : 'w' })
  await pipeline(Readable.fromWeb(response.body), counted, sink, { signal: watched.signal })
  if (totalBytes !== undefined && receivedBytes < totalBytes) {
    throw new Error(`the connection ended after ${receivedBytes} of ${totalBytes} bytes`)
  }
}

interface Watched extends Disposable {
  readonly signal: AbortSignal
  hasHeard(): void
}

function watch({ signal, timeoutMs }: HubFetchOptions): Watched {
  const silence = new AbortController()
  const giveUp = (): void => silence.abort(new Error(`nothing came for ${timeoutMs / 1000} s`))
  const timer = setTimeout(giveUp, timeoutMs)
  return {
    signal: AbortSignal.any([signal, silence.signal]),
    hasHeard: () => timer.refresh(),
    [Symbol.dispose]: () => clearTimeout(timer),
  }
}

async function reach(url: string, init: RequestInit, options: HubFetchOptions): Promise<Response> {
  try {
    return await options.fetch(url, init)
  } catch (error) {
    options.signal.throwIfAborted()
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new Error(`${new URL(url).host} can't be reached: ${reason}`, { cause: error })
  }
}

function refuseFailure(response: Response, url: string): void {
  if (response.status < 400) return
  const hint =
    response.status === 401 || response.status === 403
      ? '; the repository does not exist, or wants a licence to be accepted first'
      : ''
  const message = `${url} answered ${response.status}${hint}`
  throw response.status === 429 || response.status >= 500 ? new Error(message) : new HubRefusal(message)
}
