import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { AssizeError } from './errors.ts'
import type { Definition } from './judges/definition.ts'
import { definitionDocument, toDefinition } from './judges/definition-document.ts'
import { checkInstructions } from './judges/instructions.ts'

/** What a judge answers: one of its options, or a number. */
export type JudgeOutput =
  | {
      readonly type?: 'CLASSIFICATION'
      /** Distinct; each with when it is the answer. */
      readonly options: readonly { readonly value: string; readonly description: string }[]
    }
  | {
      readonly type?: 'REGRESSION'
      /** From 0, which it is unless given. */
      readonly min?: number
      /** What the smallest answer means. */
      readonly minDescription: string
      /** 1 unless given. */
      readonly max?: number
      /** What the largest answer means. */
      readonly maxDescription: string
    }

/** A judge as a program writes it. */
export interface JudgeDefinition<Output extends JudgeOutput = JudgeOutput> {
  /** A model, `provider/model`, or `panel/name`. */
  readonly model: string
  /** A Jinja2 template; docs/judging.md says what it can name. */
  readonly instructions: string
  readonly output: Output
  /** Names of tools of the configuration that the model may call before it answers. */
  readonly tools?: readonly string[]
}

/** Not shown to the model. */
const name = 'Judge of a program'

/**
 * Checks a judge that a program wrote.
 * @throws AssizeError `request_invalid` with each field that is wrong; `template_syntax`
 */
export function readDefinition(definition: JudgeDefinition): Definition {
  const { model, instructions, output, tools = [], ...unknown } = Object(definition) as JudgeDefinition
  refuseUnknown(unknown, 'The judge', 'model, instructions, output and tools')
  const document = { name, description: '', model_name: model, instructions, output: written(output), tools }
  return checkDefinition(document, (issues) => `The judge can't be used:\n${asProgramsSay(issues)}`)
}

/**
 * Reads a judge from a YAML or JSON file, with the fields that it has on a server.
 * @throws AssizeError `request_invalid`, which names the file; `template_syntax`
 */
export async function readDefinitionFile(path: string): Promise<Definition> {
  const { parse } = await import('yaml')
  let document: unknown
  try {
    document = parse(await readFile(path, 'utf8'))
  } catch (error) {
    throw new AssizeError('request_invalid', `${path} can't be read: ${(error as Error).message}`, {
      cause: error,
    })
  }
  return checkDefinition(document, (issues) => `${path}:\n${issues}`)
}

function checkDefinition(document: unknown, explain: (issues: string) => string): Definition {
  const checked = definitionDocument.safeParse(document)
  if (!checked.success) throw new AssizeError('request_invalid', explain(z.prettifyError(checked.error)))
  checkInstructions(checked.data.instructions)
  return toDefinition(checked.data)
}

/** An output with the names that it has in files and on servers. */
function written(output: unknown): unknown {
  if (typeof output !== 'object' || output === null) return output
  const { type, options, min, minDescription, max, maxDescription, ...unknown } = output as Record<
    string,
    unknown
  >
  refuseUnknown(unknown, 'The output', 'type, and options or min, minDescription, max and maxDescription')
  const fields = { type, options, min, min_description: minDescription, max, max_description: maxDescription }
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))
}

/** A misspelt field would be left out without a word. */
function refuseUnknown(fields: object, place: string, known: string): void {
  const names = Object.keys(fields)
  if (names.length === 0) return
  throw new AssizeError('request_invalid', `${place} has no ${names.join(', ')}; expected ${known}.`)
}

function asProgramsSay(issues: string): string {
  return issues.replaceAll('model_name', 'model').replaceAll(/\b(min|max)_description\b/g, '$1Description')
}
