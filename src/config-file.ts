import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { parse as parseYaml, YAMLParseError } from 'yaml'
import { z } from 'zod'
import { ConfigError, type Environment } from './config-setting.ts'
import { toolSettings } from './config-tool-settings.ts'

export const providerSchema = z.strictObject({
  type: z.enum(['mistral', 'openai', 'anthropic', 'google', 'bedrock']).optional(),
  region: z.string().min(1).optional(),
  base_url: z.url({ protocol: /^https?$/ }).optional(),
  api_key_env: z.string().min(1).optional(),
  models: z.array(z.string().min(1)).optional(),
  propagate_trace: z.boolean().default(false),
  max_in_flight: z.int().min(1).max(10_000).default(64),
  limits: z
    .strictObject({
      in_flight: z.int().min(1).max(100_000).optional(),
      requests_per_minute: z.int().min(1).max(100_000_000).optional(),
      tokens_per_minute: z.int().min(1).max(100_000_000_000).optional(),
    })
    .optional(),
})

const daysOrNever = z.union([z.int().min(1).max(36_500), z.literal('never')])

export const fileSchema = z.strictObject({
  server: z
    .strictObject({
      host: z.string().min(1).optional(),
      port: z.int().min(0).max(65_535).optional(),
      max_body_bytes: z.int().min(1024).max(1_073_741_824).default(4_194_304),
      client_timeout_seconds: z.number().positive().max(86_400).default(60),
      cors_origins: z.array(z.string().min(1).max(500)).max(100).default([]),
      trusted_proxies: z.array(z.string().min(1).max(100)).max(100).default([]),
    })
    .prefault({}),
  limits: z
    .strictObject({
      requests_per_minute: z.int().min(1).max(1_000_000).optional(),
      wrong_keys_per_minute: z.union([z.int().min(1).max(1_000_000), z.literal('unlimited')]).default(30),
    })
    .prefault({}),
  tls: z
    .strictObject({ cert_file: z.string().min(1).optional(), key_file: z.string().min(1).optional() })
    .prefault({}),
  data_dir: z.string().min(1).optional(),
  database_url: z.string().min(1).optional(),
  database: z.strictObject({ pool_size: z.int().min(2).max(1000).default(10) }).prefault({}),
  log_level: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  providers: z.record(z.string().regex(/^[a-z0-9][a-z0-9_-]*$/), providerSchema).default({}),
  panels: z
    .record(
      z.string().regex(/^[a-z0-9][a-z0-9._-]*$/),
      z.strictObject({
        models: z.array(z.string().min(1).max(500)).min(2).max(32),
        options: z.enum(['majority', 'unanimous']).default('majority'),
        numbers: z.enum(['mean', 'median']).default('mean'),
      }),
    )
    .default({}),
  local: z
    .strictObject({
      enabled: z.boolean().default(true),
      context_tokens: z.int().min(512).max(1_048_576).default(8192),
      max_analysis_tokens: z.int().min(1).max(8192).default(160),
      parallel_judgments: z.int().min(1).max(64).default(2),
      threads: z.int().min(1).max(512).optional(),
      unload_after_minutes: z.number().positive().max(10_080).default(15),
    })
    .prefault({}),
  judging: z
    .strictObject({
      deadline_seconds: z.number().positive().max(3600).default(120),
      max_output_tokens: z.int().min(16).max(1_000_000).default(2048),
      max_attempts: z.int().min(1).max(20).default(4),
      max_tool_rounds: z.int().min(1).max(100).default(8),
      sample_temperature: z.number().positive().max(2).default(0.7),
    })
    .prefault({}),
  judgments: z
    .strictObject({
      store: z.boolean().default(true),
      keep_analysis: z.boolean().default(true),
      keep_conversation: z.boolean().default(false),
      retention_days: z.int().min(1).max(36_500).optional(),
    })
    .prefault({}),
  audit: z.strictObject({ retention_days: z.int().min(1).max(36_500).optional() }).prefault({}),
  retention: z
    .strictObject({
      imports_days: daysOrNever.default(90),
      unused_files_days: daysOrNever.default('never'),
      dead_keys_days: daysOrNever.default(90),
    })
    .prefault({}),
  prices: z
    .array(
      z.strictObject({
        models: z.array(z.string().min(1).max(500)).min(1),
        input_per_million: z.number().min(0).max(1_000_000),
        output_per_million: z.number().min(0).max(1_000_000),
      }),
    )
    .default([]),
  budgets: z
    .array(
      z.strictObject({
        workspace: z.string().min(1).max(500).optional(),
        judge: z.string().min(1).max(500).optional(),
        per_day: z.number().positive().max(1_000_000_000),
      }),
    )
    .max(100)
    .default([]),
  runs: z
    .strictObject({
      at_once: z.int().min(1).max(100).default(4),
      concurrency: z.int().min(1).max(1000).default(16),
      in_flight: z.int().min(1).max(100_000).optional(),
    })
    .prefault({}),
  metrics: z.strictObject({ open: z.boolean().default(false) }).prefault({}),
  max_file_bytes: z.int().min(1024).max(1_099_511_627_776).default(536_870_912),
  ...toolSettings,
})

/** The YAML file, with its defaults. */
export type ConfigFile = z.output<typeof fileSchema>

/** What may stand in the YAML file; docs/configuration.md says what it means. */
export type ConfigSettings = Unchanged<z.input<typeof fileSchema>>

type Unchanged<Value> = Value extends object
  ? { readonly [Key in keyof Value]: Unchanged<Value[Key]> }
  : Value

/** The file that the environment names, or what one without settings means. */
export function readConfigFile(environment: Environment, workingDir: string): ConfigFile {
  const document = readDocument(environment, workingDir)
  if (document === undefined) return fileSchema.parse({})
  return checkSettings(document, `ASSIZE_CONFIG: ${resolve(workingDir, environment.ASSIZE_CONFIG ?? '')}`)
}

/** What stands in the file, unchecked; undefined where none is named. */
export function readDocument(environment: Environment, workingDir: string): unknown {
  if (!environment.ASSIZE_CONFIG) return undefined
  const path = resolve(workingDir, environment.ASSIZE_CONFIG)
  try {
    return parseYaml(readFileSync(path, 'utf8')) ?? {}
  } catch (error) {
    const what = error instanceof YAMLParseError ? 'is no valid YAML' : "can't be read"
    throw new ConfigError(`ASSIZE_CONFIG: ${path} ${what}: ${(error as Error).message}`, { cause: error })
  }
}

/**
 * Settings as the YAML file spells them, with defaults for the others.
 * @param place where they stand, for messages
 * @throws ConfigError naming each that can't be used
 */
export function checkSettings(settings: unknown, place: string): ConfigFile {
  const parsed = fileSchema.safeParse(settings)
  if (parsed.success) return parsed.data
  throw new ConfigError(`${place} has settings that can't be used.\n${z.prettifyError(parsed.error)}`)
}
