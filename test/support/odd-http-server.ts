import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js'
import { onTestFinished } from 'vitest'
import type { ToolConfig } from '../../src/config.ts'
import { createOddServer } from './odd-tools.ts'

export interface OddHttpServer {
  readonly tool: ToolConfig & { readonly kind: 'mcp_http' }
  /** Of each request. */
  readonly headers: IncomingHttpHeaders[]
  readonly sockets: ReadonlySet<Socket>
  readonly sessions: ReadonlyMap<string, StreamableHTTPServerTransport>
  ledger(): readonly string[]
  /** Forgets all sessions, as a server does that was started again. */
  forget(): void
  /** Answers all with this status from now on; undefined ends that. */
  answerAll(status: number | undefined): void
  breakConnections(): void
  stop(): Promise<void>
}

/** An MCP server over HTTP with sessions, gone after the test. */
export async function startOddHttpServer(changes: Partial<ToolConfig> = {}): Promise<OddHttpServer> {
  const folder = mkdtempSync(join(tmpdir(), 'assize-odd-http-'))
  const ledger = join(folder, 'ledger')
  const sessions = new Map<string, StreamableHTTPServerTransport>()
  const headers: IncomingHttpHeaders[] = []
  const sockets = new Set<Socket>()
  let status: number | undefined
  const server = createServer(async (request, response) => {
    headers.push(request.headers)
    if (status !== undefined) {
      response.writeHead(status, { location: 'http://127.0.0.1:1/elsewhere' }).end('zebra-body')
      return
    }
    const id = request.headers['mcp-session-id']
    const known = typeof id === 'string' ? sessions.get(id) : undefined
    if (id !== undefined && known === undefined) response.writeHead(404).end()
    else await (known ?? (await newSession())).handleRequest(request, response)
  })
  async function newSession(): Promise<StreamableHTTPServerTransport> {
    const transport = new StreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      onsessioninitialized: (id) => void sessions.set(id, transport),
      onsessionclosed: (id) => void sessions.delete(id),
    })
    await createOddServer({ ledger, token: 'zebra-zebra' }).connect(transport as never)
    return transport
  }
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const stop = async (): Promise<void> => {
    if (!server.listening) return
    const closed = once(server, 'close')
    server.close()
    server.closeAllConnections()
    await closed
  }
  onTestFinished(async () => {
    await stop()
    rmSync(folder, { recursive: true, force: true })
  })
  const { port } = server.address() as AddressInfo
  const tool = {
    name: 'odd',
    kind: 'mcp_http',
    url: `http://127.0.0.1:${port}/mcp`,
    startTimeoutMs: 10_000,
    timeoutMs: 10_000,
    maxResultBytes: 65_536,
    ...changes,
  }
  return {
    tool: tool as OddHttpServer['tool'],
    headers,
    sockets,
    sessions,
    ledger: () => readFileSync(ledger, 'utf8').trim().split('\n'),
    forget: () => sessions.clear(),
    answerAll: (next) => {
      status = next
    },
    breakConnections: () => server.closeAllConnections(),
    stop,
  }
}
