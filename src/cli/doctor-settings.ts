import { type Config, ConfigError } from '../config.ts'
import { readConfigFile } from '../config-file.ts'
import type { Io } from './commands.ts'

/** A setting, and what set it. */
export interface ShownSetting {
  readonly name: string
  readonly value: string
  readonly from: string
}

/** The settings that the environment or the file can give, as they came out; a secret only as "set". */
export function settingsOf(
  config: Config,
  { env, workingDir }: Pick<Io, 'env' | 'workingDir'>,
): ShownSetting[] {
  const file = readConfigFile(env, workingDir)
  const source = (variable: string, inFile: unknown): string => {
    if (env[variable]) return variable
    return inFile === undefined ? 'default' : String(env.ASSIZE_CONFIG)
  }
  const { database } = config
  const shown: ShownSetting[] = [
    { name: 'host', value: config.host, from: source('ASSIZE_HOST', file.server.host) },
    { name: 'port', value: String(config.port), from: source('ASSIZE_PORT', file.server.port) },
    { name: 'data_dir', value: config.dataDir, from: source('ASSIZE_DATA_DIR', file.data_dir) },
    {
      name: 'database',
      value: database.engine === 'sqlite' ? database.path : hostOf(database.url),
      from: source('ASSIZE_DATABASE_URL', file.database_url),
    },
  ]
  if (config.secrets.firstApiKey !== undefined) {
    shown.push({ name: 'first API key', value: 'set', from: 'ASSIZE_API_KEY' })
  }
  for (const { name } of config.providers) {
    const isSet = config.secrets.providerKeys.has(name)
    shown.push({
      name: `key of ${name}`,
      value: isSet ? 'set' : 'not set',
      from: isSet ? 'environment' : '-',
    })
  }
  return shown
}

/** Without user and password. */
function hostOf(url: string): string {
  if (!URL.canParse(url)) return 'postgres'
  const { host, pathname } = new URL(url)
  return `postgres://${host}${pathname}`
}

/** Throws what is not about settings. */
export function problemOf(error: unknown): string {
  if (error instanceof ConfigError) return error.message
  throw error
}
