import type { Logger } from '../log.ts'
import { cutText } from './cut-text.ts'
import type { SourceTool, ToolSource } from './tool-source.ts'

export interface ResultLimits {
  readonly maxResultBytes: number
  readonly hideSecrets: (text: string) => string
  readonly log: Logger
}

/** The same source, whose results keep to a size and show no secret of the configuration. */
export function limitSource(source: ToolSource, limits: ResultLimits): ToolSource {
  const { name, description, hasNamedTools } = source
  return {
    name,
    description,
    hasNamedTools,
    tools: async (signal) => (await source.tools(signal)).map((tool) => limitTool(tool, name, limits)),
    [Symbol.asyncDispose]: () => source[Symbol.asyncDispose](),
  }
}

function limitTool(tool: SourceTool, sourceName: string, limits: ResultLimits): SourceTool {
  const { log, hideSecrets, maxResultBytes } = limits
  return {
    name: tool.name,
    description: hideSecrets(tool.description),
    parameters: tool.parameters,
    ...(tool.connector && { connector: tool.connector }),
    async call(args, signal) {
      signal.throwIfAborted()
      const startedMs = performance.now()
      const { text, isError } = await tool.call(args, signal)
      const ms = Math.round(performance.now() - startedMs)
      log.debug({ tool: sourceName, called: tool.name, ms, isError }, 'a tool was called')
      return { text: cutText(hideSecrets(text), maxResultBytes), isError }
    },
  }
}
