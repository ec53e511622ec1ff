import { type AwsCredentials, bedrockUrl, readAwsCredentials, readRegion } from './config-aws.ts'
import { type ConfigFile, providerSchema } from './config-file.ts'
import { isWellKnown, type ProviderTypeName, providerType, providerTypes } from './config-provider-types.ts'
import { ConfigError, type Environment, oneOf } from './config-setting.ts'

export interface ProviderConfig {
  readonly name: string
  readonly type: ProviderTypeName
  /** Ends without a slash; the paths of the type's protocol are put behind it. */
  readonly baseUrl: string
  /** Of AWS: where the type is `bedrock`. */
  readonly region?: string
  /** Model names it serves without being named in front; `*` stands for any characters. */
  readonly models: readonly string[]
  /** Calls at once, at most. */
  readonly maxInFlight: number
  /** Whether it is told which trace a call belongs to. */
  readonly propagatesTrace?: boolean
  /** Over all processes on one database; absent: none. */
  readonly limits?: LimitsConfig
}

/** What all processes together may ask of a provider. */
export interface LimitsConfig {
  readonly inFlight?: number
  readonly requestsPerMinute?: number
  readonly tokensPerMinute?: number
}

/** What opens a provider. */
export type ProviderKey = string | AwsCredentials

type ProviderSettings = ConfigFile['providers'][string]

/** Who serves models, and their keys apart. */
export function readProviders(
  environment: Environment,
  file: ConfigFile,
): { providers: readonly ProviderConfig[]; providerKeys: ReadonlyMap<string, ProviderKey> } {
  const providers: ProviderConfig[] = []
  const providerKeys = new Map<string, ProviderKey>()
  for (const [name, settings] of Object.entries(withWellKnown(environment, file))) {
    const type = settings.type ?? (isWellKnown(name) ? name : 'openai')
    const read = type === 'bedrock' ? readBedrock : readWithKey
    const { key, ...rest } = read(environment, name, type, settings)
    if (key !== undefined) providerKeys.set(name, key)
    providers.push({
      name,
      type,
      ...rest,
      models: settings.models ?? (isWellKnown(name) ? providerTypes[name].models : []),
      maxInFlight: settings.max_in_flight,
      ...(settings.propagate_trace && { propagatesTrace: true }),
      ...(settings.limits && { limits: readLimits(settings.limits) }),
    })
  }
  return { providers, providerKeys }
}

function readLimits(limits: NonNullable<ProviderSettings['limits']>): LimitsConfig {
  const { in_flight: inFlight, requests_per_minute: requests, tokens_per_minute: tokens } = limits
  return {
    ...(inFlight !== undefined && { inFlight }),
    ...(requests !== undefined && { requestsPerMinute: requests }),
    ...(tokens !== undefined && { tokensPerMinute: tokens }),
  }
}

type Read = Pick<ProviderConfig, 'baseUrl' | 'region'> & { readonly key: ProviderKey | undefined }

function readBedrock(
  environment: Environment,
  name: string,
  type: ProviderTypeName,
  settings: ProviderSettings,
): Read {
  const region = readRegion(environment, name, settings)
  const baseUrl = settings.base_url ?? bedrockUrl(region)
  return {
    region,
    baseUrl: apiUrl(baseUrl, `providers.${name}.base_url`, type),
    key: readAwsCredentials(environment, name, settings),
  }
}

function readWithKey(
  environment: Environment,
  name: string,
  type: ProviderTypeName,
  settings: ProviderSettings,
): Read {
  if (settings.region !== undefined) {
    throw new ConfigError(`providers.${name}.region: only a provider of type bedrock has a region.`)
  }
  const key = readKey(environment, name, settings.api_key_env)
  const { baseUrl, place } = readBaseUrl(environment, name, settings)
  if (baseUrl === undefined && key === undefined) {
    throw new ConfigError(
      `providers.${name} has neither base_url nor a key. Set base_url to where its chat API is, or api_key_env to the environment variable that holds its key.`,
    )
  }
  const isAddressKnown = isWellKnown(name) ? name === type : settings.type !== undefined
  if (baseUrl === undefined && !isAddressKnown) {
    throw new ConfigError(
      `providers.${name} has no base_url. Set it to where its chat API is; a key is never sent to an address that nobody named.`,
    )
  }
  return { key, baseUrl: apiUrl(baseUrl ?? providerType(type).baseUrl ?? '', place, type) }
}

function withWellKnown(environment: Environment, file: ConfigFile): ConfigFile['providers'] {
  if (file.providers.local !== undefined) {
    throw new ConfigError(
      'providers.local: the name belongs to the models that run in the process; use another.',
    )
  }
  const providers: ConfigFile['providers'] = { ...file.providers }
  for (const [name, { keyVariables, baseUrlVariable }] of Object.entries(providerTypes)) {
    const isSet = [...keyVariables, baseUrlVariable ?? ''].some((variable) => environment[variable])
    if (isSet && providers[name] === undefined) providers[name] = providerSchema.parse({})
  }
  return providers
}

/** @returns also the settings that can give it, for messages */
function readBaseUrl(
  environment: Environment,
  name: string,
  { base_url: fromFile }: ProviderSettings,
): { readonly baseUrl: string | undefined; readonly place: string } {
  const key = `providers.${name}.base_url`
  const variable = isWellKnown(name) ? providerType(name).baseUrlVariable : undefined
  if (variable === undefined) return { baseUrl: fromFile, place: key }
  return { baseUrl: oneOf(variable, environment[variable], key, fromFile), place: `${variable} or ${key}` }
}

function readKey(
  environment: Environment,
  name: string,
  keyVariable: string | undefined,
): string | undefined {
  const known = isWellKnown(name) ? providerType(name).keyVariables : []
  const [first, ...others] = known.filter((variable) => environment[variable])
  const firstKey = first === undefined ? undefined : environment[first]
  const other = others.find((variable) => environment[variable] !== firstKey)
  if (other !== undefined) {
    throw new ConfigError(`${first} and ${other} in the environment say different things. Set one of them.`)
  }
  if (keyVariable === undefined) return firstKey
  const key = environment[keyVariable]
  if (!key) {
    throw new ConfigError(
      `providers.${name}.api_key_env names ${keyVariable}, which is not set in the environment.`,
    )
  }
  if (firstKey !== undefined && firstKey !== key) {
    throw new ConfigError(
      `${first} and ${keyVariable}, which providers.${name}.api_key_env names, say different things. Set one of them.`,
    )
  }
  return key
}

/** Providers give their address with its version or without; both forms are taken for all. */
function apiUrl(url: string, place: string, type: ProviderTypeName): string {
  const parsed = URL.parse(url)
  if (parsed === null || !/^https?:$/.test(parsed.protocol)) {
    throw new ConfigError(`${place} is no address; expected something like http://localhost:8000/v1.`)
  }
  if (parsed.username !== '' || parsed.password !== '' || parsed.search !== '' || parsed.hash !== '') {
    throw new ConfigError(
      `${place} holds more than an address: a user, a password or a query. Expected something like http://localhost:8000/v1; a key belongs into the variable that api_key_env names.`,
    )
  }
  const { apiPath, isBehindEveryPath } = providerType(type)
  const path = parsed.pathname.replace(/\/+$/, '')
  const isWhole = path !== '' && !(isBehindEveryPath && !/\/v\d\w*$/.test(path))
  return `${parsed.origin}${path}${isWhole ? '' : apiPath}`
}
