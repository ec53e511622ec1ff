import type { ToolConfig, ToolSecrets, ToolsConfig } from '../config.ts'
import type { Logger } from '../log.ts'
import { createBuiltInSource } from './built-in-source.ts'
import { Directory } from './directory.ts'
import { createHideSecrets } from './hide-secrets.ts'
import { HttpTransport } from './http-transport.ts'
import { limitSource } from './limited-source.ts'
import { McpServer } from './mcp-server.ts'
import { ProcessTransport } from './process-transport.ts'
import type { ToolSource } from './tool-source.ts'

export interface DirectoryOptions {
  readonly tools: ToolsConfig
  /** By the name of the tool. */
  readonly toolSecrets: ReadonlyMap<string, ToolSecrets>
  /** Undefined where there is no such workspace. */
  readonly findWorkspaceName: (workspaceId: string) => Promise<string | undefined>
  /** Of this program. */
  readonly version: string
  readonly log: Logger
}

/** Notifications over HTTP can be lost, so that a list must not be trusted for ever. */
const keepHttpListMs = 5 * 60_000

const noSecrets: ToolSecrets = { environment: {}, headers: {}, apiKey: undefined }

/** The tools of the configuration. Nothing is started before it is used. */
export function createToolDirectory(options: DirectoryOptions): Directory {
  const { tools, toolSecrets, findWorkspaceName, log } = options
  const sources = tools.served.map((tool) => {
    const secrets = toolSecrets.get(tool.name) ?? noSecrets
    const { environment, headers, apiKey = '' } = secrets
    const hideSecrets = createHideSecrets([...Object.values(environment), ...Object.values(headers), apiKey])
    const source = createSource(tool, secrets, { ...options, hideSecrets })
    return limitSource(source, { maxResultBytes: tool.maxResultBytes, hideSecrets, log })
  })
  return new Directory({ sources, access: tools.access, findWorkspaceName })
}

type SourceOptions = Pick<DirectoryOptions, 'version' | 'log'> & {
  readonly hideSecrets: (text: string) => string
}

function createSource(tool: ToolConfig, secrets: ToolSecrets, options: SourceOptions): ToolSource {
  const { name, timeoutMs } = tool
  const { version, log, hideSecrets } = options
  const common = { name, timeoutMs, version, log, hideSecrets }
  if (tool.kind === 'mcp_process') {
    const { command, args, cwd, startTimeoutMs } = tool
    const environment = { ...tool.environment, ...secrets.environment }
    const onStderr = (text: string): void =>
      log.debug({ tool: name, said: hideSecrets(text) }, 'a server says')
    return new McpServer({
      ...common,
      startTimeoutMs,
      keepListMs: Number.POSITIVE_INFINITY,
      description: `MCP server: ${command}`,
      newTransport: () => new ProcessTransport({ command, args, cwd, environment, onStderr }),
    })
  }
  if (tool.kind === 'mcp_http') {
    const { url, startTimeoutMs } = tool
    const { origin, pathname } = new URL(url)
    return new McpServer({
      ...common,
      startTimeoutMs,
      keepListMs: keepHttpListMs,
      description: `MCP server: ${origin}${pathname}`,
      newTransport: () => new HttpTransport({ url, headers: secrets.headers }),
    })
  }
  return createBuiltInSource(tool, secrets)
}
