import type { AwsCredentials } from '../../config.ts'
import type { ProviderClient } from '../provider-client.ts'
import type { Format } from '../request-form.ts'
import { type AnswerForm, answerForm, type JsonSchema } from './ai-call.ts'
import { type AiSettings, createAiClient } from './ai-client.ts'
import type { HttpAnswer } from './http-connection.ts'
import { judgmentTool } from './judgment-tool.ts'
import { sdkProtocols } from './sdk-protocols.ts'

export interface BedrockSettings extends AiSettings {
  readonly region: string
  /** A key of Bedrock's own, or what signs calls to AWS. */
  readonly key: string | AwsCredentials
  /** The models that are listed: Bedrock itself has no list of those that this account may call. */
  readonly modelNames: readonly string[]
}

/**
 * Amazon Bedrock's Converse API.
 * @see https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html
 * @example await using bedrock = createBedrock({ name: 'bedrock', baseUrl, region: 'eu-central-1', key, modelNames: [], maxInFlight: 64 })
 */
export function createBedrock(settings: BedrockSettings): ProviderClient {
  const { baseUrl, region, key } = settings
  const secrets = typeof key === 'string' ? [key] : [key.sessionToken, key.accessKeyId, key.secretAccessKey]
  return createAiClient(settings, {
    ...sdkProtocols.bedrock,
    withoutBounds: ['json_schema'],
    secret: secrets[0],
    headers: {},
    load: async (fetch) => {
      const sdk = await import('@ai-sdk/amazon-bedrock')
      const access = { baseURL: baseUrl, region, fetch }
      if (typeof key === 'string') return sdk.createAmazonBedrock({ ...access, apiKey: key })
      const { accessKeyId, secretAccessKey, sessionToken } = key
      const session = sessionToken === undefined ? {} : { sessionToken }
      // An empty key keeps the SDK from taking one of the environment.
      return sdk.createAmazonBedrock({ ...access, apiKey: '', accessKeyId, secretAccessKey, ...session })
    },
    form: bedrockForm,
    readAnswer: (answer) => withoutSecrets(answer, secrets),
    listModels: async () =>
      settings.modelNames.map((id) => ({
        id,
        ownedBy: undefined,
        name: undefined,
        description: undefined,
        maxContextTokens: undefined,
        createdAt: undefined,
      })),
  })
}

/** The SDK knows of schemas for Anthropic's models alone; the API takes them for others too. */
function bedrockForm(format: Format, schema: JsonSchema): AnswerForm {
  if (format !== 'json_schema') return answerForm(format, schema)
  const jsonSchema = { name: judgmentTool.name, schema: JSON.stringify(schema) }
  const outputConfig = { textFormat: { type: 'json_schema', structure: { jsonSchema } } }
  return { providerOptions: { amazonBedrock: { outputConfig } } }
}

/** AWS repeats what it could not verify of a signed request, the session's token included. */
function withoutSecrets(answer: HttpAnswer, secrets: readonly (string | undefined)[]): HttpAnswer {
  const body = secrets.reduce<string>(
    (text, secret) => (secret ? text.replaceAll(secret, '[key]') : text),
    answer.body,
  )
  return { ...answer, body }
}
