import { parseArgs } from 'node:util'
import { firstWorkspaceName } from '../access/keys.ts'
import { createAssize } from '../assize.ts'
import { loadConfig } from '../config.ts'
import type { Command, Io } from './commands.ts'
import { suggestionText } from './suggest-output.ts'
import { UsageError } from './usage-error.ts'

const usage = `Usage: assize suggest JUDGE --run RUN [--model MODEL] [--label-field NAME] [--concurrency N] [--workspace NAME]
                      [--json]

Has a model propose new instructions for a judge, and measures them. Half of the run's labelled records, picked by
chance, show the model where judge and people disagree; the other half is judged with the old and the new instructions.
Nothing is saved: the proposal is printed.

JUDGE             the id or name of the judge, as saved in this machine's database
--run             a run of the judge whose records are labelled
--model           the model that proposes; the judge's own unless given
--label-field     a field of the records that holds the label; without it, the labels given for the judge
--concurrency     judgments at once; 8 unless given
--workspace       the judge's workspace; ${firstWorkspaceName} unless given
--json            the proposal and its measurement as JSON`

const options = {
  run: { type: 'string' },
  model: { type: 'string' },
  'label-field': { type: 'string' },
  concurrency: { type: 'string', default: '8' },
  workspace: { type: 'string', default: firstWorkspaceName },
  json: { type: 'boolean', default: false },
} as const

async function run(args: readonly string[], io: Io): Promise<number> {
  const { positionals, values } = parseArgs({ args: [...args], allowPositionals: true, options })
  const [name, ...others] = positionals
  if (name === undefined || others.length > 0) throw new UsageError('suggest needs one JUDGE.')
  if (values.run === undefined) throw new UsageError('suggest needs --run.')
  const concurrency = /^\d{1,3}$/.test(values.concurrency) ? Number(values.concurrency) : 0
  if (concurrency < 1) {
    throw new UsageError(
      `--concurrency is ${JSON.stringify(values.concurrency)}; expected a whole number from 1 to 999.`,
    )
  }
  await using assize = await createAssize({ ...loadConfig(io.env, io.workingDir), logLevel: 'warn' as const })
  const workspace = await assize.keys.findWorkspace(values.workspace)
  // Nothing is written on this author's behalf.
  const author = { workspaceId: workspace.id, ownerId: workspace.id }
  const runOfJudge = await assize.runs.find(author, values.run)
  const { judgeId, judgeName } = runOfJudge
  if (![judgeId, judgeName].includes(name)) {
    throw new UsageError(
      `Run ${values.run} is one of judge ${JSON.stringify(judgeName)} (${judgeId}), not of ${JSON.stringify(name)}.`,
    )
  }
  const field = values['label-field']
  const suggestion = await assize.suggestions.suggest(author, values.run, {
    ...(field !== undefined && { field }),
    ...(values.model !== undefined && { modelName: values.model }),
    concurrency,
    stop: io.stop,
    onProgress: progressOn(io),
  })
  io.stdout.write(values.json ? `${JSON.stringify(suggestion, null, 2)}\n` : suggestionText(suggestion))
  return 0
}

function progressOn({ stderr }: Io): (done: number, of: number) => void {
  return (done, of) => {
    const line = `judged ${done} of ${of} held-out records with the old and the new instructions`
    if (stderr.isTTY) stderr.write(`\r${line}${done === of ? '\n' : ''}`)
    else if (done === of || done % 50 === 0) stderr.write(`${line}\n`)
  }
}

export const suggestCommand: Command = { usage, run }
