import { readFile } from 'node:fs/promises'
import { text as readAll } from 'node:stream/consumers'
import { parseArgs } from 'node:util'
import { parse as parseYaml } from 'yaml'
import { z } from 'zod'
import { createJudgeMaterial, createModels } from '../assize.ts'
import { loadConfig } from '../config.ts'
import { AssizeError } from '../errors.ts'
import type { Definition } from '../judges/definition.ts'
import { definitionDocument, toDefinition } from '../judges/definition-document.ts'
import { checkInstructions } from '../judges/instructions.ts'
import type { Material } from '../judging/judging.ts'
import type { Judgment } from '../judging/judgment.ts'
import { createLog } from '../log.ts'
import type { Command, Io } from './commands.ts'
import { UsageError } from './usage-error.ts'

const usage = `Usage: assize judge --judge FILE.yaml --conversation FILE.json

Judges one conversation without a server. FILE.yaml has the fields of a judge (name, description, model_name,
output, instructions, tools); FILE.json is an array of messages, or an object with messages and properties.
- stands for standard input. The judgment goes to standard output as JSON, everything else to standard error.
The exit code is 0 when there is an answer, and 1 when there is none.`

const conversationDocument = z
  .object({ messages: z.array(z.unknown()), properties: z.record(z.string(), z.unknown()).nullish() })
  .or(z.array(z.unknown()).transform((messages) => ({ messages })))

async function run(args: readonly string[], io: Io): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: { judge: { type: 'string' }, conversation: { type: 'string' } },
  })
  if (values.judge === undefined || values.conversation === undefined) {
    throw new UsageError('judge needs --judge and --conversation.')
  }
  if (values.judge === '-' && values.conversation === '-') {
    throw new UsageError('--judge and --conversation are both -; standard input can be only one of them.')
  }
  const definition = await readDefinition(values.judge, io)
  const material = await readMaterial(values.conversation, io)
  const config = loadConfig(io.env, io.workingDir)
  await using models = createModels(config, createLog('warn'))
  const judgment = await createJudgeMaterial(config, models)(definition, material, io.stop)
  io.stdout.write(`${JSON.stringify(showJudgment(judgment), null, 2)}\n`)
  return judgment.outcome === 'answered' ? 0 : 1
}

async function readDefinition(path: string, io: Io): Promise<Definition> {
  const document = parsed(path, await readText(path, io), parseYaml, definitionDocument)
  checkInstructions(document.instructions)
  return toDefinition(document)
}

async function readMaterial(path: string, io: Io): Promise<Material> {
  return parsed(path, await readText(path, io), JSON.parse, conversationDocument)
}

async function readText(path: string, io: Io): Promise<string> {
  if (path === '-') return readAll(io.stdin)
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    throw new AssizeError('request_invalid', `${path} can't be read: ${(error as Error).message}`, {
      cause: error,
    })
  }
}

function parsed<Schema extends z.ZodType>(
  path: string,
  content: string,
  parse: (content: string) => unknown,
  schema: Schema,
): z.output<Schema> {
  let document: unknown
  try {
    document = parse(content)
  } catch (error) {
    throw new AssizeError('request_invalid', `${path}: ${(error as Error).message}`, { cause: error })
  }
  const result = schema.safeParse(document)
  if (result.success) return result.data
  throw new AssizeError('request_invalid', `${path}:\n${z.prettifyError(result.error)}`)
}

function showJudgment(judgment: Judgment): Record<string, unknown> {
  const { account } = judgment
  const said =
    judgment.outcome === 'answered'
      ? { analysis: judgment.analysis, answer: judgment.answer }
      : { reason: judgment.reason }
  return {
    outcome: judgment.outcome,
    ...said,
    model: `${account.provider}/${account.modelName}`,
    enforcement: account.enforcement,
    attempts: account.attempts,
    latency_ms: account.latencyMs,
    input_tokens: account.inputTokens,
    output_tokens: account.outputTokens,
  }
}

export const judgeCommand: Command = { summary: 'judge one conversation without a server', usage, run }
