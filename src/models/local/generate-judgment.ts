import type { LlamaContextSequence, Token } from 'node-llama-cpp'
import type { Output } from '../../judges/definition.ts'
import { ModelFailure, type OptionProbabilities, type Sampling } from '../../judging/model.ts'
import { answerGrammar, stringContentGrammar } from './answer-grammar.ts'
import { drawOption } from './draw-option.ts'
import { closingQuote, isLooping } from './generated-text.ts'
import { sequence as inOrder, text } from './grammar.ts'
import type { LlamaEngine } from './llama-engine.ts'
import { weighOptions } from './weigh-options.ts'
import { Writing } from './writing.ts'

type Classification = Extract<Output, { type: 'CLASSIFICATION' }>
type Regression = Extract<Output, { type: 'REGRESSION' }>

/** The prompt's last tokens say this: the model goes on from inside the analysis. */
export const replyStart = '{"analysis": "'
const afterAnalysis = ', "answer":'
const cutMark = '…'

export interface GenerationRequest {
  /** Ends with `replyStart`; all but its last token is evaluated. */
  readonly prompt: readonly Token[]
  readonly output: Output
  readonly maxAnalysisTokens: number
  /** Absent: the likeliest token each time, and the likeliest option. */
  readonly sampling?: Sampling | undefined
  readonly wantsProbabilities?: boolean | undefined
}

export interface GeneratedJudgment {
  /** JSON with `analysis` and `answer`. */
  readonly text: string
  readonly outputTokens: number
  /** Where they were wanted and the answer is one of options. */
  readonly optionProbabilities?: OptionProbabilities | undefined
}

/**
 * Generates a judgment whose form is forced: the analysis under a grammar of JSON string characters, closed by
 * force once its tokens are used up or it goes round in circles, then one of the options, or a number under the
 * output's own grammar.
 * @throws the signal's reason once it is aborted; a ModelFailure when llama.cpp finds no next token.
 */
export async function generateJudgment(
  engine: LlamaEngine,
  sequence: LlamaContextSequence,
  request: GenerationRequest,
  signal: AbortSignal,
): Promise<GeneratedJudgment> {
  const { prompt, output } = request
  const writing = new Writing(engine, sequence, prompt, request.sampling, signal)
  try {
    const { analysis, rest } = await writeAnalysis(writing, request.maxAnalysisTokens)
    const between = afterAnalysis.slice(rest.length)
    const begun = `${replyStart}${analysis}"${afterAnalysis} `
    if (output.type === 'REGRESSION') {
      writing.force(between)
      const answer = await writeNumber(writing, output)
      return { text: `${begun}${answer}}`, outputTokens: writing.outputTokens }
    }
    const before = writing.ahead
    await writing.end()
    const chosen = await chooseOption(engine, sequence, { ...request, output, before, between }, signal)
    const { answer, tokenCount, optionProbabilities } = chosen
    const outputTokens = writing.outputTokens + tokenCount
    return { text: `${begun}${answer}}`, outputTokens, optionProbabilities }
  } finally {
    await writing.end()
  }
}

interface Choice extends GenerationRequest {
  readonly output: Classification
  /** Tokens of the reply that are not evaluated yet. */
  readonly before: readonly Token[]
  /** What the reply says between them and the answer. */
  readonly between: string
}

/**
 * The likeliest option, or with sampling one drawn by how likely they are. An option is weighed with all that
 * stands around it, from quote to closing brace, in the tokens that its text has in that place.
 */
async function chooseOption(
  engine: LlamaEngine,
  sequence: LlamaContextSequence,
  { output, before, between, sampling, wantsProbabilities }: Choice,
  signal: AbortSignal,
): Promise<{ answer: string; tokenCount: number; optionProbabilities?: OptionProbabilities }> {
  const answers = output.options.map((option) => JSON.stringify(option.value))
  const options = answers.map((answer) =>
    engine.model.tokenize(`${between} ${answer}}`, false, 'trimLeadingSpace'),
  )
  const isBestEnough = !wantsProbabilities && sampling === undefined
  const shares = await weighOptions(sequence, { before, options, isBestEnough }, signal)
  const chosen = drawOption(shares, sampling)
  const choice = { answer: answers[chosen] ?? '', tokenCount: options[chosen]?.length ?? 0 }
  if (!wantsProbabilities) return choice
  const entries = output.options.map(({ value }, index) => [value, shares[index] ?? 0] as const)
  return { ...choice, optionProbabilities: new Map(entries) }
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

async function writeNumber(writing: Writing, output: Regression): Promise<string> {
  const generated = await writing.under(inOrder(text(' '), answerGrammar(output), text('}')))
  while (await writing.next()) {
    if (generated.text.endsWith('}')) return generated.text.slice(1, -1)
  }
  throw new ModelFailure('provider_failed', 'The local model stopped before it gave an answer.')
}
