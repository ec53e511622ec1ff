import type { FetchUrlConfig, ToolConfig, ToolSecrets, WebSearchConfig } from '../config.ts'
import { createFetchUrl } from './built-in/fetch-url.ts'
import { createWebSearch, type SearchEngine } from './built-in/web-search.ts'
import type { ToolSource } from './tool-source.ts'

type BuiltInConfig = ToolConfig & (FetchUrlConfig | WebSearchConfig)

/** A tool of Assize as a source of one, under the name that the configuration gives it. */
export function createBuiltInSource(
  config: BuiltInConfig,
  description: string,
  secrets: ToolSecrets,
): ToolSource {
  const { name, kind, timeoutMs } = config
  const tool =
    kind === 'fetch_url'
      ? createFetchUrl({ timeoutMs, maxBytes: config.maxBytes, allowedHosts: config.allowHosts })
      : createWebSearch({ timeoutMs, maxResults: config.maxResults, engine: engineOf(config, secrets) })
  return {
    name,
    description,
    hasNamedTools: false,
    tools: async () => [{ ...tool, name }],
    [Symbol.asyncDispose]: async () => undefined,
  }
}

function engineOf({ searxngUrl }: WebSearchConfig, { apiKey = '' }: ToolSecrets): SearchEngine {
  return searxngUrl === undefined ? { kind: 'brave', apiKey } : { kind: 'searxng', baseUrl: searxngUrl }
}
