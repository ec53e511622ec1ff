import { join, resolve } from 'node:path'
import type { AwsCredentials } from './config-aws.ts'
import { type EdgesConfig, readEdges, type TlsConfig } from './config-edges.ts'
import { type ConfigSettings, checkSettings, readConfigFile } from './config-file.ts'
import { type KeptConfig, readKept } from './config-kept.ts'
import { type PanelConfig, readPanels } from './config-panels.ts'
import { type ProviderConfig, type ProviderKey, readProviders } from './config-providers.ts'
import { ConfigError, type Environment, oneOf } from './config-setting.ts'
import { readTelemetry, type TelemetryConfig } from './config-telemetry.ts'
import {
  type ConnectorConfig,
  type FetchUrlConfig,
  type HttpToolConfig,
  type ProcessToolConfig,
  readTools,
  type ToolConfig,
  type ToolSecrets,
  type ToolsConfig,
  type WebSearchConfig,
} from './config-tools.ts'

export {
  type AwsCredentials,
  ConfigError,
  type ConfigSettings,
  type ConnectorConfig,
  type Environment,
  type FetchUrlConfig,
  type HttpToolConfig,
  type ProcessToolConfig,
  type ProviderConfig,
  type ProviderKey,
  type TlsConfig,
  type ToolConfig,
  type ToolSecrets,
  type ToolsConfig,
  type WebSearchConfig,
}

export type DatabaseLocation =
  | { readonly engine: 'sqlite'; readonly path: string }
  /** `poolSize`: connections of one process at most; absent: 10. */
  | { readonly engine: 'postgres'; readonly url: string; readonly poolSize?: number }

export interface Config extends KeptConfig, EdgesConfig {
  readonly host: string
  readonly port: number
  readonly dataDir: string
  readonly database: DatabaseLocation
  readonly maxBodyBytes: number
  readonly logLevel: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent'
  readonly providers: readonly ProviderConfig[]
  readonly panels: readonly PanelConfig[]
  readonly local: {
    readonly isEnabled: boolean
    readonly contextTokens: number
    readonly maxAnalysisTokens: number
    /** Judgments at once in one model. */
    readonly parallelJudgments: number
    /** Absent: one for every core but one. */
    readonly threads?: number
    /** How long a model without judgments stays in memory. */
    readonly unloadAfterMs: number
  }
  readonly judging: {
    readonly deadlineMs: number
    readonly maxOutputTokens: number
    /** Calls to the provider for one reply, the first included. */
    readonly maxAttempts: number
    /** How often a model may ask for tools in one judgment, several at a time. */
    readonly maxToolRounds: number
    /** Of each of several samples of one judgment. */
    readonly sampleTemperature: number
  }
  readonly tools: ToolsConfig
  readonly telemetry: TelemetryConfig
  readonly secrets: Secrets
}

/** Never logged, never shown. */
export interface Secrets {
  readonly firstApiKey: string | undefined
  /** By provider name. */
  readonly providerKeys: ReadonlyMap<string, ProviderKey>
  /** By the name of the tool, each with one entry. */
  readonly toolSecrets: ReadonlyMap<string, ToolSecrets>
}

const knownVariables = [
  'ASSIZE_HOST',
  'ASSIZE_PORT',
  'ASSIZE_DATA_DIR',
  'ASSIZE_DATABASE_URL',
  'ASSIZE_API_KEY',
  'ASSIZE_CONFIG',
]

/**
 * The configuration that an environment and the YAML file it names make together.
 * A setting is set in one place: when the two places disagree, it is refused by name.
 * @param settings in the place of the YAML file
 * @throws ConfigError naming each setting that is unknown, malformed or contradictory.
 */
