import { setTimeout as delay } from 'node:timers/promises'
import type { Tool, ToolResult } from '../judging/tool.ts'
import { linkedSignal } from './linked-signal.ts'
import type { ToolSource } from './tool-source.ts'

/**
 * A tool of Assize as a source of one.
 * @param name as the configuration calls it
 * @param timeoutMs of one call
 */
export function createBuiltInSource(name: string, tool: Tool, timeoutMs: number): ToolSource {
  const { description, parameters } = tool
  return {
    name,
    description,
    hasNamedTools: false,
    tools: async () => [
      { name, description, parameters, call: (args, signal) => callInTime(tool, args, signal, timeoutMs) },
    ],
    [Symbol.asyncDispose]: async () => undefined,
  }
}

async function callInTime(
  tool: Tool,
  args: Readonly<Record<string, unknown>>,
  signal: AbortSignal,
  timeoutMs: number,
): Promise<ToolResult> {
  using linked = linkedSignal(signal)
  const over = new AbortController()
  const late = delay(timeoutMs, undefined, { signal: over.signal }).then((): ToolResult => {
    linked.abort(new Error('The call took too long.'))
    return { text: `The call failed: it gave no answer within ${timeoutMs / 1000} s.`, isError: true }
  })
  late.catch(() => undefined)
  try {
    return await Promise.race([tool.call(args, linked.signal), late])
  } finally {
    over.abort()
  }
}
