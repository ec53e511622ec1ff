import { Agent, type Dispatcher } from 'undici'
import { z } from 'zod'
import { type Tool, type ToolResult, ToolUnavailable } from '../../judging/tool.ts'
import { checkedCall, failure } from './checked-call.ts'
import { PageError } from './page-address.ts'
import { plainLine } from './page-text.ts'
import { acceptedEncodings, readBody } from './read-body.ts'

export type SearchEngine =
  /** An instance that serves `json` among its `search.formats`. */
  | { readonly kind: 'searxng'; readonly baseUrl: string }
  | { readonly kind: 'brave'; readonly apiKey: string; readonly baseUrl?: string | undefined }

export interface WebSearchSettings {
  readonly engine: SearchEngine
  /** Of one call; 10 unless given. */
  readonly maxResults?: number | undefined
  /** Of a whole call; 20 s unless given. */
  readonly timeoutMs?: number | undefined
  /** Instead of a connection of each call's own. Its owner closes it. */
  readonly dispatcher?: Dispatcher | undefined
}

const argsSchema = z.object({
  query: z.string().trim().min(1).max(400),
  count: z.int().min(1).max(10).default(5),
})
const found = z.array(z.unknown())
const searxngSchema = z.object({ results: found }).transform(({ results }) => results)
const braveSchema = z
  .object({ type: z.literal('search'), web: z.object({ results: found }).optional() })
  .transform(({ web }) => web?.results ?? [])
const resultSchema = z.object({
  title: z.string().nullish(),
  url: z.string(),
  // SearXNG's and Brave's word for the same.
  content: z.string().nullish(),
  description: z.string().nullish(),
})
const maxAnswerBytes = 4_194_304

/** A tool that searches the web by a SearXNG or by Brave, and gives titles, addresses and snippets. */
export function createWebSearch(settings: WebSearchSettings): Tool {
  return {
    name: 'web_search',
    servedName: 'web_search',
    description: 'Searches the web, and gives the title, address and a snippet of each page found.',
    parameters: {
      type: 'object',
      properties: {
        query: { type: 'string', description: 'What to search for' },
        count: { type: 'integer', minimum: 1, maximum: 10, description: 'How many results; 5 unless given' },
      },
      required: ['query'],
      additionalProperties: false,
    },
    call: checkedCall({
      schema: argsSchema,
      expected: '{"query": string of 1 to 400 characters, "count"?: whole number from 1 to 10}',
      timeoutMs: settings.timeoutMs,
      async work({ query, count }, limit) {
        const agent = settings.dispatcher ?? new Agent({ allowH2: false, headersTimeout: 0, bodyTimeout: 0 })
        const most = Math.min(count, settings.maxResults ?? 10)
        try {
          return await search(query, most, settings.engine, agent, limit)
        } finally {
          if (agent !== settings.dispatcher) await agent.destroy()
        }
      },
    }),
  }
}

async function search(
  query: string,
  count: number,
  engine: SearchEngine,
  agent: Dispatcher,
  signal: AbortSignal,
): Promise<ToolResult> {
  const { url, headers } = requestOf(query, count, engine)
  const path = url.pathname + url.search
  const answer = await agent
    .request({ origin: url.origin, path, method: 'GET', headers, signal })
    .catch(() => {
      signal.throwIfAborted()
      throw new ToolUnavailable('The search engine of web_search cannot be reached.')
    })
  answer.body.on('error', () => undefined)
  try {
    if (answer.statusCode !== 200) return failure(refusalOf(answer.statusCode, engine))
    const encoding = String(answer.headers['content-encoding'] ?? '')
    const bytes = await readBody(answer.body, encoding, maxAnswerBytes)
    const schema = engine.kind === 'brave' ? braveSchema : searxngSchema
    return listOf(query, schema.parse(JSON.parse(bytes.toString())).slice(0, count))
  } catch (error) {
    signal.throwIfAborted()
    const isUnreadable =
      error instanceof PageError || error instanceof SyntaxError || error instanceof z.ZodError
    return failure(`The search failed: its answer ${isUnreadable ? 'cannot be read' : 'broke off'}.`)
  } finally {
    answer.body.destroy()
  }
}

function requestOf(query: string, count: number, engine: SearchEngine) {
  const accepted = {
    accept: 'application/json',
    'accept-encoding': acceptedEncodings,
    'user-agent': 'Assize',
  }
  if (engine.kind === 'searxng') {
    const url = new URL(`${engine.baseUrl.replace(/\/+$/, '')}/search`)
    url.search = new URLSearchParams({ q: query, format: 'json' }).toString()
    return { url, headers: accepted }
  }
  const base = (engine.baseUrl ?? 'https://api.search.brave.com').replace(/\/+$/, '')
  const url = new URL(`${base}/res/v1/web/search`)
  url.search = new URLSearchParams({ q: query, count: String(count), text_decorations: 'false' }).toString()
  return { url, headers: { ...accepted, 'x-subscription-token': engine.apiKey } }
}

function refusalOf(status: number, { kind }: SearchEngine): string {
  if (status === 429) return 'The search failed: too many searches for now (status 429). Try again later.'
  if (status === 403 && kind === 'searxng') {
    return 'The search failed: the search engine does not serve JSON, or refuses the search (status 403).'
  }
  return `The search failed: the search engine answered with status ${status}.`
}

function listOf(query: string, results: readonly unknown[]): ToolResult {
  const lines = results
    .flatMap((result) => resultSchema.safeParse(result).data ?? [])
    .map(({ title, url, content, description }, index) => {
      const snippet = plainLine(content ?? description ?? '', 500)
      const heading = `${index + 1}. ${plainLine(title ?? '', 200) || '(no title)'}\n   ${plainUrl(url)}`
      return snippet === '' ? heading : `${heading}\n   ${snippet}`
    })
  const text = lines.length === 0 ? `Nothing was found for: ${query}` : lines.join('\n\n')
  return { text, isError: false }
}

function plainUrl(url: string): string {
  return url.replace(/\s+/g, '').slice(0, 2000)
}
