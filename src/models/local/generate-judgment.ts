import type { LlamaContextSequence, LlamaGrammarEvaluationState, Token } from 'node-llama-cpp'
import type { Output } from '../../judges/definition.ts'
import { ModelFailure } from '../../judging/model.ts'
import { answerGrammar, stringContentGrammar } from './answer-grammar.ts'
import { closingQuote, GeneratedText, isLooping } from './generated-text.ts'
import { type Expression, sequence as inOrder, text, toGbnf } from './grammar.ts'
import type { LlamaEngine } from './llama-engine.ts'
import { sharedStart } from './sequence-pool.ts'

/** The prompt's last tokens say this: the model goes on from inside the analysis. */
export const replyStart = '{"analysis": "'
const afterAnalysis = ', "answer":'
const cutMark = '…'
/** Small enough that a call that is given up stops soon, large enough to keep a processor, or a GPU, busy. */
const promptSliceTokens = { processor: 128, gpu: 512 }

export interface GenerationRequest {
  /** Ends with `replyStart`. */
  readonly prompt: readonly Token[]
  readonly output: Output
  readonly maxAnalysisTokens: number
}

export interface GeneratedJudgment {
  /** JSON with `analysis` and `answer`. */
  readonly text: string
  readonly outputTokens: number
  /** How many of the prompt's tokens an earlier judgment had left evaluated. */
  readonly reusedTokens: number
}

/**
 * Generates a judgment whose form is forced: the analysis under a grammar of JSON string characters, closed by
 * force once its tokens are used up or it goes round in circles, then the answer under the output's own grammar.
 * @throws the signal's reason once it is aborted; a ModelFailure when llama.cpp finds no next token.
 */
export async function generateJudgment(
  engine: LlamaEngine,
  sequence: LlamaContextSequence,
  request: GenerationRequest,
  signal: AbortSignal,
): Promise<GeneratedJudgment> {
  const { prompt, output } = request
  const reusedTokens = await evaluateStart(engine, sequence, prompt, signal)
  const writing = new Writing(engine, sequence, prompt, signal)
  try {
    const { analysis, rest } = await writeAnalysis(writing, request.maxAnalysisTokens)
    writing.force(afterAnalysis.slice(rest.length))
    const answer = await writeAnswer(writing, output)
    const reply = `${replyStart}${analysis}"${afterAnalysis} ${answer}}`
    return { text: reply, outputTokens: writing.outputTokens, reusedTokens }
  } finally {
    await writing.end()
  }
}

/** Evaluates all but the last token, which generation begins with. */
async function evaluateStart(
  engine: LlamaEngine,
  sequence: LlamaContextSequence,
  prompt: readonly Token[],
  signal: AbortSignal,
): Promise<number> {
  const reused = Math.min(sharedStart(sequence, prompt), prompt.length - 1)
  // Never shift what comes after a difference into place: it was evaluated after another conversation's text.
  await sequence.adaptStateToTokens(prompt.slice(0, reused), false)
  // Some architectures can only keep less than was asked.
  const kept = sequence.nextTokenIndex
  const slice = engine.llama.gpu === false ? promptSliceTokens.processor : promptSliceTokens.gpu
  for (let start = kept; start < prompt.length - 1; start += slice) {
    signal.throwIfAborted()
    const end = Math.min(start + slice, prompt.length - 1)
    await sequence.evaluateWithoutGeneratingNewTokens(prompt.slice(start, end))
  }
  return kept
}

async function writeAnalysis(
  writing: Writing,
  maxTokens: number,
): Promise<{ readonly analysis: string; readonly rest: string }> {
  const generated = await writing.under(stringContentGrammar(afterAnalysis))
  while (generated.tokenCount < maxTokens && (await writing.next())) {
    const end = closingQuote(generated.text)
    if (end >= 0) return { analysis: generated.text.slice(0, end), rest: generated.text.slice(end + 1) }
    if (isLooping(generated.text)) break
  }
  await writing.cutCleanly()
  writing.force(`${cutMark}"`)
  return { analysis: generated.text + cutMark, rest: '' }
}

async function writeAnswer(writing: Writing, output: Output): Promise<string> {
  const generated = await writing.under(inOrder(text(' '), answerGrammar(output), text('}')))
  for (;;) {
    const answer = readyAnswer(generated.text, output)
    if (answer !== undefined) return answer
    if (await writing.next()) continue
    throw new ModelFailure('provider_failed', 'The local model stopped before it gave an answer.')
  }
}

/** The answer as JSON as soon as the text so far leaves only one. */
function readyAnswer(written: string, output: Output): string | undefined {
  if (output.type === 'REGRESSION') return written.endsWith('}') ? written.slice(1, -1) : undefined
  const left = output.options
    .map((option) => JSON.stringify(option.value))
    .filter((answer) => ` ${answer}}`.startsWith(written))
  return left.length === 1 ? left[0] : undefined
}

/** One reply being written into a sequence, some of it generated and some of it forced. */
class Writing {
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
    signal: AbortSignal,
  ) {
    this.#engine = engine
    this.#sequence = sequence
    this.#signal = signal
    this.#ahead = prompt.slice(-1)
    this.#generated = new GeneratedText(engine.model, prompt)
    this.#tokens = sequence.evaluate(this.#ahead, {
      temperature: 0,
      grammarEvaluationState: () => this.#grammar,
    })
  }

  /** From here on the model writes only what the grammar accepts. */
  async under(grammar: Expression): Promise<GeneratedText> {
    const { LlamaGrammarEvaluationState } = this.#engine.module
    const compiled = await this.#engine.llama.createGrammar({ grammar: toGbnf(grammar) })
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

  async end(): Promise<void> {
    await this.#tokens.return()
  }
}
