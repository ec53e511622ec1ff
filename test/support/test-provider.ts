import { onTestFinished } from 'vitest'
import type { ProviderConfig, ProviderKey } from '../../src/config.ts'
import type { ModelRequest } from '../../src/judging/model.ts'
import { createHostedProvider, type HostedProvider } from '../../src/models/hosted-provider.ts'
import { type ProviderServer, startProviderServer } from './provider-server.ts'

interface Settings extends Partial<Parameters<typeof createHostedProvider>[2]> {
  /** The provider wants none without. */
  readonly key?: ProviderKey
}

/** What a test asks a model where it does not matter what. */
export const request: ModelRequest = {
  modelName: 'judge-small',
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
}

/** A server of the test's own, and a provider that talks to it; both are gone after the test. */
export async function startTestProvider(
  config: Partial<ProviderConfig> = {},
  settings: Settings = {},
): Promise<{ readonly server: ProviderServer; readonly provider: HostedProvider }> {
  const server = await startTestServer()
  return { server, provider: openTestProvider(server, config, settings) }
}

/** A server that is gone after the test. */
export async function startTestServer(): Promise<ProviderServer> {
  const server = await startProviderServer()
  onTestFinished(() => server[Symbol.asyncDispose]())
  return server
}

/**
 * A provider that talks to this server, and is closed after the test, before the server is. It speaks OpenAI's
 * protocol, tries once and waits for nothing, unless the test says otherwise.
 */
export function openTestProvider(
  server: ProviderServer,
  config: Partial<ProviderConfig> = {},
  { key, ...settings }: Settings = {},
): HostedProvider {
  const provider = createHostedProvider(
    { name: 'court', type: 'openai', baseUrl: server.baseUrl, models: [], maxInFlight: 16, ...config },
    key,
    { maxAttempts: 1, sleep: async () => {}, ...settings },
  )
  onTestFinished(() => provider[Symbol.asyncDispose]())
  return provider
}
