import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parse as parseYaml, YAMLParseError } from 'yaml'
import { z } from 'zod'

/** A setting that can't be used: the message names it and says what would be right. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
}

export type DatabaseLocation =
  | { readonly engine: 'sqlite'; readonly path: string }
  | { readonly engine: 'postgres'; readonly url: string }

export interface ProviderConfig {
  readonly name: string
  readonly type: 'mistral' | 'openai'
  /** Ends without a slash; the chat API is at `<baseUrl>/chat/completions`. */
  readonly baseUrl: string
  /** Model names it serves without being named in front; `*` stands for any characters. */
  readonly models: readonly string[]
  /** Calls at once, at most. */
  readonly maxInFlight: number
}

export interface Config {
  readonly host: string
  readonly port: number
  readonly dataDir: string
  readonly database: DatabaseLocation
  readonly maxBodyBytes: number
  readonly logLevel: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent'
  readonly providers: readonly ProviderConfig[]
  readonly local: {
    readonly isEnabled: boolean
    readonly contextTokens: number
    readonly maxAnalysisTokens: number
    /** Judgments at once in one model. */
    readonly parallelJudgments: number
  }
  readonly judging: {
    readonly deadlineMs: number
    readonly maxOutputTokens: number
    /** Calls to the provider for one reply, the first included. */
    readonly maxAttempts: number
  }
  readonly judgments: {
    readonly areStored: boolean
    readonly keepAnalysis: boolean
    readonly keepConversation: boolean
  }
  readonly secrets: Secrets
}

/** Never logged, never shown. */
export interface Secrets {
  readonly firstApiKey: string | undefined
  /** By provider name. */
  readonly providerKeys: ReadonlyMap<string, string>
}

export type Environment = Readonly<Record<string, string | undefined>>

const knownVariables = [
  'ASSIZE_HOST',
  'ASSIZE_PORT',
  'ASSIZE_DATA_DIR',
  'ASSIZE_DATABASE_URL',
  'ASSIZE_API_KEY',
  'ASSIZE_CONFIG',
]

const providerSchema = z.strictObject({
  type: z.enum(['mistral', 'openai']).optional(),
  base_url: z.url({ protocol: /^https?$/ }).optional(),
  api_key_env: z.string().min(1).optional(),
  models: z.array(z.string().min(1)).optional(),
  max_in_flight: z.int().min(1).max(10_000).default(64),
})

const fileSchema = z.strictObject({
  server: z
    .strictObject({
      host: z.string().min(1).optional(),
      port: z.int().min(0).max(65_535).optional(),
      max_body_bytes: z.int().min(1024).max(1_073_741_824).default(4_194_304),
    })
    .prefault({}),
  data_dir: z.string().min(1).optional(),
  database_url: z.string().min(1).optional(),
  log_level: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  providers: z.record(z.string().regex(/^[a-z0-9][a-z0-9_-]*$/), providerSchema).default({}),
  local: z
    .strictObject({
      enabled: z.boolean().default(true),
      context_tokens: z.int().min(512).max(1_048_576).default(8192),
      max_analysis_tokens: z.int().min(1).max(8192).default(160),
      parallel_judgments: z.int().min(1).max(64).default(2),
    })
    .prefault({}),
  judging: z
    .strictObject({
      deadline_seconds: z.number().positive().max(3600).default(120),
      max_output_tokens: z.int().min(16).max(1_000_000).default(2048),
      max_attempts: z.int().min(1).max(20).default(4),
    })
    .prefault({}),
  judgments: z
    .strictObject({
      store: z.boolean().default(true),
      keep_analysis: z.boolean().default(true),
      keep_conversation: z.boolean().default(false),
    })
    .prefault({}),
})

type ConfigFile = z.output<typeof fileSchema>

const wellKnown = {
  mistral: {
    baseUrl: 'https://api.mistral.ai/v1',
    models: [
      'mistral-*',
      'ministral-*',
      'magistral-*',
      'codestral-*',
      'devstral-*',
      'pixtral-*',
      'voxtral-*',
      'open-mistral-*',
      'open-mixtral-*',
      'open-codestral-*',
      'ft:*mistral-*',
      'ft:*ministral-*',
    ],
  },
  openai: {
    baseUrl: 'https://api.openai.com/v1',
    models: ['gpt-*', 'chatgpt-*', 'o1*', 'o3*', 'o4*', 'ft:gpt-*'],
  },
} as const

/**
 * The configuration that an environment and the YAML file it names make together.
 * A setting is set in one place: when the two places disagree, it is refused by name.
 * @throws ConfigError naming each setting that is unknown, malformed or contradictory.
 */
