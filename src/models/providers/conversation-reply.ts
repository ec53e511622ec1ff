import type { ConversationResponse, ToolExecutionEntry } from '@mistralai/mistralai/models/components'
import type { ToolCall } from '../../judging/model.ts'
import type { ToolUse } from '../../judging/tool-use.ts'
import type { ProviderReply } from '../provider-client.ts'

type Output = ConversationResponse['outputs'][number]

const maxKeptArguments = 1000

/** What a conversation says: its last words, what was called on the way, and what it wants called. */
export function readConversationReply({ outputs, usage }: ConversationResponse): ProviderReply {
  const toolCalls = outputs.flatMap(callsOf)
  const toolUses = outputs.flatMap(usesOf)
  return {
    text: outputs.map(textOf).join(''),
    finish: 'stop',
    enforcement: 'text',
    usage: {
      inputTokens: usage.promptTokens + (usage.connectorTokens ?? 0),
      outputTokens: usage.completionTokens,
    },
    ...(toolCalls.length > 0 && { toolCalls }),
    ...(toolUses.length > 0 && { toolUses }),
  }
}

/** Chunks that name a source, or hold reasoning or a file, are left out. */
function textOf(output: Output): string {
  if (output.type !== 'message.output' || !('content' in output)) return ''
  const { content } = output
  if (typeof content === 'string') return content
  return content.map((chunk) => ('text' in chunk && chunk.type === 'text' ? chunk.text : '')).join('')
}

function callsOf(output: Output): ToolCall[] {
  if (output.type !== 'function.call' || !('toolCallId' in output)) return []
  const { toolCallId: id, name, arguments: args } = output
  return [{ id, name, arguments: typeof args === 'string' ? args : JSON.stringify(args) }]
}

/** What they gave stays at Mistral, so that its size is not known. */
function usesOf(output: Output): ToolUse[] {
  if (!isExecution(output)) return []
  const { name, arguments: args, createdAt, completedAt } = output
  const latencyMs = createdAt && completedAt ? completedAt.getTime() - createdAt.getTime() : 0
  return [
    {
      name,
      arguments: args.slice(0, maxKeptArguments),
      resultBytes: 0,
      latencyMs: Math.max(0, latencyMs),
      outcome: 'done',
    },
  ]
}

function isExecution(output: Output): output is ToolExecutionEntry {
  return output.type === 'tool.execution'
}
