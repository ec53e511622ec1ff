import { type ConfigFile, providerSchema } from './config-file.ts'
import { ConfigError, type Environment, oneOf } from './config-setting.ts'

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

const wellKnown = {
  mistral: {
    variable: 'MISTRAL',
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
    variable: 'OPENAI',
    baseUrl: 'https://api.openai.com/v1',
    models: ['gpt-*', 'chatgpt-*', 'o1*', 'o3*', 'o4*', 'ft:gpt-*'],
  },
} as const

/** Who serves models, and their keys apart. */
export function readProviders(
  environment: Environment,
  file: ConfigFile,
): { providers: readonly ProviderConfig[]; providerKeys: ReadonlyMap<string, string> } {
  const providers: ProviderConfig[] = []
  const providerKeys = new Map<string, string>()
  for (const [name, settings] of Object.entries(withWellKnown(environment, file))) {
    const type = settings.type ?? (name === 'mistral' ? 'mistral' : 'openai')
    const known = isWellKnown(name) ? wellKnown[name] : undefined
    const place = known
      ? `${known.variable}_BASE_URL or providers.${name}.base_url`
      : `providers.${name}.base_url`
    const key = readKey(environment, name, settings.api_key_env)
    const baseUrl = readBaseUrl(environment, name, settings)
    if (baseUrl === undefined && key === undefined) {
      throw new ConfigError(
        `providers.${name} has neither base_url nor a key. Set base_url to where its chat API is, or api_key_env to the environment variable that holds its key.`,
      )
    }
    if (baseUrl === undefined && known === undefined && settings.type === undefined) {
      throw new ConfigError(
        `providers.${name} has no base_url. Set it to where its chat API is; a key is never sent to an address that nobody named.`,
      )
    }
    if (key !== undefined) providerKeys.set(name, key)
    providers.push({
      name,
      type,
      baseUrl: chatApiUrl(baseUrl ?? wellKnown[type].baseUrl, place),
      models: settings.models ?? known?.models ?? [],
      maxInFlight: settings.max_in_flight,
    })
  }
  return { providers, providerKeys }
}

function isWellKnown(name: string): name is keyof typeof wellKnown {
  return Object.hasOwn(wellKnown, name)
}

function withWellKnown(environment: Environment, file: ConfigFile): ConfigFile['providers'] {
  if (file.providers.local !== undefined) {
    throw new ConfigError(
      'providers.local: the name belongs to the models that run in the process; use another.',
    )
  }
  const providers: ConfigFile['providers'] = { ...file.providers }
  for (const [name, { variable }] of Object.entries(wellKnown)) {
    const isSet = environment[`${variable}_API_KEY`] || environment[`${variable}_BASE_URL`]
    if (isSet && providers[name] === undefined) providers[name] = providerSchema.parse({})
  }
  return providers
}

function readBaseUrl(
  environment: Environment,
  name: string,
  { base_url: fromFile }: ConfigFile['providers'][string],
): string | undefined {
  if (!isWellKnown(name)) return fromFile
  const variable = `${wellKnown[name].variable}_BASE_URL`
  return oneOf(variable, environment[variable], `providers.${name}.base_url`, fromFile)
}

function readKey(
  environment: Environment,
  name: string,
  keyVariable: string | undefined,
): string | undefined {
  const wellKnownVariable = isWellKnown(name) ? `${wellKnown[name].variable}_API_KEY` : ''
  const wellKnownKey = environment[wellKnownVariable]
  if (keyVariable === undefined) return wellKnownKey || undefined
  const key = environment[keyVariable]
  if (!key) {
    throw new ConfigError(
      `providers.${name}.api_key_env names ${keyVariable}, which is not set in the environment.`,
    )
  }
  if (wellKnownKey && wellKnownKey !== key) {
    throw new ConfigError(
      `${wellKnownVariable} and ${keyVariable}, which providers.${name}.api_key_env names, say different things. Set one of them.`,
    )
  }
  return key
}

/** Mistral's documents give its address without `/v1`, OpenAI's with it; both forms are taken for both. */
function chatApiUrl(url: string, place: string): string {
  const parsed = URL.parse(url)
  if (parsed === null || !/^https?:$/.test(parsed.protocol)) {
    throw new ConfigError(`${place} is no address; expected something like http://localhost:8000/v1.`)
  }
  if (parsed.username !== '' || parsed.password !== '' || parsed.search !== '' || parsed.hash !== '') {
    throw new ConfigError(
      `${place} holds more than an address: a user, a password or a query. Expected something like http://localhost:8000/v1; a key belongs into the variable that api_key_env names.`,
    )
  }
  const path = parsed.pathname.replace(/\/+$/, '')
  return `${parsed.origin}${path === '' ? '/v1' : path}`
}
