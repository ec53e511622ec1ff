import { z } from 'zod'
import type { PromptMessage, ToolCall } from '../../judging/model.ts'
import { judgmentTool } from './judgment-tool.ts'
import { repeatableCall, uniqueIds } from './repeatable-call.ts'

/** Servers that don't keep to the letter give the arguments as an object instead of its text. */
const toolCall = z.object({
  id: z.string().nullish(),
  function: z.object({ name: z.string(), arguments: z.unknown().optional() }),
  /** Google's signature of the thoughts behind the call. */
  extra_content: z.unknown().optional(),
})

/** What a message may hold of the reasoning behind its calls: DeepSeek's and OpenRouter's. */
interface Reasoned {
  readonly reasoning_content?: unknown
  readonly reasoning_details?: unknown
}

/** What providers refuse the next request without, where they gave it. */
interface Echo {
  readonly ofCall: { readonly extra_content?: unknown }
  readonly ofMessage: Reasoned
}

/**
 * The calls of a message, with what must be sent again beside them.
 * @param taken ids of earlier calls
 */
export function readChatCalls(
  calls: readonly unknown[],
  { reasoning_content, reasoning_details }: Reasoned,
  taken: ReadonlySet<string>,
): readonly ToolCall[] {
  const made = calls.flatMap((call) => toolCall.safeParse(call).data ?? [])
  const ids = uniqueIds(
    made.map(({ id }) => id),
    taken,
  )
  const ofMessage = {
    ...(reasoning_content != null && { reasoning_content }),
    ...(reasoning_details != null && { reasoning_details }),
  }
  return made.map(({ function: { name, arguments: args }, extra_content }, index) => {
    const ofCall = extra_content == null ? {} : { extra_content }
    const echo: Echo = { ofCall, ofMessage }
    const hasEcho = Object.keys({ ...ofCall, ...ofMessage }).length > 0
    return { id: ids[index] ?? '', name, arguments: argumentsText(args ?? {}), ...(hasEcho && { echo }) }
  })
}

/** The arguments of the judgment's own function. Of several calls, all are read: where they differ, there is no answer. */
export function readJudgmentCalls(calls: readonly unknown[]): string | undefined {
  const texts = calls.flatMap((call) => {
    const made = toolCall.safeParse(call).data?.function
    return made?.name === judgmentTool.name ? argumentsText(made.arguments ?? null) : []
  })
  return texts.length === 0 ? undefined : texts.join('\n')
}

/** A message of a conversation with tools, in the protocol's words. */
export function chatMessage({ role, content, toolCalls, toolCall: answered }: PromptMessage): unknown {
  if (answered !== undefined) {
    return { role, content, tool_call_id: answered.id, name: repeatableCall(answered).name }
  }
  if (toolCalls === undefined) return { role, content }
  const { ofMessage = {} } = (toolCalls[0]?.echo ?? {}) as Partial<Echo>
  return { role, content, ...ofMessage, tool_calls: toolCalls.map(writeCall) }
}

function writeCall(call: ToolCall): unknown {
  const { ofCall = {} } = (call.echo ?? {}) as Partial<Echo>
  const { name, text } = repeatableCall(call)
  return { id: call.id, type: 'function', function: { name, arguments: text }, ...ofCall }
}

function argumentsText(args: unknown): string {
  return typeof args === 'string' ? args : writeJson(args)
}

/** What is nested deeper than it can be written answers nothing, and disagrees with every answer beside it. */
function writeJson(value: unknown): string {
  try {
    return JSON.stringify(value)
  } catch {
    return '{"answer": null}'
  }
}
