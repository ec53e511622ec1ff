import type { IncomingHttpHeaders } from 'node:http'
import { Agent, type Dispatcher } from 'undici'
import { z } from 'zod'
import type { Tool, ToolResult } from '../../judging/tool.ts'
import { checkedCall, failure } from './checked-call.ts'
import { type AddressRules, notPublicMessage, PageError, readPageAddress } from './page-address.ts'
import { decodePage } from './page-charset.ts'
import { cutCharacters, textOfHtml, titleOfHtml } from './page-text.ts'
import { AddressNotPublic, createPublicConnector, type PublicConnectorSettings } from './public-connector.ts'
import { acceptedEncodings, readBody } from './read-body.ts'

export interface FetchUrlSettings extends AddressRules, PublicConnectorSettings {
  /** Of a page, after decompression; 1 MiB unless given. */
  readonly maxBytes?: number | undefined
  /** Of a page's text, which is cut there; 20,000 unless given. */
  readonly maxTextCharacters?: number | undefined
  /** Of a whole call, redirects included; 20 s unless given. */
  readonly timeoutMs?: number | undefined
  /** As pages see it; `Assize` unless given. */
  readonly userAgent?: string | undefined
}

const argsSchema = z.object({ url: z.string().min(1).max(4096) })
const maxRedirects = 5
const readableTypes = /^(?:text\/[\w.+-]+|application\/(?:json|xml|[\w.-]+\+(?:json|xml)))$/
const htmlTypes = ['text/html', 'application/xhtml+xml']

/** A tool that reads a page of the public internet as text. Each call has connections of its own, which end with it. */
export function createFetchUrl(settings: FetchUrlSettings): Tool {
  return {
    name: 'fetch_url',
    servedName: 'fetch_url',
    description: 'Reads a public web page, or a text, JSON or XML document, and gives its text.',
    parameters: {
      type: 'object',
      properties: { url: { type: 'string', description: 'Where it is, like https://example.org/page' } },
      required: ['url'],
      additionalProperties: false,
    },
    call: checkedCall({
      schema: argsSchema,
      expected: '{"url": string}: an address of at most 4096 characters, like https://example.org/page',
      timeoutMs: settings.timeoutMs,
      async work({ url }, limit) {
        const connect = createPublicConnector(settings, limit)
        const agent = new Agent({ connect, allowH2: false, headersTimeout: 0, bodyTimeout: 0 })
        try {
          return await readPage(url, agent, settings, limit)
        } catch (error) {
          limit.throwIfAborted()
          return failure(messageOf(error))
        } finally {
          await agent.destroy()
        }
      },
    }),
  }
}

async function readPage(
  text: string,
  agent: Dispatcher,
  settings: FetchUrlSettings,
  signal: AbortSignal,
): Promise<ToolResult> {
  let url = readPageAddress(text, settings)
  for (let redirects = 0; ; redirects += 1) {
    const answer = await agent.request({
      origin: url.origin,
      path: url.pathname + url.search,
      method: 'GET',
      headers: {
        'user-agent': settings.userAgent ?? 'Assize',
        accept: 'text/html, application/xhtml+xml, text/*, application/json, application/xml;q=0.9',
        'accept-encoding': acceptedEncodings,
      },
      signal,
    })
    const location =
      [301, 302, 303, 307, 308].includes(answer.statusCode) && headerOf(answer.headers, 'location')
    if (!location) return await readAnswer(answer, url, settings)
    answer.body.on('error', () => undefined).destroy()
    if (redirects === maxRedirects) throw new PageError(`The page redirects more than ${maxRedirects} times.`)
    url = readPageAddress(location, settings, url)
  }
}

async function readAnswer(
  { statusCode, headers, body }: Dispatcher.ResponseData,
  url: URL,
  { maxBytes = 1_048_576, maxTextCharacters = 20_000 }: FetchUrlSettings,
): Promise<ToolResult> {
  body.on('error', () => undefined)
  try {
    if (statusCode < 200 || statusCode > 299)
      throw new PageError(`The page answered with status ${statusCode}.`)
    const contentType = headerOf(headers, 'content-type')
    const type = contentType.split(';', 1)[0]?.trim().toLowerCase() ?? ''
    if (!readableTypes.test(type)) {
      const found = type === '' ? 'without a type' : `of type ${cutCharacters(type, 100, '...')}`
      throw new PageError(`The page is ${found}; only text, HTML, JSON and XML can be read.`)
    }
    const bytes = await readBody(body, headerOf(headers, 'content-encoding'), maxBytes)
    const page = decodePage(bytes, contentType)
    const isHtml = htmlTypes.includes(type)
    const text = isHtml ? textOfHtml(page) : page.trim()
    const title = isHtml ? cutCharacters(titleOfHtml(page), 300, '...') : ''
    const ending = `\n[cut: these are the first ${maxTextCharacters} of ${text.length} characters]`
    const shown = text === '' ? '[the page has no text]' : cutCharacters(text, maxTextCharacters, ending)
    return { text: `${title && `Title: ${title}\n`}Address: ${url.href}\n\n${shown}`, isError: false }
  } finally {
    body.destroy()
  }
}

function headerOf(headers: IncomingHttpHeaders, name: string): string {
  const value = headers[name]
  return (Array.isArray(value) ? value[0] : value) ?? ''
}

/** Nothing of what the network said gets out, as it may name what is inside. */
function messageOf(error: unknown): string {
  if (error instanceof PageError) return error.message
  if (error instanceof AddressNotPublic) return notPublicMessage
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (/^(?:ENOTFOUND|EAI_|ENODATA)/.test(code)) return 'The host of the address was not found.'
  if (/CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ERR_TLS/.test(code))
    return 'The certificate of the host is not valid.'
  if (/^(?:Z_|ERR_.*BROTLI|ERR__ERROR)/.test(code)) return 'The page came in a compression that is broken.'
  return 'The page could not be read: the connection failed.'
}
