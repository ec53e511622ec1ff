import type { ModelReply, ModelRequest } from '../../src/judging/model.ts'

/** The request of the next round, once each call of this reply has given its text. */
export function nextRound(asked: ModelRequest, reply: ModelReply, texts: readonly string[]): ModelRequest {
  const { toolCalls = [] } = reply
  const results = toolCalls.map((toolCall, index) => ({
    role: 'tool' as const,
    content: texts[index] ?? '',
    toolCall,
  }))
  return {
    ...asked,
    messages: [...asked.messages, { role: 'assistant', content: reply.text, toolCalls }, ...results],
  }
}
