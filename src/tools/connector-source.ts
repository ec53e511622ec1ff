import type { ConnectorConfig } from '../config.ts'
import { type Connector, ToolUnavailable } from '../judging/tool.ts'
import type { ToolSource } from './tool-source.ts'

const descriptions: Readonly<Record<Connector['type'], string>> = {
  web_search: 'Searches the web, at Mistral and for its models.',
  web_search_premium: 'Searches the web and news agencies, at Mistral and for its models.',
  code_interpreter: 'Runs code, at Mistral and for its models.',
  document_library: 'Looks into libraries of documents, at Mistral and for its models.',
}

/** A tool that Mistral runs, as a source of one. */
export function createConnectorSource(
  name: string,
  { connector: type, libraryIds }: ConnectorConfig,
): ToolSource {
  const description = descriptions[type]
  const tool = {
    name,
    description,
    parameters: { type: 'object' },
    connector: { type, libraryIds },
    async call(): Promise<never> {
      throw new ToolUnavailable(`${name} is called by Mistral, and by nobody else.`)
    },
  }
  return {
    name,
    description: `Mistral's connector ${type}`,
    hasNamedTools: false,
    tools: async () => [tool],
    [Symbol.asyncDispose]: async () => undefined,
  }
}
