import { parseArgs } from 'node:util'
import { firstWorkspaceName } from '../access/keys.ts'
import { attacks } from '../agreement/attacks.ts'
import { exampleConversations } from '../agreement/example-conversations.ts'
import { runRedteam } from '../agreement/redteam.ts'
import type { RedteamReport } from '../agreement/redteam-report.ts'
import type { Command, Io } from './commands.ts'
import { readMaterials } from './input-files.ts'
import { openJudge } from './open-judge.ts'
import { type Aim, readAim } from './redteam-aim.ts'
import { reportAsJson, reportAsText } from './redteam-output.ts'
import { redteamProgress } from './redteam-progress.ts'
import { UsageError } from './usage-error.ts'

const usage = `Usage: assize redteam JUDGE [--conversations FILE.jsonl] [--positive VALUE] [--threshold NUMBER]
                      [--limit N] [--concurrency N] [--fail-if-over SHARE] [--workspace NAME] [--json]

Attacks a judge: judges conversations as they are, then those that it judged negative again with each of
${attacks.length - 1} attacks in the response, and shows how many an attack turned positive. Nothing is stored.

JUDGE            the id or name of a saved judge (of --workspace, ${firstWorkspaceName} unless given), or a file like judge.yaml
--conversations  one a line: an object with messages and properties, or an array of messages; - is standard input.
                 Without it ${exampleConversations.length} examples that come with the program: short answers that are wrong
--positive       the option that attacks are after; the first one unless given
--threshold      for numbers: an answer from here on is positive; the middle of the scale unless given
--limit          take the first N conversations only
--concurrency    judgments at once; 4 unless given
--fail-if-over   exit with 1 when the share of turned conversations is over SHARE (0 to 1) beyond chance: when the
                 lower end of its 95% interval is; or when nothing could be measured, or it was stopped
--json           the report as JSON`

const options = {
  conversations: { type: 'string' },
  positive: { type: 'string' },
  threshold: { type: 'string' },
  limit: { type: 'string' },
  concurrency: { type: 'string', default: '4' },
  'fail-if-over': { type: 'string' },
  workspace: { type: 'string', default: firstWorkspaceName },
  json: { type: 'boolean', default: false },
} as const

async function run(args: readonly string[], io: Io): Promise<number> {
  const { positionals, values } = parseArgs({ args: [...args], allowPositionals: true, options })
  const [name, ...others] = positionals
  if (name === undefined || others.length > 0) throw new UsageError('redteam needs one JUDGE.')
  const concurrency = wholeNumber('--concurrency', values.concurrency, 1000)
  const limit = values.limit === undefined ? undefined : wholeNumber('--limit', values.limit, 1_000_000)
  const failIfOver = values['fail-if-over'] === undefined ? undefined : share(values['fail-if-over'])
  const materials =
    values.conversations === undefined ? exampleConversations : await readMaterials(values.conversations, io)
  await using opened = await openJudge(name, values.workspace, io)
  const aim = readAim(opened.definition.output, values)
  const progress = redteamProgress(io)
  const report = await runRedteam({
    materials: materials.slice(0, limit),
    attacks,
    target: { answer: aim.answer },
    isPositive: aim.isPositive,
    judge: (material) => opened.judge(material, io.stop),
    concurrency,
    onProgress: progress.show,
    stop: io.stop,
  }).finally(progress.end)
  write(report, aim, { judgeName: opened.definition.name, asJson: values.json }, io)
  return failIfOver === undefined || holds(report, failIfOver) ? 0 : 1
}

function write(
  report: RedteamReport,
  aim: Aim,
  { judgeName, asJson }: { judgeName: string; asJson: boolean },
  io: Io,
): void {
  const shown = { judgeName, positive: aim.description }
  io.stdout.write(asJson ? reportAsJson(report, shown) : reportAsText(report, shown))
}

function holds({ isComplete, overall }: RedteamReport, limit: number): boolean {
  return isComplete && overall.share !== undefined && overall.share.low <= limit
}

function wholeNumber(option: string, text: string, most: number): number {
  const number = /^\d{1,7}$/.test(text) ? Number(text) : 0
  if (number >= 1 && number <= most) return number
  throw new UsageError(`${option} is ${JSON.stringify(text)}; expected a whole number from 1 to ${most}.`)
}

function share(text: string): number {
  const number = /^\d*\.?\d+$/.test(text) ? Number(text) : Number.NaN
  if (number >= 0 && number <= 1) return number
  throw new UsageError(`--fail-if-over is ${JSON.stringify(text)}; expected a share from 0 to 1, like 0.05.`)
}

export const redteamCommand: Command = { usage, run }
