import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { configOf, refusal } from '../test/support/config-of.ts'

describe('tools', () => {
  const yaml = `
tools:
  files:
    mcp: { command: npx, args: [server, /srv], env: { LANG: C }, env_from: { TOKEN: MINE }, cwd: data }
    timeout_seconds: 5
    max_result_bytes: 1000
  search: { mcp: { url: "https://tools.example.com/mcp?v=2", headers_from: { Authorization: SEARCH } } }
  fetch_url: { built_in: fetch_url, max_bytes: 2048, allow_hosts: [example.com] }
  web: { built_in: web_search, brave_api_key_env: BRAVE, max_results: 3 }
tool_access: { research: [web, files.read_text_file], "*": [] }
`
  const environment = { MINE: 'zebra-one', SEARCH: 'Bearer zebra-two', BRAVE: 'zebra-three' }

  it('are read with their limits', () => {
    const common = { timeoutMs: 30_000, maxResultBytes: 65_536 }
    expect(configOf(yaml, environment).tools).toEqual({
      served: [
        {
          name: 'files',
          kind: 'mcp_process',
          command: 'npx',
          args: ['server', '/srv'],
          cwd: '/srv/court/data',
          environment: { LANG: 'C' },
          startTimeoutMs: 60_000,
          timeoutMs: 5000,
          maxResultBytes: 1000,
        },
        {
          ...common,
          name: 'search',
          kind: 'mcp_http',
          url: 'https://tools.example.com/mcp?v=2',
          startTimeoutMs: 60_000,
        },
        { ...common, name: 'fetch_url', kind: 'fetch_url', maxBytes: 2048, allowHosts: ['example.com'] },
        { ...common, name: 'web', kind: 'web_search', maxResults: 3 },
      ],
      access: { research: ['web', 'files.read_text_file'], '*': [] },
    })
  })

  it('keep secrets apart', () => {
    const { secrets, ...rest } = configOf(yaml, environment)
    expect(JSON.stringify(rest)).not.toContain('zebra')
    expect(secrets.toolSecrets.get('files')?.environment).toEqual({ TOKEN: 'zebra-one' })
    expect(secrets.toolSecrets.get('search')?.headers).toEqual({ Authorization: 'Bearer zebra-two' })
    expect(secrets.toolSecrets.get('web')?.apiKey).toBe('zebra-three')
  })

  it.each([
    ['x: {}', 'tools.x: expected one of mcp'],
    ['x: { mcp: { command: a }, built_in: fetch_url }', 'tools.x: expected one of mcp'],
    ['x: { mcp: {} }', 'tools.x.mcp: expected either command'],
    ['x: { mcp: { command: a, url: "http://h" } }', 'tools.x.mcp: expected either command'],
    ['x: { mcp: { command: a, env: { T: b }, env_from: { T: MINE } } }', 'T stands in env and in env_from'],
    ['x: { mcp: { command: a, headers_from: { A: MINE } } }', 'tools.x.mcp.headers_from belongs'],
    ['x: { mcp: { url: "http://h", args: [] } }', 'tools.x.mcp.args belongs'],
    ['x: { mcp: { url: "http://me:zebra@h" } }', 'tools.x.mcp.url holds a user'],
    ['x: { mcp: { url: "file:///x" } }', 'url'],
    ['x: { mcp: { command: a, env_from: { TOKEN: ABSENT } } }', 'tools.x.mcp.env_from names ABSENT'],
    ['x: { mcp: { command: a, env: { "A B": c } } }', 'env'],
    ['x: { built_in: fetch_url, max_results: 3 }', 'tools.x.max_results belongs to built_in: web_search'],
    ['x: { mcp: { command: a }, allow_hosts: [] }', 'tools.x.allow_hosts belongs to built_in: fetch_url'],
    ['x: { built_in: web_search }', 'tools.x: expected either searxng_url'],
    ['x: { built_in: web_search, brave_api_key_env: ABSENT }', 'tools.x.brave_api_key_env names ABSENT'],
    ['x: { connector: other }', 'connector'],
    ['x: { connector: web_search, library_ids: [a] }', 'tools.x: library_ids belongs to the connector'],
    ['x: { connector: document_library }', 'document_library, which needs it'],
    ['x: { built_in: fetch_url, library_ids: [a] }', 'tools.x.library_ids belongs to a connector alone'],
    ['x.y: { built_in: fetch_url }', 'tools'],
    ['x: { built_in: other }', 'built_in'],
  ])('%s is refused', (tools, message) => {
    const yaml = `tools: { ${tools.replace(/^([\w.]+):/, '"$1":')} }`
    const said = refusal(() => configOf(yaml, { MINE: 'zebra' }))
    expect(said).toContain(message)
    expect(said).not.toContain('zebra')
  })

  it('may be run by Mistral', () => {
    const tools =
      'tools: { web: { connector: web_search }, docs: { connector: document_library, library_ids: [a, b] } }'
    expect(configOf(tools).tools.served).toMatchObject([
      { name: 'web', kind: 'connector', connector: 'web_search', libraryIds: [] },
      { name: 'docs', kind: 'connector', connector: 'document_library', libraryIds: ['a', 'b'] },
    ])
  })

  it('are set as the docs say', () => {
    const docs = readFileSync(new URL('../docs/tools.md', import.meta.url), 'utf8')
    const [, example = '', access = ''] =
      /```yaml\n(tools:.*?)```.*```yaml\n(tool_access:.*?)```/s.exec(docs) ?? []
    const both = `${example}\n  web_search: { built_in: web_search, searxng_url: "http://h" }\n${access}`
    const { tools } = configOf(both, { TICKETS_AUTHORIZATION: 'Bearer zebra' })
    expect(tools.served.map(({ name }) => name)).toEqual([
      'files',
      'tickets',
      'fetch_url',
      'web',
      'web_search',
    ])
    expect(tools.access).toEqual({ research: ['web_search', 'files.read_text_file'], '*': [] })
  })

  it('a workspace is held to are tools', () => {
    expect(refusal(() => configOf('tool_access: { research: [files.read] }'))).toBe(
      'tool_access.research names files.read, which is none of tools: there are none.',
    )
    const yaml = 'tools: { web: { built_in: fetch_url } }\ntool_access: { research: [web.page] }'
    expect(refusal(() => configOf(yaml))).toBe(
      'tool_access.research names web.page, but web is one tool alone.',
    )
  })
})
