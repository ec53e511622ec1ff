import type { HttpToolConfig, ProcessToolConfig, ToolConfig, ToolSecrets } from '../config.ts'
import type { Logger } from '../log.ts'
import { HttpTransport } from './http-transport.ts'
import { McpServer, type McpServerSettings } from './mcp-server.ts'
import { ProcessTransport } from './process-transport.ts'
import type { ToolSource } from './tool-source.ts'

export interface McpSourceOptions {
  readonly secrets: ToolSecrets
  /** Of this program. */
  readonly version: string
  readonly log: Logger
  readonly hideSecrets: (text: string) => string
}

/** Notifications over HTTP can be lost, so that a list must not be trusted for ever. */
const keepHttpListMs = 5 * 60_000

/** The tools of an MCP server, which is started or connected when they are first asked for. */
export function createMcpSource(
  tool: ToolConfig & (ProcessToolConfig | HttpToolConfig),
  description: string,
  options: McpSourceOptions,
): ToolSource {
  const { name, timeoutMs, startTimeoutMs, kind } = tool
  const { version, log, hideSecrets, secrets } = options
  return new McpServer({
    name,
    description,
    timeoutMs,
    startTimeoutMs,
    version,
    log,
    hideSecrets,
    keepListMs: kind === 'mcp_http' ? keepHttpListMs : Number.POSITIVE_INFINITY,
    newTransport: kind === 'mcp_http' ? overHttp(tool, secrets) : asProcess(tool, options),
  })
}

function overHttp({ url }: HttpToolConfig, { headers }: ToolSecrets): McpServerSettings['newTransport'] {
  return () => new HttpTransport({ url, headers })
}

function asProcess(
  tool: ToolConfig & ProcessToolConfig,
  { secrets, log, hideSecrets }: McpSourceOptions,
): McpServerSettings['newTransport'] {
  const { name, command, args, cwd } = tool
  const environment = { ...tool.environment, ...secrets.environment }
  const onStderr = (text: string): void => log.debug({ tool: name, said: hideSecrets(text) }, 'a server says')
  return () => new ProcessTransport({ command, args, cwd, environment, onStderr })
}
