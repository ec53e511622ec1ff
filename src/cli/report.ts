import { parseArgs } from 'node:util'
import { firstWorkspaceName } from '../access/keys.ts'
import type { Command, Io } from './commands.ts'
import { openApi } from './open-api.ts'
import { apiPath } from './remote.ts'
import { reportText } from './report-output.ts'
import { UsageError } from './usage-error.ts'

const usage = `Usage: assize report RUN [--label-field NAME] [--width WIDTH] [--server URL] [--key-file FILE] [--json]

Compares a run's judgments with labels, and estimates what people would say of all of its records.

RUN               the run's id
--label-field     a field of the records that holds the label; without it, the labels given for the judge
--width           say how many more labels bring the estimate's 95% interval to this width: 0.1 is ten points of a share
--server          a server; without it, the database of this machine
--key-file        a file with the key to use; the first key of this machine (workspace ${firstWorkspaceName}) without it
--json            the report as JSON`

const options = {
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
  await using api = await openApi({ server: values.server, keyFile: values['key-file'] }, io)
  const path = `${apiPath}/runs/${encodeURIComponent(id)}`
  const field = values['label-field']
  const query = new URLSearchParams(field === undefined ? {} : { label_field: field })
  const { body: report } = await api.call('GET', `${path}/agreement?${query}`)
  const moreLabels = values.width === undefined ? undefined : await moreLabelsFor(values.width)
  io.stdout.write(
    values.json
      ? `${JSON.stringify({ ...report, ...(moreLabels && { more_labels: moreLabels.count }) }, null, 2)}\n`
      : reportText(report, moreLabels),
  )
  return 0

  async function moreLabelsFor(width: string) {
    if (!(Number(width) > 0))
      throw new UsageError(`--width is ${JSON.stringify(width)}; expected a number above 0.`)
    query.set('n', '0')
    query.set('width', width)
    const { body: queue } = await api.call('GET', `${path}/label-queue?${query}`)
    return { width: Number(width), count: queue.more_labels as number | null }
  }
}

export const reportCommand: Command = { usage, run }
