import type { LanguageModelMiddleware, ModelMessage } from 'ai'
import type { PromptMessage, ToolCall } from '../../judging/model.ts'
import type { ToolDescription } from '../../judging/tool.ts'
import { parseJson } from './parse-json.ts'

/**
 * Offers tools to a model, and takes its calls out of the reply: they are made elsewhere.
 * @param calls gets the calls
 */
export function offerTools(tools: readonly ToolDescription[], calls: ToolCall[]): LanguageModelMiddleware {
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
      const said = reply.content.filter((part) => part.type !== 'tool-call')
      for (const part of reply.content) {
        if (part.type !== 'tool-call') continue
        const { toolCallId: id, toolName: name, input, providerMetadata: echo } = part
        calls.push({ id, name, arguments: input, ...(echo !== undefined && { echo }) })
      }
      return { ...reply, content: said }
    },
  }
}

/** Messages as the SDK has them. */
export function aiMessages(messages: readonly PromptMessage[]): ModelMessage[] {
  return messages.map(({ role, content, toolCalls = [], toolCall }): ModelMessage => {
    if (role !== 'tool' && role !== 'assistant') return { role, content }
    if (role === 'tool') {
      const { id = '', name = '' } = toolCall ?? {}
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

function callPart({ id, name, arguments: args, echo }: ToolCall) {
  return {
    type: 'tool-call' as const,
    toolCallId: id,
    toolName: name,
    input: parseJson(args) ?? {},
    ...(echo !== undefined && { providerOptions: echo as Record<string, never> }),
  }
}
