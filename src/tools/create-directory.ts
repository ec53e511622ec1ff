import type { ToolConfig, ToolSecrets, ToolsConfig } from '../config.ts'
import type { Logger } from '../log.ts'
import { createConnectorSource } from './connector-source.ts'
import { Directory } from './directory.ts'
import { createHideSecrets } from './hide-secrets.ts'
import { createLazySource } from './lazy-source.ts'
import { limitSource } from './limited-source.ts'
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

const noSecrets: ToolSecrets = { environment: {}, headers: {}, apiKey: undefined }

/** The tools of the configuration. Nothing is started before it is used. */
export function createToolDirectory(options: DirectoryOptions): Directory {
  const { tools, toolSecrets, findWorkspaceName, log } = options
  const sources = tools.served.map((tool) => {
    const secrets = toolSecrets.get(tool.name) ?? noSecrets
    const { environment, headers, apiKey = '' } = secrets
    const hideSecrets = createHideSecrets([...Object.values(environment), ...Object.values(headers), apiKey])
    const source = createSource(tool, secrets, { version: options.version, log, hideSecrets })
    return limitSource(source, { maxResultBytes: tool.maxResultBytes, hideSecrets, log })
  })
  return new Directory({ sources, access: tools.access, findWorkspaceName })
}

type SourceOptions = Pick<DirectoryOptions, 'version' | 'log'> & {
  readonly hideSecrets: (text: string) => string
}

function createSource(tool: ToolConfig, secrets: ToolSecrets, options: SourceOptions): ToolSource {
  const { name } = tool
  if (tool.kind === 'connector') return createConnectorSource(name, tool)
  if (tool.kind === 'fetch_url' || tool.kind === 'web_search') {
    const description = `built in: ${tool.kind}`
    return createLazySource({ name, description, hasNamedTools: false }, async () => {
      const { createBuiltInSource } = await import('./built-in-source.ts')
      return createBuiltInSource(tool, description, secrets)
    })
  }
  const description = `MCP server: ${tool.kind === 'mcp_http' ? addressOf(tool.url) : tool.command}`
  return createLazySource({ name, description, hasNamedTools: true }, async () => {
    const { createMcpSource } = await import('./mcp-source.ts')
    return createMcpSource(tool, description, { ...options, secrets })
  })
}

/** Without its query, in which some keep their keys. */
function addressOf(url: string): string {
  const { origin, pathname } = new URL(url)
  return `${origin}${pathname}`
}
