/**
 * What `kill -9` costs a run: the program is killed at random moments while it judges, and started anew each time. Run
 * it with `npm run bench:kills`; with `-- --workers 4` four workers are killed on a PostgreSQL of its own, or in the database
 * that --database-url names.
 */
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { preparePostgres } from '../scripts/test/postgres.ts'
import { killRun } from '../test/support/kill-run.ts'
import { startProviderServer } from '../test/support/provider-server.ts'
import { temporaryDir } from './processes.ts'

const { values } = parseArgs({
  options: {
    records: { type: 'string', default: '5000' },
    kills: { type: 'string', default: '30' },
    concurrency: { type: 'string', default: '32' },
    'delay-ms': { type: 'string', default: '50' },
    workers: { type: 'string', default: '0' },
    'database-url': { type: 'string' },
  },
})
const [records, kills, concurrency, workers] = [
  Number(values.records),
  Number(values.kills),
  Number(values.concurrency),
  Number(values.workers),
]

await using provider = await startProviderServer()
provider.always({ delayMs: Number(values['delay-ms']) })
await using folder = await temporaryDir()
await using postgres = workers > 0 && !values['database-url'] ? await preparePostgres() : undefined
const databaseUrl = values['database-url'] ?? postgres?.env.TEST_POSTGRES_URL
if (workers > 0 && databaseUrl === undefined) throw new Error(`PostgreSQL: ${postgres?.state}`)
const startedMs = performance.now()
let killed = 0
const { run, judgments, calls } = await killRun({
  records,
  kills,
  concurrency,
  dataDir: join(folder.path, 'data'),
  ...(databaseUrl && { databaseUrl }),
  workers,
  provider,
  random: Math.random,
  onKill: (seen) => {
    killed += 1
    process.stderr.write(`kill ${killed} of ${kills}, after ${seen} calls\n`)
  },
})
const seconds = (performance.now() - startedMs) / 1000
const distinct = new Set(judgments.map(({ record_id }) => record_id)).size
const extra = calls - records
const rows = [
  ['records', records],
  ['workers', workers],
  ['kills', killed],
  ['judgments at once', concurrency],
  ['state of the run', run.state],
  ['judgments', judgments.length],
  ['records with exactly one judgment', distinct === judgments.length ? distinct : Number.NaN],
  ['calls to the provider', calls],
  ['calls beyond one a record', extra],
  ['the same a kill', (extra / killed).toFixed(1)],
  ['allowed a kill', concurrency],
  ['seconds, starts included', seconds.toFixed(0)],
]
process.stdout.write(
  `| what | figure |\n| --- | --- |\n${rows.map((row) => `| ${row.join(' | ')} |\n`).join('')}`,
)
const isRight = judgments.length === records && distinct === records && run.outcomes.answered === records
process.exitCode = isRight && extra <= killed * concurrency ? 0 : 1
