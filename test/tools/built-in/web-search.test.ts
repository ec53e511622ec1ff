import { readFileSync } from 'node:fs'
import type { IncomingMessage, RequestListener } from 'node:http'
import { describe, expect, it } from 'vitest'
import { ToolUnavailable } from '../../../src/judging/tool.ts'
import { createWebSearch, type WebSearchSettings } from '../../../src/tools/built-in/web-search.ts'
import { startPageSite } from './page-site.ts'

const never = new AbortController().signal
const apiKey = 'BSA-very-secret'
type Kind = 'brave' | 'searxng'

function fixture(name: string): string {
  return readFileSync(new URL(`../../support/fixtures/tools/${name}.json`, import.meta.url), 'utf8')
}

async function searchWith(
  kind: Kind,
  listener: RequestListener,
  args: Record<string, unknown> = { query: 'assize court' },
  settings: Partial<WebSearchSettings> = {},
) {
  await using site = await startPageSite(listener)
  const baseUrl = `http://127.0.0.1:${site.port}/${kind === 'brave' ? '' : 'searx/'}`
  const engine = kind === 'brave' ? { kind, apiKey, baseUrl } : { kind, baseUrl }
  return await createWebSearch({ engine, ...settings }).call(args, never)
}

function json(body: string, seen: IncomingMessage[] = []): RequestListener {
  return (request, response) => {
    seen.push(request)
    response.writeHead(200, { 'content-type': 'application/json' }).end(body)
  }
}

describe('a search', () => {
  it('asks SearXNG, and lists what it found', async () => {
    const seen: IncomingMessage[] = []
    const result = await searchWith('searxng', json(fixture('searxng'), seen), { query: 'a & b?', count: 2 })
    expect(seen[0]?.url).toBe('/searx/search?q=a+%26+b%3F&format=json')
    expect(result).toMatchInlineSnapshot(`
      {
        "isError": false,
        "text": "1. Assizes - Wikipedia
         https://en.wikipedia.org/wiki/Assizes
         The assizes, or courts of assize, were periodic courts held around England and Wales.

      2. Courts & judges
         https://example.org/courts?a=1&b=2",
      }
    `)
  })

  it('asks Brave with its key, and lists what it found without marks', async () => {
    const seen: IncomingMessage[] = []
    const result = await searchWith('brave', json(fixture('brave'), seen), { query: 'assizes', count: 3 })
    expect(seen[0]?.url).toBe('/res/v1/web/search?q=assizes&count=3&text_decorations=false')
    expect(seen[0]?.headers['x-subscription-token']).toBe(apiKey)
    expect(result).toMatchInlineSnapshot(`
      {
        "isError": false,
        "text": "1. Assizes | Encyclopedia
         https://example.org/assizes
         The assizes were courts; they're gone & replaced.

      2. Court
         https://example.com/court
         A court.",
      }
    `)
  })

  it('gives no more than the settings allow', async () => {
    const args = { query: 'x', count: 10 }
    const { text } = await searchWith('searxng', json(fixture('searxng')), args, { maxResults: 1 })
    expect(text).toMatch(/^1\. /)
    expect(text).not.toContain('\n2. ')
  })

  it('cuts what is long', async () => {
    const results = [
      { title: 't'.repeat(900), url: `https://a.example/${'u'.repeat(9000)}`, content: 'c'.repeat(9000) },
    ]
    const { text } = await searchWith('searxng', json(JSON.stringify({ results })))
    expect(text.length).toBeLessThan(2800)
  })

  it.each(['{"results": []}', '{"results": [{"title": "no address"}, 5]}'])(
    'that finds nothing in %s says so',
    async (body) => {
      expect(await searchWith('searxng', json(body))).toEqual({
        text: 'Nothing was found for: assize court',
        isError: false,
      })
    },
  )

  it('of Brave may find nothing', async () => {
    const { text } = await searchWith('brave', json('{"type": "search", "query": {"original": "x"}}'))
    expect(text).toBe('Nothing was found for: assize court')
  })
})

describe('a search that fails', () => {
  it.each([
    ['brave', 429, /too many searches/],
    ['brave', 401, /status 401/],
    ['brave', 500, /status 500/],
    ['searxng', 403, /does not serve JSON/],
    ['searxng', 302, /status 302/],
  ] as const)('at %s with %i says so without the key', async (kind, status, message) => {
    const refuse: RequestListener = (_q, response) =>
      response.writeHead(status, { location: '/' }).end(apiKey)
    const { text, isError } = await searchWith(kind, refuse)
    expect([isError, text]).toEqual([true, expect.stringMatching(message)])
    expect(text).not.toContain(apiKey)
  })

  it.each(['<html>', '{}', '[]', 'null', '{"results": 1}', '{"type": "error"}'])(
    'with %s says so',
    async (body) => {
      const failed = { text: 'The search failed: its answer cannot be read.', isError: true }
      expect(await searchWith('searxng', json(body))).toEqual(failed)
      if (body !== '{"results": 1}') expect(await searchWith('brave', json(body))).toEqual(failed)
    },
  )

  it('with an answer that is too long or breaks off says so', async () => {
    expect((await searchWith('searxng', json('x'.repeat(5_000_000)))).text).toMatch(/cannot be read/)
    const breaks: RequestListener = (_q, response) => {
      response.writeHead(200, { 'content-length': '50' }).write('{')
      setTimeout(() => response.destroy(), 20)
    }
    expect((await searchWith('searxng', breaks)).text).toBe('The search failed: its answer broke off.')
  })

  it('in time says so', async () => {
    const { text } = await searchWith('brave', () => undefined, { query: 'x' }, { timeoutMs: 100 })
    expect(text).toBe('No whole answer came within 0.1 s.')
  })

  it('because nothing listens is unavailable', async () => {
    let baseUrl = ''
    {
      await using site = await startPageSite(() => undefined)
      baseUrl = `http://127.0.0.1:${site.port}`
    }
    const call = createWebSearch({ engine: { kind: 'brave', apiKey, baseUrl } }).call({ query: 'x' }, never)
    await expect(call).rejects.toThrow(
      new ToolUnavailable('The search engine of web_search cannot be reached.'),
    )
  })

  it.each([
    [{}],
    [{ query: ' ' }],
    [{ query: 'x', count: 0 }],
    [{ query: 'x', count: 11 }],
    [{ query: 'x', count: '3' }],
  ])('for %j says what is right', async (args) => {
    const { text, isError } = await searchWith('searxng', json('{}'), args)
    expect([isError, text]).toEqual([true, expect.stringContaining('whole number from 1 to 10')])
  })
})

it('throws the reason of an aborted signal', async () => {
  const controller = new AbortController()
  const reason = new Error('enough')
  await using site = await startPageSite(() => controller.abort(reason))
  const tool = createWebSearch({ engine: { kind: 'searxng', baseUrl: `http://127.0.0.1:${site.port}` } })
  await expect(tool.call({ query: 'x' }, controller.signal)).rejects.toBe(reason)
  await expect.poll(() => site.sockets.size).toBe(0)
})
