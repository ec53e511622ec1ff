import { parseArgs } from 'node:util'
import { usageGroups } from '../judging/usage-store.ts'
import type { Command, Io } from './commands.ts'
import { type Api, openApi } from './open-api.ts'
import { apiPath } from './remote.ts'
import { table } from './table.ts'
import { UsageError } from './usage-error.ts'
import { visibleText } from './visible-text.ts'

const usage = `Usage: assize usage [--by GROUP]... [--from DAY] [--to DAY] [--server URL [--key-file FILE]] [--json]

Shows what a workspace's saved judges used and cost, by UTC day: the last 30 days unless --from and --to, like
2027-01-31, say otherwise. GROUP is one of ${usageGroups.join(', ')}; without one, there is a row for each day.
Without --server it asks this machine's database. --json prints what the API answers.`

const options = {
  by: { type: 'string', multiple: true },
  from: { type: 'string' },
  to: { type: 'string' },
  server: { type: 'string' },
  'key-file': { type: 'string' },
  json: { type: 'boolean', default: false },
} as const

interface Sum {
  readonly judgments: number
  readonly unpriced_judgments: number
  readonly input_tokens: number
  readonly output_tokens: number
  readonly cost: number | null
}

interface Usage {
  readonly group_by: readonly string[]
  readonly total: Sum
  readonly results: readonly (Sum & Readonly<Record<string, string | number | null>>)[]
}

async function run(args: readonly string[], io: Io): Promise<number> {
  const { values } = parseArgs({ args: [...args], options })
  const { by = ['day'] } = values
  for (const group of by) {
    if (!usageGroups.some((one) => one === group))
      throw new UsageError(`--by is ${group}; expected one of ${usageGroups.join(', ')}.`)
  }
  const query = new URLSearchParams()
  for (const group of by) query.append('group_by', group)
  for (const name of ['from', 'to'] as const) {
    const day = readDay(name, values[name])
    if (day !== undefined) query.set(name, day)
  }
  await using api = await openApi({ server: values.server, keyFile: values['key-file'] }, io)
  const { body } = await api.call('GET', `${apiPath}/usage?${query}`)
  if (values.json) io.stdout.write(`${JSON.stringify(body.usage)}\n`)
  else io.stdout.write(tableOf(body.usage, await judgeNames(body.usage, api)))
  return 0
}

function readDay(name: string, text: string | undefined): string | undefined {
  if (text === undefined || /^\d{4}-\d\d-\d\d$/.test(text)) return text
  throw new UsageError(`--${name} is ${text}; expected a day like 2027-01-31.`)
}

/** Of the judges that there are; a deleted one has its id alone. */
async function judgeNames({ group_by }: Usage, api: Api): Promise<ReadonlyMap<string, string>> {
  const names = new Map<string, string>()
  if (!group_by.includes('judge')) return names
  for await (const judge of api.list(`${apiPath}/judges`, 'judges')) {
    const { id, name } = judge as { readonly id: string; readonly name: string }
    names.set(id, name)
  }
  return names
}

function tableOf({ group_by, total, results }: Usage, names: ReadonlyMap<string, string>): string {
  const head = [...group_by, 'judgments', 'unpriced', 'input tokens', 'output tokens', 'cost']
  const rows = results.map((row) => [
    ...group_by.map((group) => {
      const text = String(row[group === 'judge' ? 'judge_id' : group])
      return visibleText(group === 'judge' ? (names.get(text) ?? text) : text)
    }),
    ...cellsOf(row),
  ])
  const last = [...group_by.map((_, index) => (index === 0 ? 'total' : '')), ...cellsOf(total)]
  return table([head, ...rows, last])
}

/** A cost is as exact as it is told, but for the roundings of a sum of fractions. */
function cellsOf({ judgments, unpriced_judgments, input_tokens, output_tokens, cost }: Sum): string[] {
  const known = cost === null ? 'unknown' : String(Number(cost.toPrecision(9)))
  return [...[judgments, unpriced_judgments, input_tokens, output_tokens].map(String), known]
}

export const usageCommand: Command = { usage, run }
