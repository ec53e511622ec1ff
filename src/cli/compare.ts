import { parseArgs } from 'node:util'
import { firstWorkspaceName } from '../access/keys.ts'
import { isId } from '../judges/id.ts'
import type { Command, Io } from './commands.ts'
import { judgeComparison, parseCompareConditions } from './compare-conditions.ts'
import { comparisonText, type ShownComparison } from './compare-output.ts'
import { UsageError } from './usage-error.ts'
import { verdictDocument } from './verdict-output.ts'

const usage = `Usage: assize compare FIRST SECOND [--flips N] [--fail-if CONDITION]... [--json]
                      [--server URL] [--key-file FILE]

Compares two runs record by record, over the records that both answered: how many answers changed, which option gained
or by how much the mean moved, and whether that can be chance. Differences are the second less the first.

FIRST, SECOND  two files of results that assize run wrote, paired by the ids of their records; or the ids of two runs
--flips        show N of the records that were answered differently, the largest changes first; 10 unless given
--fail-if      exit with 1 where the condition holds, or there is nothing to measure: MEASURE OPERATOR NUMBER. Measures
               are flips (a share), compared (a count), kappa, difference(OPTION) from -1 to 1, p_value(OPTION),
               mean_difference, mean_p_value, mean_absolute_change; low(...) and high(...) are the ends of the 95%
               interval of flips, difference(OPTION) and mean_difference
--json         the comparison as JSON
--server       a server that has the runs; without it, the database of this machine
--key-file     a file with the key to use; the first key of this machine (workspace ${firstWorkspaceName}) without it

The exit code is 0 when the runs could be compared and no condition holds, else 1.`

const options = {
  flips: { type: 'string', default: '10' },
  'fail-if': { type: 'string', multiple: true },
  json: { type: 'boolean', default: false },
  server: { type: 'string' },
  'key-file': { type: 'string' },
} as const

async function run(args: readonly string[], io: Io): Promise<number> {
  const { positionals, values } = parseArgs({ args: [...args], allowPositionals: true, options })
  const [first, second, ...others] = positionals
  if (first === undefined || second === undefined || others.length > 0) {
    throw new UsageError('compare needs FIRST and SECOND.')
  }
  const mostFlips = wholeNumber(values.flips)
  const conditions = parseCompareConditions(values['fail-if'] ?? [])
  const comparison = await compare({ first, second, mostFlips, ...values, keyFile: values['key-file'] }, io)
  const verdicts = judgeComparison(conditions, comparison)
  const document = { ...comparison, conditions: verdicts.map(verdictDocument) }
  io.stdout.write(
    values.json ? `${JSON.stringify(document, null, 2)}\n` : comparisonText(comparison, verdicts),
  )
  return comparison.is_comparable && verdicts.every(({ holds }) => !holds) ? 0 : 1
}

interface Compared {
  readonly first: string
  readonly second: string
  readonly mostFlips: number
  readonly server?: string | undefined
  readonly keyFile: string | undefined
}

async function compare({ first, second, mostFlips, ...place }: Compared, io: Io): Promise<ShownComparison> {
  const areRuns = [first, second].map((name) => isId(name))
  if (areRuns.every((isRun) => isRun)) {
    const [{ openApi }, { apiPath }] = await Promise.all([import('./open-api.ts'), import('./remote.ts')])
    await using api = await openApi(place, io)
    const query = new URLSearchParams({ with: second, flips: String(mostFlips) })
    return (await api.call('GET', `${apiPath}/runs/${first}/comparison?${query}`)).body
  }
  if (areRuns.some((isRun) => isRun)) {
    throw new UsageError('FIRST and SECOND are a run and a file; expected the ids of two runs, or two files.')
  }
  if (place.server !== undefined) {
    throw new UsageError('--server is for runs; FIRST and SECOND are files, which are read here.')
  }
  const { compareFiles } = await import('./compare-files.ts')
  return compareFiles(first, second, mostFlips)
}

function wholeNumber(text: string): number {
  if (/^0*(?:100|\d{1,2})$/.test(text)) return Number(text)
  throw new UsageError(`--flips is ${JSON.stringify(text)}; expected a whole number from 0 to 100.`)
}

export const compareCommand: Command = { usage, run }
