import { resolve } from 'node:path'
import { type ConnectorConfig, readConnector } from './config-connectors.ts'
import { ConfigError, type Environment } from './config-setting.ts'
import { refuseUnknownNames } from './config-tool-access.ts'
import type { McpSettings, ToolSettings } from './config-tool-settings.ts'

/** A tool that judges can name, or an MCP server that has several. */
export type ToolConfig = {
  readonly name: string
  /** Of one call. */
  readonly timeoutMs: number
  /** A longer result is cut. */
  readonly maxResultBytes: number
} & (ProcessToolConfig | HttpToolConfig | FetchUrlConfig | WebSearchConfig | ConnectorConfig)

export type { ConnectorConfig }

export interface ProcessToolConfig {
  readonly kind: 'mcp_process'
  readonly command: string
  readonly args: readonly string[]
  readonly cwd: string
  /** What the file itself gives; secrets are apart. */
  readonly environment: Readonly<Record<string, string>>
  readonly startTimeoutMs: number
}

export interface HttpToolConfig {
  readonly kind: 'mcp_http'
  readonly url: string
  readonly startTimeoutMs: number
}

export interface FetchUrlConfig {
  readonly kind: 'fetch_url'
  readonly maxBytes: number | undefined
  /** Absent: all that are public. */
  readonly allowHosts: readonly string[] | undefined
}

export interface WebSearchConfig {
  readonly kind: 'web_search'
  /** Absent: Brave's, with a key. */
  readonly searxngUrl: string | undefined
  readonly maxResults: number | undefined
}

/** What a tool must not show. */
export interface ToolSecrets {
  /** Variables of a server's process. */
  readonly environment: Readonly<Record<string, string>>
  /** Of each request to a server. */
  readonly headers: Readonly<Record<string, string>>
  readonly apiKey: string | undefined
}

export interface ToolsConfig {
  readonly served: readonly ToolConfig[]
  /** Workspace name, or `*` for those that are not listed -> what its judges may name. Others may name all. */
  readonly access: Readonly<Record<string, readonly string[]>>
}

interface ReadTool {
  readonly tool: ProcessToolConfig | HttpToolConfig | FetchUrlConfig | WebSearchConfig | ConnectorConfig
  readonly secrets?: Partial<ToolSecrets>
}

/** The tools that the file names, and their secrets apart. */
export function readTools(
  environment: Environment,
  file: {
    readonly tools: Readonly<Record<string, ToolSettings>>
    readonly tool_access: ToolsConfig['access']
  },
  workingDir: string,
): { readonly tools: ToolsConfig; readonly toolSecrets: ReadonlyMap<string, ToolSecrets> } {
  const served: ToolConfig[] = []
  const toolSecrets = new Map<string, ToolSecrets>()
  for (const [name, settings] of Object.entries(file.tools)) {
    const { tool, secrets } = readTool(environment, `tools.${name}`, settings, workingDir)
    toolSecrets.set(name, { environment: {}, headers: {}, apiKey: undefined, ...secrets })
    served.push({
      name,
      timeoutMs: settings.timeout_seconds * 1000,
      maxResultBytes: settings.max_result_bytes,
      ...tool,
    })
  }
  refuseUnknownNames(file.tool_access, file.tools)
  return { tools: { served, access: file.tool_access }, toolSecrets }
}

const ownSettings = {
  mcp: [],
  connector: ['library_ids'],
  fetch_url: ['max_bytes', 'allow_hosts'],
  web_search: ['searxng_url', 'brave_api_key_env', 'max_results'],
} as const

