import { parseArgs } from 'node:util'
import { firstWorkspaceName } from '../access/keys.ts'
import type { Command, Io } from './commands.ts'
import { type Api, openApi } from './open-api.ts'
import { apiPath } from './remote.ts'
import { besideText, type RunDifference } from './report-beside.ts'
import { type MoreLabels, reportText } from './report-output.ts'
import { UsageError } from './usage-error.ts'

const usage = `Usage: assize report RUN [--beside RUN] [--label-field NAME] [--width WIDTH] [--server URL] [--key-file FILE] [--json]

Compares a run's judgments with labels, and estimates what people would say of all of its records.

RUN               the run's id
--beside          another run: its figures beside those of the first, with what differs between the two
--label-field     a field of the records that holds the label; without it, the labels given for the judge
--width           say how many more labels bring the estimate's 95% interval to this width: 0.1 is ten points of a share
--server          a server; without it, the database of this machine
--key-file        a file with the key to use; the first key of this machine (workspace ${firstWorkspaceName}) without it
--json            the report as JSON`

const options = {
  beside: { type: 'string' },
  'label-field': { type: 'string' },
  width: { type: 'string' },
  server: { type: 'string' },
  'key-file': { type: 'string' },
  json: { type: 'boolean', default: false },
} as const

async function run(args: readonly string[], io: Io): Promise<number> {
  const { positionals, values } = parseArgs({ args: [...args], allowPositionals: true, options })
  const [id, ...others] = positionals
  if (id === undefined || others.length > 0) throw new UsageError('report needs one RUN.')
  const { beside, width } = values
  if (width !== undefined && !(Number(width) > 0)) {
    throw new UsageError(`--width is ${JSON.stringify(width)}; expected a number above 0.`)
  }
  await using api = await openApi({ server: values.server, keyFile: values['key-file'] }, io)
  const field = values['label-field']
  const query = field === undefined ? {} : { label_field: field }
  const report = await fetchReport(api, id, query)
  const moreLabels = width === undefined ? undefined : await moreLabelsFor(api, id, { ...query, width })
  const other = beside === undefined ? undefined : await fetchReport(api, beside, query)
  const differences = beside === undefined ? [] : await differencesOf(api, id, beside)
  const more = {
    ...(moreLabels && { more_labels: moreLabels.count }),
    ...(other && { beside: other, differences }),
  }
  if (values.json) io.stdout.write(`${JSON.stringify({ ...report, ...more }, null, 2)}\n`)
  else if (other === undefined) io.stdout.write(reportText(report, moreLabels))
  else io.stdout.write(besideText(report, other, differences))
  return 0
}

function pathOf(id: string): string {
  return `${apiPath}/runs/${encodeURIComponent(id)}`
}

// biome-ignore lint/suspicious/noExplicitAny: what the API gives, whose schema is the API's
async function fetchReport(api: Api, id: string, query: Record<string, string>): Promise<any> {
  return (await api.call('GET', `${pathOf(id)}/agreement?${new URLSearchParams(query)}`)).body
}

async function moreLabelsFor(
  api: Api,
  id: string,
  query: Record<string, string> & { width: string },
): Promise<MoreLabels> {
  const parameters = new URLSearchParams({ ...query, n: '0' })
  const { body } = await api.call('GET', `${pathOf(id)}/label-queue?${parameters}`)
  return { width: Number(query.width), count: body.more_labels }
}

/** What is not the same about two runs: options or scale, revision, model, enforcement. */
async function differencesOf(api: Api, id: string, other: string): Promise<readonly RunDifference[]> {
  const { body } = await api.call('GET', `${pathOf(id)}/comparison?with=${encodeURIComponent(other)}&flips=0`)
  const outputs = body.is_comparable ? [] : [{ what: body.reason, first: null, second: null }]
  return [...outputs, ...body.differences]
}

export const reportCommand: Command = { usage, run }
