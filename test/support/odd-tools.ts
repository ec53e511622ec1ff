import { appendFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import { z } from 'zod'

/** What an MCP server of a test does that others seldom do, and how it tells the test. */
export interface OddSettings {
  /** A file that gets a line for each thing that happens. */
  readonly ledger: string
  readonly token?: string | undefined
}

/** An MCP server whose tools wait, break and are large. */
export function createOddServer({ ledger, token = '' }: OddSettings): McpServer {
  const note = (line: string): void => appendFileSync(ledger, `${line}\n`)
  const server = new McpServer({ name: 'odd', version: '1' })
  const text = (said: string) => ({ content: [{ type: 'text' as const, text: said }] })
  server.registerTool('pid', { description: 'Its process.' }, () => text(String(process.pid)))
  server.registerTool('token', { description: `Its token ${token}.` }, () => text(`It is ${token}!`))
  server.registerTool('big', { inputSchema: { bytes: z.int() } }, ({ bytes }) => text('é'.repeat(bytes / 2)))
  server.registerTool('fail', {}, () => ({ ...text('It did not work.'), isError: true }))
  server.registerTool('die', {}, () => {
    note('die')
    process.exit(3)
  })
  server.registerTool('wait', { inputSchema: { ms: z.int() } }, async ({ ms }, { signal }) => {
    note('wait')
    await delay(ms, undefined, { signal }).catch(() => note('cancelled'))
    return text('waited')
  })
  server.registerTool('grow', {}, () => {
    server.registerTool('grown', {}, () => text('new'))
    return text('There is one more.')
  })
  server.registerTool('shapes', {}, () => ({
    content: [
      { type: 'image', mimeType: 'image/png', data: Buffer.alloc(12_000).toString('base64') },
      { type: 'audio', mimeType: 'audio/wav', data: Buffer.alloc(900).toString('base64') },
      { type: 'resource', resource: { uri: 'file:///a.txt', mimeType: 'text/plain', text: 'abc' } },
      { type: 'resource_link', uri: 'file:///b.txt', name: 'b' },
    ],
    structuredContent: { count: 3 },
  }))
  return server
}
