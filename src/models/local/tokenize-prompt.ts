import type { ChatHistoryItem, LlamaText, Token } from 'node-llama-cpp'
import type { PromptMessage } from '../../judging/model.ts'
import type { LlamaEngine } from './llama-engine.ts'

export interface TokenizedPrompt {
  readonly tokens: readonly Token[]
  /** False when it was given up, because `tokens` are already more than the limit. */
  readonly isWhole: boolean
}

/** What a token covers on average is below this in every language, so that longer text is worth a closer look. */
const charactersPerToken = 8
const sliceCharacters = 8192

/**
 * The messages in the model's own chat template, then `replyStart`, as tokens. A message's text is only ever
 * text: a control token's name inside it is spelled out in plain tokens, so that it can't end the message.
 * @param limit more tokens than this are of no use: the rest of a far too long prompt is not looked at
 */
export function tokenizePrompt(
  engine: LlamaEngine,
  messages: readonly PromptMessage[],
  replyStart: string,
  limit: number,
): TokenizedPrompt {
  const { LlamaText } = engine.module
  const { contextText } = engine.template.generateContextState({ chatHistory: chatHistory(messages) })
  const text = LlamaText([withoutNeedlessStart(engine, contextText), replyStart])
  const characters = messages.reduce((sum, message) => sum + message.content.length, 0)
  if (characters > limit * charactersPerToken) {
    const tokens = tokenizeUntil(engine, text, limit)
    if (tokens.length > limit) return { tokens, isWhole: false }
  }
  return { tokens: text.tokenize(engine.model.tokenizer), isWhole: true }
}

function chatHistory(messages: readonly PromptMessage[]): ChatHistoryItem[] {
  const history = messages.map(({ role, content }): ChatHistoryItem => {
    if (role === 'assistant') return { type: 'model', response: [content] }
    return { type: role === 'system' ? 'system' : 'user', text: content }
  })
  return [...history, { type: 'model', response: [] }]
}

/** Templates put a begin-of-text token in front, for models too that were trained without one. */
function withoutNeedlessStart(engine: LlamaEngine, text: LlamaText): LlamaText {
  const { LlamaText, SpecialToken } = engine.module
  const [first, ...rest] = text.values
  const isStart = first instanceof SpecialToken && first.value === 'BOS'
  return isStart && !engine.model.tokens.shouldPrependBosToken ? LlamaText(rest) : text
}

/** Megabytes of text would keep the event loop from everything else for seconds. */
function tokenizeUntil(engine: LlamaEngine, text: LlamaText, limit: number): Token[] {
  const tokens: Token[] = []
  for (const value of text.values) {
    const characters = value.toString()
    for (let start = 0; start < characters.length && tokens.length <= limit; start += sliceCharacters) {
      tokens.push(...engine.model.tokenize(characters.slice(start, start + sliceCharacters)))
    }
  }
  return tokens
}
