import { expect } from 'vitest'
import type { AwsCredentials } from '../../src/config.ts'
import { ModelFailure, type ModelRequest } from '../../src/judging/model.ts'
import { createHostedProvider, type HostedProvider } from '../../src/models/hosted-provider.ts'
import type { ProviderServer } from './provider-server.ts'

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

/** A provider that talks to this server. */
export function openAi(
  type: AiType,
  server: ProviderServer,
  key: string | AwsCredentials | undefined = type === 'bedrock' ? awsCredentials : aiKey,
  maxAttempts = 1,
): HostedProvider {
  const { origin } = new URL(server.baseUrl)
  return createHostedProvider(
    {
      name: 'court',
      type,
      baseUrl: type === 'bedrock' ? origin : server.baseUrl,
      models: ['judge-*', 'judge-small'],
      maxInFlight: 4,
      ...(type === 'bedrock' && { region: 'eu-central-1' }),
    },
    key,
    { maxAttempts, sleep: async () => {} },
  )
}

export function aiRequest(type: AiType, changes: Partial<ModelRequest> = {}): ModelRequest {
  return {
    modelName: aiModels[type],
    messages: [
      { role: 'system', content: 'You judge.' },
      { role: 'user', content: 'Is it right?' },
    ],
    output: {
      type: 'CLASSIFICATION',
      options: [
        { value: 'yes', description: 'It is.' },
        { value: 'no', description: 'It is not.' },
      ],
    },
    maxOutputTokens: 256,
    ...changes,
  }
}

export const regression = {
  output: { type: 'REGRESSION', min: 1, minDescription: '', max: 5, maxDescription: '' },
} as const satisfies Partial<ModelRequest>

export async function failureOf(work: Promise<unknown>): Promise<ModelFailure> {
  const thrown = await work.then(
    () => undefined,
    (error: unknown) => error,
  )
  expect(thrown).toBeInstanceOf(ModelFailure)
  return thrown as ModelFailure
}
