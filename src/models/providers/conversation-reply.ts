import type { ConversationResponse, ToolExecutionEntry } from '@mistralai/mistralai/models/components'
import type { ModelRequest, ToolCall } from '../../judging/model.ts'
import type { OfferedConnector } from '../../judging/tool.ts'
import { keptArguments, type ToolUse } from '../../judging/tool-use.ts'
import type { ProviderReply } from '../provider-client.ts'

type Output = ConversationResponse['outputs'][number]

/** Tokens are those of all steps together, so that a whole answer after long searches may be over the limit of one. */
const objectsEnd = /\}\s*(?:```\s*)?$/

type Asked = Pick<ModelRequest, 'connectors'> & {
  /** As it was sent. */
  readonly mostOutputTokens: number | undefined
}

/**
 * What a conversation says, what was called on the way, and what it wants called. Mistral doesn't tell whether the
 * words were cut: they may have been where as many tokens were written as the limit says, and no end is in sight.
 */
export function readConversationReply(
  { outputs, usage }: ConversationResponse,
  { connectors = [], mostOutputTokens = Infinity }: Asked,
): ProviderReply {
  const toolCalls = outputs.flatMap(callsOf)
  const toolUses = outputs.flatMap((output) => usesOf(output, connectors))
  const texts = outputs.map(textOf).filter((text) => text !== '')
  const text = texts.join('\n\n')
  const mayBeCut =
    usage.completionTokens >= mostOutputTokens && toolCalls.length === 0 && !objectsEnd.test(text)
  return {
    text,
    finish: mayBeCut ? 'length' : 'stop',
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
function usesOf(output: Output, connectors: readonly OfferedConnector[]): ToolUse[] {
  if (!isExecution(output)) return []
  const { name: type, arguments: args, createdAt, completedAt } = output
  const [named, ...others] = connectors.filter((connector) => connector.type === type)
  // Which of several libraries was looked into is not told.
  const name = named !== undefined && others.length === 0 ? named.servedName : type
  const latencyMs = createdAt && completedAt ? completedAt.getTime() - createdAt.getTime() : 0
  return [
    {
      name,
      arguments: keptArguments(args),
      resultBytes: 0,
      latencyMs: Math.max(0, latencyMs),
      outcome: 'done',
    },
  ]
}

function isExecution(output: Output): output is ToolExecutionEntry {
  return output.type === 'tool.execution'
}
