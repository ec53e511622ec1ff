import type { Protocol, ProviderClient } from '../provider-client.ts'

/** A client that is loaded with its first call: no start waits for one that is set and not used. */
export function createLazyClient(protocol: Protocol, load: () => Promise<ProviderClient>): ProviderClient {
  let loaded: Promise<ProviderClient> | undefined
  const client = (): Promise<ProviderClient> => {
    loaded ??= load()
    return loaded
  }
  return {
    ...protocol,
    complete: async (request, form, signal) => (await client()).complete(request, form, signal),
    listModels: async (signal) => (await client()).listModels(signal),
    async [Symbol.asyncDispose]() {
      await (await loaded)?.[Symbol.asyncDispose]()
    },
  }
}
