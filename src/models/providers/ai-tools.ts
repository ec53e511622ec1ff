import type { LanguageModelMiddleware, ModelMessage } from 'ai'
import type { PromptMessage, ToolCall } from '../../judging/model.ts'
import type { ToolDescription } from '../../judging/tool.ts'
import { repeatableCall, uniqueIds } from './repeatable-call.ts'

/**
 * Offers tools to a model, and takes its calls out of the reply: they are made elsewhere.
 * @param calls gets the calls, unless the reply was cut or stopped: half a call must not be made
 * @param taken ids of earlier calls
 */
export function offerTools(
  tools: readonly ToolDescription[],
  calls: ToolCall[],
  taken: ReadonlySet<string>,
): LanguageModelMiddleware {
  return {
    specificationVersion: 'v4',
    transformParams: async ({ params }) => ({
      ...params,
      tools: tools.map(({ name, description, parameters }) => ({
        type: 'function',
        name,
        description,
        inputSchema: parameters,
      })),
      toolChoice: { type: 'auto' },
    }),
    wrapGenerate: async ({ doGenerate }) => {
      const reply = await doGenerate()
      const { unified } = reply.finishReason
      const said = reply.content.filter((part) => part.type !== 'tool-call')
      const isWhole = unified !== 'length' && unified !== 'content-filter'
      const made = isWhole ? reply.content.filter((part) => part.type === 'tool-call') : []
      const ids = uniqueIds(
        made.map(({ toolCallId }) => toolCallId),
        taken,
      )
      made.forEach(({ toolName: name, input, providerMetadata: echo }, index) => {
        calls.push({ id: ids[index] ?? '', name, arguments: input, ...(echo !== undefined && { echo }) })
      })
      return { ...reply, content: said }
    },
  }
}

/** Messages as the SDK has them. */
export function aiMessages(messages: readonly PromptMessage[]): ModelMessage[] {
  return messages.map(({ role, content, toolCalls = [], toolCall }): ModelMessage => {
    if (role !== 'tool' && role !== 'assistant') return { role, content }
    if (role === 'tool') {
      const { id = '' } = toolCall ?? {}
      const { name } = repeatableCall(toolCall ?? { name: '', arguments: '' })
      const output = { type: 'text', value: content } as const
      return { role, content: [{ type: 'tool-result', toolCallId: id, toolName: name, output }] }
    }
    if (toolCalls.length === 0) return { role, content }
    return {
      role,
      content: [
        ...(content === '' ? [] : [{ type: 'text' as const, text: content }]),
        ...toolCalls.map(callPart),
      ],
    }
  })
}

function callPart(call: ToolCall) {
  const { name: toolName, arguments: input } = repeatableCall(call)
  return {
    type: 'tool-call' as const,
    toolCallId: call.id,
    toolName,
    input,
    ...(call.echo !== undefined && { providerOptions: call.echo as Record<string, never> }),
  }
}