export function loadConfig(environment: Environment, workingDir: string): Config {
  refuseUnknownVariables(environment)
  const file = readConfigFile(environment)
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
  return Object.freeze<Config>({
    host: oneOf('ASSIZE_HOST', environment.ASSIZE_HOST, 'server.host', file.server.host) ?? '127.0.0.1',
    port: readPort(
      oneOf('ASSIZE_PORT', environment.ASSIZE_PORT, 'server.port', file.server.port?.toString()),
    ),
    dataDir,
    database: readDatabaseUrl(databaseUrl, workingDir) ?? {
      engine: 'sqlite',
      path: join(dataDir, 'assize.db'),
    },
    maxBodyBytes: file.server.max_body_bytes,
    logLevel: file.log_level,
    providers,
    local: {
      isEnabled: file.local.enabled,
      contextTokens: file.local.context_tokens,
      maxAnalysisTokens: file.local.max_analysis_tokens,
      parallelJudgments: file.local.parallel_judgments,
    },
    judging: {
      deadlineMs: file.judging.deadline_seconds * 1000,
      maxOutputTokens: file.judging.max_output_tokens,
      maxAttempts: file.judging.max_attempts,
    },
    judgments: {
      areStored: file.judgments.store,
      keepAnalysis: file.judgments.keep_analysis,
      keepConversation: file.judgments.keep_conversation,
    },
    secrets: { firstApiKey: readFirstApiKey(environment), providerKeys },
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

function readConfigFile(environment: Environment): ConfigFile {
  const path = environment.ASSIZE_CONFIG
  if (path === undefined || path === '') return fileSchema.parse({})
  let document: unknown
  try {
    document = parseYaml(readFileSync(path, 'utf8')) ?? {}
  } catch (error) {
    const what = error instanceof YAMLParseError ? 'is no valid YAML' : "can't be read"
    throw new ConfigError(`ASSIZE_CONFIG: ${path} ${what}: ${(error as Error).message}`, { cause: error })
  }
  const parsed = fileSchema.safeParse(document)
  if (parsed.success) return parsed.data
  throw new ConfigError(
    `ASSIZE_CONFIG: ${path} has settings that can't be used.\n${z.prettifyError(parsed.error)}`,
  )
}

function oneOf(
  variable: string,
  fromEnvironment: string | undefined,
  key: string,
  fromFile: string | undefined,
): string | undefined {
  if (fromEnvironment === undefined || fromEnvironment === '') return fromFile
  if (fromFile !== undefined && fromFile !== fromEnvironment) {
    throw new ConfigError(
      `${variable} in the environment and ${key} in the YAML file say different things. Set one of them.`,
    )
  }
  return fromEnvironment
}

function readPort(text: string | undefined): number {
  if (text === undefined) return 4800
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN
  if (port <= 65_535) return port
  throw new ConfigError(`ASSIZE_PORT is ${JSON.stringify(text)}; expected a whole number from 0 to 65535.`)
}

function readDatabaseUrl(url: string | undefined, workingDir: string): DatabaseLocation | undefined {
  if (url === undefined) return undefined
  if (/^postgres(ql)?:\/\//.test(url)) return { engine: 'postgres', url }
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

function readProviders(
  environment: Environment,
  file: ConfigFile,
): { providers: readonly ProviderConfig[]; providerKeys: ReadonlyMap<string, string> } {
  const providers: ProviderConfig[] = []
  const providerKeys = new Map<string, string>()
  for (const [name, settings] of Object.entries(withWellKnown(environment, file))) {
    const type = settings.type ?? (name === 'mistral' ? 'mistral' : 'openai')
    const variable = name === 'mistral' ? 'MISTRAL' : name === 'openai' ? 'OPENAI' : undefined
    const baseUrl = variable
      ? oneOf(
          `${variable}_BASE_URL`,
          environment[`${variable}_BASE_URL`],
          `providers.${name}.base_url`,
          settings.base_url,
        )
      : settings.base_url
    const key = readProviderKey(environment, name, settings.api_key_env, variable)
    if (baseUrl === undefined && key === undefined) {
      throw new ConfigError(
        `providers.${name} has neither base_url nor a key. Set base_url to where its chat API is, or api_key_env to the environment variable that holds its key.`,
      )
    }
    if (key !== undefined) providerKeys.set(name, key)
    providers.push({
      name,
      type,
      baseUrl: chatApiUrl(baseUrl ?? wellKnown[type].baseUrl, type),
      models: settings.models ?? (variable ? wellKnown[type].models : []),
      maxInFlight: settings.max_in_flight,
    })
  }
  return { providers, providerKeys }
}

function withWellKnown(environment: Environment, file: ConfigFile): ConfigFile['providers'] {
  const providers: ConfigFile['providers'] = { ...file.providers }
  for (const name of ['mistral', 'openai']) {
    const isSet =
      environment[`${name.toUpperCase()}_API_KEY`] || environment[`${name.toUpperCase()}_BASE_URL`]
    if (isSet && providers[name] === undefined) providers[name] = providerSchema.parse({})
  }
  if (providers.local !== undefined) {
    throw new ConfigError(
      'providers.local: the name belongs to the models that run in the process; use another.',
    )
  }
  return providers
}

function readProviderKey(
  environment: Environment,
  name: string,
  keyVariable: string | undefined,
  wellKnownVariable: string | undefined,
): string | undefined {
  const variable = keyVariable ?? (wellKnownVariable && `${wellKnownVariable}_API_KEY`)
  const key = variable === undefined ? undefined : environment[variable]
  if (keyVariable !== undefined && !key) {
    throw new ConfigError(
      `providers.${name}.api_key_env names ${keyVariable}, which is not set in the environment.`,
    )
  }
  return key || undefined
}

/** Mistral's documents give its address without `/v1`, OpenAI's with it; both forms are taken for both. */
function chatApiUrl(url: string, type: ProviderConfig['type']): string {
  let parsed: URL
  try {
    parsed = new URL(url)
  } catch {
    throw new ConfigError(
      `${url} is no address of a ${type} provider; expected something like http://localhost:8000/v1.`,
    )
  }
  const path = parsed.pathname.replace(/\/+$/, '')
  return `${parsed.origin}${path === '' ? '/v1' : path}`
}
