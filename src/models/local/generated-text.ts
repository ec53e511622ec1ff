import type { LlamaModel, Token } from 'node-llama-cpp'

interface Piece {
  readonly text: string
  readonly tokens: readonly Token[]
}

/** A character of 4 bytes comes in 4 tokens at most; more tokens than that never make one. */
const mostTokensOfCharacter = 4

/** What a model has generated so far, as text that never ends inside a character. */
export class GeneratedText {
  readonly #model: LlamaModel
  readonly #before: readonly Token[]
  readonly #pieces: Piece[] = []
  #unfinished: Token[] = []
  tokenCount = 0
  text = ''

  /** @param before the tokens that it continues: some models write the same token differently after others */
  constructor(model: LlamaModel, before: readonly Token[]) {
    this.#model = model
    this.#before = before.slice(-mostTokensOfCharacter)
  }

  push(token: Token): void {
    this.tokenCount += 1
    this.#unfinished.push(token)
    const before = this.#pieces.at(-1)?.tokens ?? this.#before
    const text = this.#model.detokenize(this.#unfinished, false, before)
    if (text.endsWith('\ufffd') && this.#unfinished.length < mostTokensOfCharacter) return
    this.#pieces.push({ text, tokens: this.#unfinished })
    this.#unfinished = []
    this.text += text
  }

  /** Drops tokens from the end until the text ends neither inside a character nor inside an escape of a JSON string. */
  cutCleanly(): void {
    this.tokenCount -= this.#unfinished.length
    this.#unfinished = []
    while (endsInsideEscape(this.text)) {
      const piece = this.#pieces.pop()
      if (piece === undefined) return
      this.tokenCount -= piece.tokens.length
      this.text = this.text.slice(0, -piece.text.length)
    }
  }
}

function endsInsideEscape(text: string): boolean {
  const backslashes = /\\*$/.exec(text)?.[0].length ?? 0
  return backslashes % 2 === 1
}

/** Where the JSON string ends whose content the text begins with, or -1. */
export function closingQuote(text: string): number {
  const content = /^(?:[^"\\]|\\.)*"/s.exec(text)
  return content === null ? -1 : content[0].length - 1
}

const loopWindow = 400
const loopCharacters = 32

/** Whether the text has come to say the same again and again: without chance in the choice, it would for ever. */
export function isLooping(text: string): boolean {
  const loop = /(.{1,80}?)\1{3,}$/s.exec(text.slice(-loopWindow))
  return loop !== null && loop[0].length >= loopCharacters
}
