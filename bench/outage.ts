/**
 * What a crash of PostgreSQL costs: it ends without a word while workers judge a run and clients create judges, and is started
 * again after some seconds. Run it with `npm run bench:outage`.
 */
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { findPostgres, startPostgresServer } from '../scripts/test/postgres-server.ts'
import { surviveOutage } from '../test/support/database-outage.ts'
import { startProviderServer } from '../test/support/provider-server.ts'
import { temporaryDir } from './processes.ts'

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '10' },
    records: { type: 'string', default: '10000' },
    workers: { type: 'string', default: '4' },
    concurrency: { type: 'string', default: '32' },
    clients: { type: 'string', default: '16' },
  },
})
const [records, concurrency] = [Number(values.records), Number(values.concurrency)]

const binaries = findPostgres()
if (binaries === undefined) throw new Error('There is no PostgreSQL here: install the package postgresql.')
await using postgres = await startPostgresServer(binaries)
await using provider = await startProviderServer()
provider.always({ delayMs: 50 })
await using folder = await temporaryDir()
const { run, calls, acknowledged, lost, unavailable, others, readyWhileGone } = await surviveOutage({
  postgres,
  provider,
  dataDir: join(folder.path, 'data'),
  workers: Number(values.workers),
  records,
  concurrency,
  clients: Number(values.clients),
  seconds: Number(values.seconds),
})
const rows = [
  ['seconds without a database', values.seconds],
  ['workers', values.workers],
  ['records of the run', records],
  ['state of the run in the end', run.state],
  ['answered', run.outcomes.answered],
  ['calls to the provider', calls],
  ['judges that were acknowledged', acknowledged],
  ['of them lost', lost],
  ['creations answered 503', unavailable],
  ['answered otherwise', others.length],
  ['/readyz meanwhile', readyWhileGone],
]
process.stdout.write(
  `| what | figure |\n| --- | --- |\n${rows.map((row) => `| ${row.join(' | ')} |\n`).join('')}`,
)
for (const other of new Set(others)) process.stdout.write(`${other}\n`)
process.exitCode = lost === 0 && others.length === 0 && run.outcomes.answered === records ? 0 : 1
