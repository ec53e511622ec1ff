import type { LlamaContextSequence, LlamaGrammar, LlamaGrammarEvaluationState, Token } from 'node-llama-cpp'
import type { Sampling } from '../../judging/model.ts'
import { GeneratedText } from './generated-text.ts'
import { type Expression, toGbnf } from './grammar.ts'
import type { LlamaEngine } from './llama-engine.ts'

/** One reply being written into a sequence, some of it generated and some of it forced. */
export class Writing {
  readonly #engine: LlamaEngine
  readonly #sequence: LlamaContextSequence
  readonly #signal: AbortSignal
  readonly #tokens: AsyncGenerator<Token, void, Token[] | undefined>
  #grammar: LlamaGrammarEvaluationState | undefined
  #generated: GeneratedText
  /** Tokens that are part of the reply, but not evaluated yet. */
  #ahead: Token[]
  #startOfGenerated = 0
  outputTokens = 0

  constructor(
    engine: LlamaEngine,
    sequence: LlamaContextSequence,
    prompt: readonly Token[],
    sampling: Sampling | undefined,
    signal: AbortSignal,
  ) {
    this.#engine = engine
    this.#sequence = sequence
    this.#signal = signal
    this.#ahead = prompt.slice(-1)
    this.#generated = new GeneratedText(engine.model, prompt)
    this.#tokens = sequence.evaluate(this.#ahead, {
      temperature: sampling?.temperature ?? 0,
      // Nothing is left out: a draw is from all of the model's own probabilities.
      topK: 0,
      topP: 1,
      minP: 0,
      ...(sampling === undefined ? {} : { seed: sampling.seed }),
      grammarEvaluationState: () => this.#grammar,
    })
  }

  /** From here on the model writes only what the grammar accepts. */
  async under(grammar: Expression): Promise<GeneratedText> {
    return this.underCompiled(await this.#engine.llama.createGrammar({ grammar: toGbnf(grammar) }))
  }

  underCompiled(compiled: LlamaGrammar): GeneratedText {
    const { LlamaGrammarEvaluationState } = this.#engine.module
    this.#grammar = new LlamaGrammarEvaluationState({ model: this.#engine.model, grammar: compiled })
    this.#startOfGenerated = this.#sequence.nextTokenIndex + this.#ahead.length
    this.#generated = new GeneratedText(this.#engine.model, this.#ahead)
    return this.#generated
  }

  /** One more token, or false when the model has ended its reply. */
  async next(): Promise<boolean> {
    this.#signal.throwIfAborted()
    const { value: token, done } = await this.#tokens.next(this.#ahead)
    if (done || token === undefined) return false
    this.outputTokens += 1
    this.#ahead = [token]
    this.#generated.push(token)
    return true
  }

  force(forced: string): void {
    const tokens = forced === '' ? [] : this.#engine.model.tokenize(forced, false, 'trimLeadingSpace')
    this.outputTokens += tokens.length
    this.#ahead.push(...tokens)
  }

  /** Takes back tokens that would leave the generated text unfinished in the middle of a character or an escape. */
  async cutCleanly(): Promise<void> {
    const before = this.#generated.tokenCount
    this.#generated.cutCleanly()
    if (this.#generated.tokenCount === before) return
    this.outputTokens -= before - this.#generated.tokenCount
    this.#ahead = []
    const start = this.#startOfGenerated + this.#generated.tokenCount
    const end = this.#sequence.nextTokenIndex
    if (start < end) await this.#sequence.eraseContextTokenRanges([{ start, end }])
  }

  /** The tokens that are part of the reply, but not evaluated yet. */
  get ahead(): readonly Token[] {
    return this.#ahead
  }

  async end(): Promise<void> {
    await this.#tokens.return()
  }
}