export function loadConfig(environment: Environment, workingDir: string, settings?: ConfigSettings): Config {
  refuseUnknownVariables(environment)
  const file =
    settings === undefined
      ? readConfigFile(environment, workingDir)
      : checkSettings(settings, 'The configuration')
  const dataDir = resolve(
    workingDir,
    oneOf('ASSIZE_DATA_DIR', environment.ASSIZE_DATA_DIR, 'data_dir', file.data_dir) ?? '.assize',
  )
  const databaseUrl = oneOf(
    'ASSIZE_DATABASE_URL',
    environment.ASSIZE_DATABASE_URL,
    'database_url',
    file.database_url,
  )
  const { providers, providerKeys } = readProviders(environment, file)
  const { tools, toolSecrets } = readTools(environment, file, workingDir)
  return Object.freeze<Config>({
    host: oneOf('ASSIZE_HOST', environment.ASSIZE_HOST, 'server.host', file.server.host) ?? '127.0.0.1',
    port: readPort(
      oneOf('ASSIZE_PORT', environment.ASSIZE_PORT, 'server.port', file.server.port?.toString()),
    ),
    dataDir,
    database: readDatabaseUrl(databaseUrl, workingDir, file.database.pool_size) ?? {
      engine: 'sqlite',
      path: join(dataDir, 'assize.db'),
    },
    maxBodyBytes: file.server.max_body_bytes,
    logLevel: file.log_level,
    providers,
    panels: readPanels(file),
    local: {
      isEnabled: file.local.enabled,
      contextTokens: file.local.context_tokens,
      maxAnalysisTokens: file.local.max_analysis_tokens,
      parallelJudgments: file.local.parallel_judgments,
      ...(file.local.threads !== undefined && { threads: file.local.threads }),
      unloadAfterMs: file.local.unload_after_minutes * 60_000,
    },
    judging: {
      deadlineMs: file.judging.deadline_seconds * 1000,
      maxOutputTokens: file.judging.max_output_tokens,
      maxAttempts: file.judging.max_attempts,
      maxToolRounds: file.judging.max_tool_rounds,
      sampleTemperature: file.judging.sample_temperature,
    },
    ...readEdges(file, workingDir),
    ...readKept(file),
    tools,
    telemetry: readTelemetry(environment),
    secrets: { firstApiKey: readFirstApiKey(environment), providerKeys, toolSecrets },
  })
}

function refuseUnknownVariables(environment: Environment): void {
  const unknown = Object.keys(environment).filter(
    (name) => name.startsWith('ASSIZE_') && !knownVariables.includes(name),
  )
  if (unknown.length === 0) return
  throw new ConfigError(
    `Unknown setting ${unknown.join(', ')}. The settings are ${knownVariables.join(', ')}; everything else is set in the YAML file that ASSIZE_CONFIG names.`,
  )
}

function readPort(text: string | undefined): number {
  if (text === undefined) return 4800
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN
  if (port <= 65_535) return port
  throw new ConfigError(`ASSIZE_PORT is ${JSON.stringify(text)}; expected a whole number from 0 to 65535.`)
}

function readDatabaseUrl(
  url: string | undefined,
  workingDir: string,
  poolSize: number,
): DatabaseLocation | undefined {
  if (url === undefined) return undefined
  if (/^postgres(ql)?:\/\//.test(url)) return { engine: 'postgres', url, poolSize }
  const path = /^sqlite:(.+)$/.exec(url)?.[1]
  if (path === undefined) {
    throw new ConfigError(
      'ASSIZE_DATABASE_URL must be sqlite:PATH or postgres://USER:PASSWORD@HOST/DATABASE.',
    )
  }
  return { engine: 'sqlite', path: resolve(workingDir, path) }
}

function readFirstApiKey(environment: Environment): string | undefined {
  const key = environment.ASSIZE_API_KEY
  if (key === undefined || key === '') return undefined
  if (/^[\x21-\x7e]{16,200}$/.test(key)) return key
  throw new ConfigError('ASSIZE_API_KEY must be 16 to 200 printable ASCII characters without spaces.')
}
