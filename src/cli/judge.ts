import { parseArgs } from 'node:util'
import { createJudgeMaterial } from '../assize-judging.ts'
import { createModels } from '../assize-models.ts'
import { createTools } from '../assize-tools.ts'
import { loadConfig } from '../config.ts'
import { shownDistribution } from '../judging/distribution.ts'
import { mostSamples, type Wanted } from '../judging/judging.ts'
import type { FlaggedJudgment } from '../judging/judgment.ts'
import { createLog } from '../log.ts'
import type { Command, Io } from './commands.ts'
import { readDefinition, readMaterial } from './input-files.ts'
import { UsageError } from './usage-error.ts'

const usage = `Usage: assize judge --judge FILE.yaml --conversation FILE.json [--samples N]

Judges one conversation without a server. FILE.yaml has the fields of a judge (name, description, model_name,
output, instructions, tools); FILE.json is an array of messages, or an object with messages and properties.
- stands for standard input. With --samples, up to N judgments are made into one by their majority, or their mean,
and shown with the distribution of the answers. The judgment goes to standard output as JSON, everything else to standard error.
The exit code is 0 when there is an answer, and 1 when there is none.`

async function run(args: readonly string[], io: Io): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      judge: { type: 'string' },
      conversation: { type: 'string' },
      samples: { type: 'string' },
    },
  })
  if (values.judge === undefined || values.conversation === undefined) {
    throw new UsageError('judge needs --judge and --conversation.')
  }
  if (values.judge === '-' && values.conversation === '-') {
    throw new UsageError('--judge and --conversation are both -; standard input can be only one of them.')
  }
  const wanted = values.samples === undefined ? undefined : wantedOf(values.samples)
  const definition = await readDefinition(values.judge, io)
  const material = await readMaterial(values.conversation, io)
  const config = loadConfig(io.env, io.workingDir)
  const log = createLog('warn')
  await using models = createModels(config, log)
  await using tools = createTools(config, log)
  const judgment = await createJudgeMaterial(config, models, tools)(definition, material, io.stop, wanted)
  io.stdout.write(`${JSON.stringify(showJudgment(judgment), null, 2)}\n`)
  return judgment.outcome === 'answered' ? 0 : 1
}

function wantedOf(text: string): Wanted {
  const samples = /^\d{1,2}$/.test(text) ? Number(text) : 0
  if (samples >= 1 && samples <= mostSamples) return { samples, wantsDistribution: true }
  throw new UsageError(
    `--samples is ${JSON.stringify(text)}; expected a whole number from 1 to ${mostSamples}.`,
  )
}

function showJudgment(judgment: FlaggedJudgment): Record<string, unknown> {
  const { account, distribution, poll, flags } = judgment
  const said =
    judgment.outcome === 'answered'
      ? { analysis: judgment.analysis, answer: judgment.answer }
      : { reason: judgment.reason }
  return {
    outcome: judgment.outcome,
    ...said,
    ...(distribution && {
      distribution: shownDistribution(distribution),
      distribution_method: distribution.method,
      agreement: poll?.agreement ?? null,
    }),
    model: `${account.provider}/${account.modelName}`,
    enforcement: account.enforcement,
    left_out: account.leftOut,
    attempts: account.attempts,
    latency_ms: account.latencyMs,
    input_tokens: account.inputTokens,
    output_tokens: account.outputTokens,
    flags,
  }
}

export const judgeCommand: Command = { usage, run }
