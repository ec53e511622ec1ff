import type { Tool, ToolDirectory } from '../judging/tool.ts'
import { fail, inSpan } from './in-span.ts'

/** The same tools, with a span for each call. Neither arguments nor results are told. */
export function traceTools(directory: ToolDirectory): ToolDirectory {
  return {
    open: async (...asked) => (await directory.open(...asked)).map(traceTool),
    list: (...asked) => directory.list(...asked),
  }
}

function traceTool(tool: Tool): Tool {
  const { name, description, parameters, servedName, connector } = tool
  const attributes = {
    'gen_ai.operation.name': 'execute_tool',
    'gen_ai.tool.name': name,
    'gen_ai.tool.type': 'function',
    'assize.tool': servedName,
  }
  return {
    name,
    description,
    parameters,
    servedName,
    ...(connector && { connector }),
    call: (args, signal) =>
      inSpan({ name: `execute_tool ${name}`, attributes }, async (span) => {
        const result = await tool.call(args, signal)
        if (result.isError) fail(span, 'tool_error')
        return result
      }),
  }
}
