import type { LlamaContextSequence, LlamaGrammar, Token } from 'node-llama-cpp'
import type { Sampling } from '../../judging/model.ts'
import type { ToolDescription } from '../../judging/tool.ts'
import { parseJson } from '../parse-json.ts'
import { drawOption } from './draw-option.ts'
import type { LlamaEngine } from './llama-engine.ts'
import type { PromptStarts } from './prompt-start.ts'
import { weighOptions } from './weigh-options.ts'
import { Writing } from './writing.ts'

export interface ToolRequest {
  /** Ends with `toolStart`; all but its last token is evaluated. */
  readonly prompt: readonly Token[]
  readonly tools: readonly ToolDescription[]
  readonly sampling: Sampling | undefined
}

export interface ChosenTool {
  readonly name: string
  /** A JSON object, unless the model came to no end. */
  readonly arguments: string
  readonly outputTokens: number
}

/** An object that is not done after so many tokens will not be done soon: whoever calls the tool says what is wrong. */
export const maxArgumentTokens = 256

/**
 * The tool that the model calls next, the likeliest of all and of none, with arguments under a grammar of its schema.
 * @returns undefined where the model calls none
 * @throws the signal's reason once it is aborted
 */
export async function chooseTool(
  engine: LlamaEngine,
  sequence: LlamaContextSequence,
  starts: PromptStarts,
  { prompt, tools, sampling }: ToolRequest,
  signal: AbortSignal,
): Promise<ChosenTool | undefined> {
  const tokensOf = (text: string): Token[] => engine.model.tokenize(text, false, 'trimLeadingSpace')
  const choose = async (before: readonly Token[], texts: readonly string[]): Promise<number> => {
    const options = texts.map(tokensOf)
    const isBestEnough = sampling === undefined
    return drawOption(await weighOptions(sequence, { before, options, isBestEnough }, signal), sampling)
  }
  // A long name is less likely than a short word, whatever the model means: whether it calls any is one token's matter.
  if ((await choose(prompt.slice(-1), [' null', ' "'])) === 0) return undefined
  await starts.evaluate(sequence, prompt, signal)
  const names = tools.map(({ name }) => ` ${JSON.stringify(name)}`)
  const tool = tools[await choose(prompt.slice(-1), names)]
  if (tool === undefined) return undefined
  const opening = tokensOf(` ${JSON.stringify(tool.name)}, "arguments": `)
  const called = [...prompt, ...opening]
  await starts.evaluate(sequence, called, signal)
  const writing = new Writing(engine, sequence, called, sampling, signal)
  try {
    const written = await writeArguments(writing, await grammarOf(engine, tool))
    const outputTokens = writing.outputTokens + opening.length
    return { name: tool.name, arguments: written, outputTokens }
  } finally {
    await writing.end()
  }
}

async function writeArguments(writing: Writing, grammar: LlamaGrammar): Promise<string> {
  const generated = writing.underCompiled(grammar)
  while (generated.tokenCount < maxArgumentTokens && (await writing.next())) {
    const text = generated.text.trim()
    if (text.endsWith('}') && parseJson(text) !== undefined) return text
  }
  return generated.text
}

/** Schemas of tools may hold what the converter does not know: then any object is taken, and the tool checks it. */
async function grammarOf({ llama }: LlamaEngine, { parameters }: ToolDescription): Promise<LlamaGrammar> {
  if ('properties' in parameters && !('$ref' in parameters)) {
    try {
      return await llama.createGrammarForJsonSchema({ ...parameters, type: 'object' } as { type: 'object' })
    } catch {
      // A schema that it does not know, somewhere within.
    }
  }
  return await llama.getGrammarFor('json')
}
