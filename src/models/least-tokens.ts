import type { PromptMessage } from '../judging/model.ts'

/** A word and what parts it from the next take two characters at least. */
const leastCharactersPerWord = 2
/** From a word's first letter or digit to its end: what is read once is not read again. */
const word = /[\p{L}\p{N}]\S*/gu

/**
 * A number of tokens that no common tokenizer stays under: the words with a letter or a digit in them. Tokenizers
 * split texts at spaces before anything else, or let a token have one at its start at most. True numbers are
 * higher, and far higher for texts that have no spaces.
 * @see https://github.com/openai/tiktoken/blob/main/tiktoken_ext/openai_public.py (the patterns that split a text)
 */
export function leastTokens(messages: readonly PromptMessage[]): number {
  let words = 0
  for (const { content } of messages) {
    for (const _ of content.matchAll(word)) words += 1
  }
  return words
}

/** Whether a prompt can't fit into so many tokens, however it is split. */
export function exceedsTokens(messages: readonly PromptMessage[], maxTokens: number): boolean {
  const characters = messages.reduce((sum, { content }) => sum + content.length + 1, 0)
  return characters / leastCharactersPerWord > maxTokens && leastTokens(messages) > maxTokens
}
