import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js'
import {
  type CallToolResult,
  CallToolResultSchema,
  ListToolsResultSchema,
  type Tool,
  ToolListChangedNotificationSchema,
} from '@modelcontextprotocol/sdk/types.js'
import { linkedSignal } from './linked-signal.ts'

export interface McpConnectionSettings {
  readonly transport: Transport
  /** Of this program. */
  readonly version: string
  readonly startTimeoutMs: number
  /** How long a list of tools is kept, unless the server says that it changed. */
  readonly keepListMs: number
}

/** A server that asks for more pages than this names its tools in a circle. */
const mostPages = 100

const pingTimeoutMs = 5000

/** One life of an MCP server, or one session with it. */
export class McpConnection implements AsyncDisposable {
  readonly #client: Client
  readonly #keepListMs: number
  #list: Promise<readonly Tool[]> | undefined
  #listedAtMs = 0
  #isOpen = true
  readonly #closed = Promise.withResolvers<void>()

  private constructor(client: Client, keepListMs: number) {
    this.#client = client
    this.#keepListMs = keepListMs
    client.onclose = () => {
      this.#isOpen = false
      this.#closed.resolve()
    }
    client.setNotificationHandler(ToolListChangedNotificationSchema, () => {
      this.#list = undefined
    })
  }

  /** Starts and greets. What it started is gone when it throws. */
  static async open(settings: McpConnectionSettings): Promise<McpConnection> {
    const { transport, version, startTimeoutMs, keepListMs } = settings
    const client = new Client({ name: 'assize', version }, { capabilities: {} })
    const connection = new McpConnection(client, keepListMs)
    try {
      await client.connect(transport, { timeout: startTimeoutMs, maxTotalTimeout: startTimeoutMs })
      return connection
    } catch (error) {
      await transport.close()
      throw error
    }
  }

  get isOpen(): boolean {
    return this.#isOpen
  }

  /** Settles when the server is gone. */
  get closed(): Promise<void> {
    return this.#closed.promise
  }

  tools(timeoutMs: number): Promise<readonly Tool[]> {
    const isOld = performance.now() - this.#listedAtMs > this.#keepListMs
    if (this.#list !== undefined && !isOld) return this.#list
    const list = this.#listTools(timeoutMs)
    this.#list = list
    this.#listedAtMs = performance.now()
    list.catch(() => {
      if (this.#list === list) this.#list = undefined
    })
    return list
  }

  /** Throws what the SDK throws. A call whose signal is aborted is cancelled at the server. */
  async call(
    name: string,
    args: Readonly<Record<string, unknown>>,
    signal: AbortSignal,
    timeoutMs: number,
  ): Promise<CallToolResult> {
    using linked = linkedSignal(signal)
    return await this.#client.request(
      { method: 'tools/call', params: { name, arguments: { ...args } } },
      CallToolResultSchema,
      { signal: linked.signal, timeout: timeoutMs, maxTotalTimeout: timeoutMs },
    )
  }

  /** Whether the server still answers anything. */
  async isAlive(): Promise<boolean> {
    return this.#client.ping({ timeout: pingTimeoutMs, maxTotalTimeout: pingTimeoutMs }).then(
      () => true,
      () => false,
    )
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#client.close()
  }

  async #listTools(timeout: number): Promise<readonly Tool[]> {
    const tools: Tool[] = []
    let cursor: string | undefined
    for (let page = 0; page < mostPages; page += 1) {
      const listed = await this.#client.request(
        { method: 'tools/list', params: cursor === undefined ? {} : { cursor } },
        ListToolsResultSchema,
        { timeout, maxTotalTimeout: timeout },
      )
      tools.push(...listed.tools)
      cursor = listed.nextCursor
      if (cursor === undefined) break
    }
    // What can only be called as a task answers later, in a way that a judgment can't wait for.
    return tools.filter(({ execution }) => execution?.taskSupport !== 'required')
  }
}