function readTool(
  environment: Environment,
  place: string,
  settings: ToolSettings,
  workingDir: string,
): ReadTool {
  const { mcp, built_in: builtIn, connector } = settings
  if ([mcp, builtIn, connector].filter((kind) => kind !== undefined).length !== 1) {
    throw new ConfigError(
      `${place}: expected one of mcp, a server of tools, built_in, a tool of Assize, and connector, a tool that Mistral runs.`,
    )
  }
  const kind = builtIn ?? (mcp ? 'mcp' : 'connector')
  for (const [owner, names] of Object.entries(ownSettings)) {
    const foreign = names.find((name) => owner !== kind && settings[name] !== undefined)
    if (foreign !== undefined)
      throw new ConfigError(
        `${place}.${foreign} belongs to ${owner === 'connector' ? 'a connector' : `built_in: ${owner}`} alone.`,
      )
  }
  if (mcp !== undefined) return readMcp(environment, `${place}.mcp`, mcp, workingDir)
  if (connector !== undefined) return { tool: readConnector(place, connector, settings.library_ids) }
  if (builtIn === 'web_search') return readWebSearch(environment, place, settings)
  return { tool: { kind: 'fetch_url', maxBytes: settings.max_bytes, allowHosts: settings.allow_hosts } }
}

function readMcp(environment: Environment, place: string, mcp: McpSettings, workingDir: string): ReadTool {
  const { command, args, env, env_from: envFrom, cwd, url, headers_from: headersFrom } = mcp
  const startTimeoutMs = mcp.start_timeout_seconds * 1000
  if ((command === undefined) === (url === undefined)) {
    throw new ConfigError(`${place}: expected either command, a program to start, or url, where one listens.`)
  }
  if (command !== undefined) {
    if (headersFrom) throw new ConfigError(`${place}.headers_from belongs to a server with a url.`)
    const twice = Object.keys(env ?? {}).find((name) => envFrom && Object.hasOwn(envFrom, name))
    if (twice) throw new ConfigError(`${place}: ${twice} stands in env and in env_from; expected it once.`)
    const tool = { kind: 'mcp_process', command, args: args ?? [], startTimeoutMs } as const
    return {
      tool: { ...tool, cwd: resolve(workingDir, cwd ?? '.'), environment: env ?? {} },
      secrets: { environment: readVariables(environment, `${place}.env_from`, envFrom) },
    }
  }
  const foreign = Object.entries({ args, env, env_from: envFrom, cwd }).find(
    ([, value]) => value !== undefined,
  )
  if (foreign) throw new ConfigError(`${place}.${foreign[0]} belongs to a server with a command.`)
  return {
    tool: { kind: 'mcp_http', url: plainUrl(url ?? '', `${place}.url`, 'headers_from'), startTimeoutMs },
    secrets: { headers: readVariables(environment, `${place}.headers_from`, headersFrom) },
  }
}

function readWebSearch(environment: Environment, place: string, settings: ToolSettings): ReadTool {
  const { searxng_url: searxngUrl, brave_api_key_env: variable, max_results: maxResults } = settings
  if ((searxngUrl === undefined) === (variable === undefined)) {
    throw new ConfigError(
      `${place}: expected either searxng_url, where a SearXNG listens, or brave_api_key_env, the environment variable that holds a key of Brave's search.`,
    )
  }
  const { apiKey } = readVariables(
    environment,
    `${place}.brave_api_key_env`,
    variable && { apiKey: variable },
  )
  const url = searxngUrl && plainUrl(searxngUrl, `${place}.searxng_url`, undefined)
  return { tool: { kind: 'web_search', searxngUrl: url, maxResults }, secrets: { apiKey } }
}

function readVariables(
  environment: Environment,
  place: string,
  names: Readonly<Record<string, string>> | undefined | '',
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(names || {}).map(([name, variable]) => {
      const value = environment[variable]
      if (value) return [name, value]
      throw new ConfigError(`${place} names ${variable}, which is not set in the environment.`)
    }),
  )
}

function plainUrl(url: string, place: string, secretsPlace: string | undefined): string {
  const { username, password, hash } = new URL(url)
  if (username === '' && password === '' && hash === '') return url
  const where = secretsPlace ? `; what opens it belongs into a variable that ${secretsPlace} names` : ''
  throw new ConfigError(`${place} holds a user, a password or a fragment; expected an address alone${where}.`)
}
