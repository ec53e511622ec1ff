import type { Token } from 'node-llama-cpp'
import type { Output } from '../../judges/definition.ts'
import { ModelFailure, type PromptMessage } from '../../judging/model.ts'
import type { ToolDescription } from '../../judging/tool.ts'
import { maxArgumentTokens } from './choose-tool.ts'
import type { LlamaEngine } from './llama-engine.ts'
import { tokenizePrompt } from './tokenize-prompt.ts'

/** Tokens that the answer and what surrounds it can take: a token is at least a byte. */
export function answerReserve(output: Output): number {
  const surroundings = 32
  if (output.type === 'REGRESSION') return surroundings
  const bytes = output.options.map((option) => Buffer.byteLength(JSON.stringify(option.value)))
  return surroundings + Math.max(...bytes)
}

/** Tokens that a tool's name and its arguments can take. */
export function toolReserve(tools: readonly ToolDescription[]): number {
  return maxArgumentTokens + 16 + Math.max(...tools.map(({ name }) => name.length))
}

/** Throws ModelFailure `context_overflow` where the prompt is longer than its room. */
export function fittingPrompt(
  engine: LlamaEngine,
  messages: readonly PromptMessage[],
  start: string,
  room: number,
): readonly Token[] {
  const prompt = tokenizePrompt(engine, messages, start, Math.max(0, room))
  if (prompt.isWhole && prompt.tokens.length <= room) return prompt.tokens
  const size = prompt.isWhole ? `${prompt.tokens.length}` : `more than ${room}`
  throw new ModelFailure(
    'context_overflow',
    `The prompt has ${size} tokens; ${Math.max(0, room)} fit beside the answer into the model's context of ${engine.contextTokens}.`,
  )
}
