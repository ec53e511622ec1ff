import type { AwsCredentials } from '../../src/config.ts'
import type { ModelRequest } from '../../src/judging/model.ts'
import type { HostedProvider } from '../../src/models/hosted-provider.ts'
import type { ProviderServer } from './provider-server.ts'
import { openTestProvider, request } from './test-provider.ts'

export type AiType = 'anthropic' | 'google' | 'bedrock'

export const aiKey = 'a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6'

export const awsCredentials: AwsCredentials = {
  accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
  sessionToken: 'IQoJb3JpZ2luX2VjEXAMPLE',
}

/** Models that take all that their provider has. */
export const aiModels: Readonly<Record<AiType, string>> = {
  anthropic: 'claude-sonnet-4-5',
  google: 'gemini-2.5-flash',
  bedrock: 'eu.anthropic.claude-sonnet-4-5-20250929-v1:0',
}

/** A provider that talks to this server, and is closed after the test. */
export function openAi(
  type: AiType,
  server: ProviderServer,
  key: string | AwsCredentials | undefined = type === 'bedrock' ? awsCredentials : aiKey,
  maxAttempts = 1,
): HostedProvider {
  const { origin } = new URL(server.baseUrl)
  return openTestProvider(
    server,
    {
      type,
      models: ['judge-*', 'judge-small'],
      maxInFlight: 4,
      ...(type === 'bedrock' && { baseUrl: origin, region: 'eu-central-1' }),
    },
    { key, maxAttempts },
  )
}

export function aiRequest(type: AiType, changes: Partial<ModelRequest> = {}): ModelRequest {
  return { ...request, modelName: aiModels[type], ...changes }
}

export const regression = {
  output: { type: 'REGRESSION', min: 1, minDescription: '', max: 5, maxDescription: '' },
} as const satisfies Partial<ModelRequest>
