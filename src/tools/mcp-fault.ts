import { StreamableHTTPError } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { ErrorCode, McpError } from '@modelcontextprotocol/sdk/types.js'

/** What went wrong between here and a server. */
export interface McpFault {
  /** In words of our own, or the server's own answer to a request; what a server says beside the protocol is left out. */
  readonly text: string
  /**
   * `answered`: the server refused the request. `undelivered`: it never got it. `unknown`: it may have done what it
   * was asked; `late`: and gave no answer in time. `closed`: trying again is sure to fail.
   */
  readonly kind: 'answered' | 'undelivered' | 'unknown' | 'late' | 'closed'
}

const undelivered = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'UND_ERR_CONNECT_TIMEOUT',
  'EHOSTUNREACH',
])

/** Reads what the SDK threw. */
export function readMcpFault(error: unknown, timeoutMs: number): McpFault {
  if (error instanceof McpError) return readMcpError(error, timeoutMs)
  if (error instanceof StreamableHTTPError) return readHttpError(error.code)
  const code = codeOf(error)
  if (code !== undefined && undelivered.has(code)) {
    return { text: `it can't be connected to (${code})`, kind: 'undelivered' }
  }
  if (error instanceof Error && error.name === 'ZodError') {
    return { text: 'its answer is not as MCP has it', kind: 'unknown' }
  }
  return { text: `the connection to it broke${code === undefined ? '' : ` (${code})`}`, kind: 'unknown' }
}

function readMcpError(error: McpError, timeoutMs: number): McpFault {
  if (error.code === ErrorCode.RequestTimeout) {
    return { text: `it gave no answer within ${timeoutMs / 1000} s`, kind: 'late' }
  }
  const said = error.message.replace(/^(?:MCP error -?\d+: )+/, '')
  if (error.code === ErrorCode.ConnectionClosed && said === 'Connection closed') {
    return { text: 'it ended, or the connection to it broke', kind: 'unknown' }
  }
  return { text: said, kind: 'answered' }
}

function readHttpError(status: number | undefined): McpFault {
  // A session that the server does not know any more: by the specification a new one is to be opened.
  if (status === 404) return { text: 'it answered with HTTP 404', kind: 'undelivered' }
  if (status === 401 || status === 403) {
    return { text: `it refuses access with HTTP ${status}`, kind: 'closed' }
  }
  return { text: `it answered with HTTP ${status}`, kind: 'unknown' }
}

function codeOf(error: unknown): string | undefined {
  for (let at = error; at instanceof Error; at = at.cause) {
    const { code } = at as NodeJS.ErrnoException
    if (typeof code === 'string') return code
  }
  return undefined
}
