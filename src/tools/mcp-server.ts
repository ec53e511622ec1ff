import { setTimeout as delay } from 'node:timers/promises'
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js'
import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js'
import { type ToolResult, ToolUnavailable } from '../judging/tool.ts'
import type { Logger } from '../log.ts'
import { McpConnection } from './mcp-connection.ts'
import { type McpFault, readMcpFault } from './mcp-fault.ts'
import { orAborted } from './or-aborted.ts'
import { RestartLimit } from './restart-limit.ts'
import { resultText } from './result-text.ts'
import type { SourceTool, ToolSource } from './tool-source.ts'

export interface McpServerSettings {
  readonly name: string
  readonly description: string
  /** A new one for each start; `how` says how a process ended. */
  readonly newTransport: () => Transport & { readonly how?: string | undefined }
  readonly version: string
  readonly startTimeoutMs: number
  readonly timeoutMs: number
  readonly keepListMs: number
  readonly log: Logger
  readonly hideSecrets: (text: string) => string
}

/** A server may answer its greeting at any length. */
const maxReasonLength = 300

/**
 * An MCP server: started or connected on first use, once for all who use it, and again when it is gone. A call is
 * never sent twice where the server may have got it, as it may have done something.
 */
export class McpServer implements ToolSource {
  readonly hasNamedTools = true
  readonly name: string
  readonly description: string
  readonly #settings: McpServerSettings
  readonly #restarts = new RestartLimit()
  readonly #closing = new AbortController()
  #opening: Promise<McpConnection> | undefined

  constructor(settings: McpServerSettings) {
    this.#settings = settings
    this.name = settings.name
    this.description = settings.description
  }

  async tools(signal: AbortSignal): Promise<readonly SourceTool[]> {
    const { timeoutMs } = this.#settings
    for (let attempt = 1; ; attempt += 1) {
      const connection = await this.#connection(signal)
      try {
        const tools = await orAborted(connection.tools(timeoutMs), signal)
        return tools.map(({ name, description = '', inputSchema }) => ({
          name,
          description,
          parameters: inputSchema,
          call: (args, callSignal) => this.#call(name, args, callSignal),
        }))
      } catch (error) {
        signal.throwIfAborted()
        const fault = readMcpFault(error, timeoutMs)
        if (fault.kind !== 'answered') await this.#drop(connection)
        // To ask for a list is safe to repeat.
        if (attempt === 2 || fault.kind === 'answered') throw this.#unavailable(fault.text)
      }
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort(new ToolUnavailable(`The tool ${this.name} is closed.`))
    const opened = await this.#opening?.catch(() => undefined)
    await opened?.[Symbol.asyncDispose]()
  }

  async #call(
    name: string,
    args: Readonly<Record<string, unknown>>,
    signal: AbortSignal,
  ): Promise<ToolResult> {
    const { timeoutMs } = this.#settings
    for (let attempt = 1; ; attempt += 1) {
      const connection = await this.#connection(signal)
      try {
        return readResult(await connection.call(name, args, signal, timeoutMs))
      } catch (error) {
        signal.throwIfAborted()
        const fault = readMcpFault(error, timeoutMs)
        if (fault.kind === 'undelivered' || fault.kind === 'closed') await this.#drop(connection)
        if (fault.kind === 'closed') throw this.#unavailable(fault.text)
        if (fault.kind === 'late') void this.#dropIfDead(connection)
        if (fault.kind !== 'undelivered') return failedCall(fault)
        if (attempt === 2) throw this.#unavailable(fault.text)
      }
    }
  }

  async #connection(signal: AbortSignal): Promise<McpConnection> {
    signal.throwIfAborted()
    this.#closing.signal.throwIfAborted()
    this.#opening ??= this.#open()
    const connection = await orAborted(this.#opening, signal)
    if (connection.isOpen) return connection
    this.#opening = undefined
    return this.#connection(signal)
  }

  #open(): Promise<McpConnection> {
    const opening = this.#openAgain()
    const forget = (): void => {
      if (this.#opening === opening) this.#opening = undefined
    }
    opening.then((connection) => connection.closed.then(forget), forget)
    return opening
  }

  /** Tries until it works or the limit of restarts says no. */
  async #openAgain(): Promise<McpConnection> {
    for (;;) {
      const reason = this.#restarts.refusal(performance.now())
      if (reason !== undefined) throw this.#unavailable(reason)
      const pauseMs = this.#restarts.pauseMs(performance.now())
      if (pauseMs > 0)
        await delay(pauseMs, undefined, { signal: this.#closing.signal }).catch(() => undefined)
      this.#closing.signal.throwIfAborted()
      const connection = await this.#openOnce()
      if (connection !== undefined) return connection
    }
  }

  async #openOnce(): Promise<McpConnection | undefined> {
    const { name, version, startTimeoutMs, keepListMs, log, newTransport, hideSecrets } = this.#settings
    const startedAtMs = performance.now()
    const transport = newTransport()
    const stop = (): void => void transport.close()
    this.#closing.signal.addEventListener('abort', stop)
    try {
      const connection = await McpConnection.open({ transport, version, startTimeoutMs, keepListMs })
      log.info({ tool: name, ms: Math.round(performance.now() - startedAtMs) }, 'a server of tools is there')
      connection.closed.then(() => this.#noteEnd(startedAtMs, transport.how))
      return connection
    } catch (error) {
      const fault = readMcpFault(error, startTimeoutMs)
      const reason = hideSecrets(transport.how ?? fault.text).slice(0, maxReasonLength)
      const isFinal = fault.kind === 'closed' || fault.kind === 'late'
      this.#restarts.noteFailure(performance.now(), reason, isFinal)
      if (!this.#closing.signal.aborted) {
        log.warn({ tool: name }, `a server of tools can't be used: ${reason}`)
      }
      return undefined
    } finally {
      this.#closing.signal.removeEventListener('abort', stop)
    }
  }

  #noteEnd(startedAtMs: number, how = 'the connection to it ended'): void {
    if (this.#closing.signal.aborted) return
    this.#restarts.noteEnd(performance.now(), startedAtMs, how)
    this.#settings.log.warn({ tool: this.name }, `a server of tools is gone: ${how}`)
  }

  async #drop(connection: McpConnection): Promise<void> {
    await connection[Symbol.asyncDispose]()
  }

  /** One that answers nothing any more would be late for ever. */
  async #dropIfDead(connection: McpConnection): Promise<void> {
    if (!(await connection.isAlive())) await this.#drop(connection)
  }

  #unavailable(reason: string): ToolUnavailable {
    const shown = this.#settings.hideSecrets(reason).slice(0, maxReasonLength)
    return new ToolUnavailable(`The tool ${this.name} can't be reached: ${shown}.`)
  }
}

function readResult(result: CallToolResult): ToolResult {
  return { text: resultText(result), isError: result.isError === true }
}

function failedCall({ text, kind }: McpFault): ToolResult {
  if (kind === 'answered') return { text, isError: true }
  return {
    text: `The call failed: ${text}. Whether the tool did something is not known; the call was not repeated.`,
    isError: true,
  }
}
