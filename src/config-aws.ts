import type { ConfigFile } from './config-file.ts'
import { ConfigError, type Environment } from './config-setting.ts'

/** Signs calls to AWS. */
export interface AwsCredentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  /** Of credentials that end. */
  readonly sessionToken: string | undefined
}

type ProviderSettings = ConfigFile['providers'][string]

/**
 * The region of a provider on AWS: the file's, else the one that AWS's own variables name.
 * @throws ConfigError where nothing names one, or what it names is none
 */
export function readRegion(environment: Environment, name: string, { region }: ProviderSettings): string {
  const found = region ?? (environment.AWS_REGION || environment.AWS_DEFAULT_REGION)
  if (!found) {
    throw new ConfigError(`providers.${name} has no region. Set region, or AWS_REGION in the environment.`)
  }
  if (/^[a-z]{2,5}(?:-[a-z0-9]+){2,4}$/.test(found)) return found
  throw new ConfigError(
    `providers.${name}: ${JSON.stringify(found)} is no region of AWS; expected something like eu-central-1.`,
  )
}

/** Where Bedrock's models run in a region. */
export function bedrockUrl(region: string): string {
  const suffix = region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com'
  return `https://bedrock-runtime.${region}.${suffix}`
}

/**
 * What opens Bedrock: a key of its own, which goes before access keys as it does in AWS's clients, or access keys.
 * @returns a string for a key of Bedrock's
 * @throws ConfigError where there is neither, or half of an access key
 */
export function readAwsCredentials(
  environment: Environment,
  name: string,
  { api_key_env: keyVariable }: ProviderSettings,
): string | AwsCredentials {
  const key = environment[keyVariable ?? 'AWS_BEARER_TOKEN_BEDROCK']
  if (key) return key
  if (keyVariable !== undefined) {
    throw new ConfigError(
      `providers.${name}.api_key_env names ${keyVariable}, which is not set in the environment.`,
    )
  }
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = environment
  if (accessKeyId && secretAccessKey) {
    return { accessKeyId, secretAccessKey, sessionToken: environment.AWS_SESSION_TOKEN || undefined }
  }
  const problem =
    accessKeyId || secretAccessKey ? 'has half of an access key' : 'has no key and no credentials of AWS'
  throw new ConfigError(
    `providers.${name} ${problem}. Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (and AWS_SESSION_TOKEN where they end), or AWS_BEARER_TOKEN_BEDROCK, or api_key_env to the variable that holds a key of Bedrock's.`,
  )
}
