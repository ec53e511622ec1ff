import type { Config } from '../config.ts'
import { type ListedSetting, listSettings } from '../config-listed.ts'
import { isWellKnown, providerType } from '../config-provider-types.ts'
import type { Io } from './commands.ts'

/** A setting, and what set it. */
export interface ShownSetting {
  readonly name: string
  readonly value: string
  /** `default`, the name of the variable, or the path of the file. */
  readonly from: string
}

type Place = Pick<Io, 'env' | 'workingDir'>

/** Which variables give what the file can give, too, and how it came out. */
const byVariable: Readonly<Record<string, readonly [variable: string, (config: Config) => string]>> = {
  'server.host': ['ASSIZE_HOST', ({ host }) => host],
  'server.port': ['ASSIZE_PORT', ({ port }) => String(port)],
  data_dir: ['ASSIZE_DATA_DIR', ({ dataDir }) => dataDir],
  database_url: [
    'ASSIZE_DATABASE_URL',
    ({ database }) => (database.engine === 'sqlite' ? database.path : hostOf(database.url)),
  ],
}

/** Every setting that the environment or the file can give, as it came out; a secret only as "set". */
export function settingsOf(config: Config, place: Place): ShownSetting[] {
  const listed = listSettings(place.env, place.workingDir)
  return [
    ...listed.map((setting) => showListed(setting, config, place)),
    ...providersOf(config, listed, place),
    ...(config.secrets.firstApiKey === undefined
      ? []
      : [{ name: 'first API key', value: 'set', from: 'ASSIZE_API_KEY' }]),
    ...ofOpenTelemetry(place),
  ]
}

function showListed({ name, value, isInFile }: ListedSetting, config: Config, { env }: Place): ShownSetting {
  const file = String(env.ASSIZE_CONFIG)
  const given = byVariable[name]
  if (given === undefined)
    return { name, value: textOf(name, value, isInFile), from: isInFile ? file : 'default' }
  const [variable, show] = given
  return { name, value: show(config), from: env[variable] ? variable : isInFile ? file : 'default' }
}

/** What stands in `tools` may hold what a server of tools is told in secret. */
function textOf(name: string, value: unknown, isInFile: boolean): string {
  if (value === undefined) return 'not set'
  if (/^tools\b/.test(name) && isInFile) return 'set'
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** Where each provider is, and what set its key. */
function providersOf(
  { providers, secrets }: Config,
  listed: readonly ListedSetting[],
  { env }: Place,
): ShownSetting[] {
  return providers.flatMap(({ name, baseUrl }) => {
    const inFile = (setting: string) =>
      listed.find((one) => one.name === `providers.${name}.${setting}` && one.isInFile)?.value
    const { keyVariables, baseUrlVariable = '' } = isWellKnown(name)
      ? providerType(name)
      : { keyVariables: [] }
    const fromFile = inFile('base_url') === undefined ? 'default' : String(env.ASSIZE_CONFIG)
    const named = inFile('api_key_env')
    const variable = typeof named === 'string' ? named : keyVariables.find((known) => env[known])
    const isSet = secrets.providerKeys.has(name)
    return [
      { name: `address of ${name}`, value: baseUrl, from: env[baseUrlVariable] ? baseUrlVariable : fromFile },
      {
        name: `key of ${name}`,
        value: isSet ? 'set' : 'not set',
        from: isSet ? (variable ?? 'environment') : '-',
      },
    ]
  })
}

/** What its own SDK reads; headers hold keys. */
function ofOpenTelemetry({ env }: Place): ShownSetting[] {
  return Object.entries(env)
    .filter(([name, value]) => name.startsWith('OTEL_') && value)
    .map(([name, value]) => ({ name, value: /HEADERS|KEY/.test(name) ? 'set' : String(value), from: name }))
}

/** Without user and password. */
function hostOf(url: string): string {
  if (!URL.canParse(url)) return 'postgres'
  const { host, pathname } = new URL(url)
  return `postgres://${host}${pathname}`
}
