/**
 * How much faster more workers are: one server that does no work, one PostgreSQL, a provider that takes 50 ms, and one or
 * several workers, each of which lets so many calls through at once. Run it with `npm run bench:workers`.
 */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { preparePostgres } from '../scripts/test/postgres.ts'
import { beginRun, startCourt, untilOver } from '../test/support/kill-run.ts'
import { startProviderServer } from '../test/support/provider-server.ts'
import { temporaryDir } from './processes.ts'

const { values } = parseArgs({
  options: {
    workers: { type: 'string', default: '1,2,4' },
    'in-flight': { type: 'string', default: '8' },
    seconds: { type: 'string', default: '15' },
  },
})
const counts = values.workers.split(',').map(Number)
const inFlight = Number(values['in-flight'])
const delayMs = 50

await using postgres = await preparePostgres()
const databaseUrl = process.env.TEST_POSTGRES_URL ?? postgres.env.TEST_POSTGRES_URL
if (databaseUrl === undefined) throw new Error(`PostgreSQL: ${postgres.state}`)
await using folder = await temporaryDir()
const config = join(folder.path, 'assize.yaml')
await writeFile(config, `log_level: warn\nproviders: { openai: { max_in_flight: ${inFlight} } }\n`)

interface Figures {
  readonly workers: number
  readonly perSecond: number
  readonly mostInFlight: number
}

/** Judgments a second once all are at work: the first and the last tenth of a run are left out. */
async function measure(workers: number): Promise<Figures> {
  await using provider = await startProviderServer()
  provider.always({ delayMs })
  await using started = new AsyncDisposableStack()
  const place = { dataDir: join(folder.path, `data-${workers}`), databaseUrl: databaseUrl as string, config }
  const { api } = await startCourt({ ...place, provider }, started, workers)
  const records = Math.round((workers * inFlight * Number(values.seconds) * 1000) / delayMs)
  const id = await beginRun(api, { records, concurrency: Math.max(...counts) * inFlight })
  const [from, to] = [0.1 * records, 0.9 * records]
  const passed = async (count: number): Promise<number> => {
    while (provider.requests.length < count) await new Promise((resolve) => setTimeout(resolve, 5))
    return performance.now()
  }
  const [fromMs, toMs] = [await passed(from), await passed(to)]
  const run = await untilOver(api, id)
  if (run.outcomes.answered !== records)
    throw new Error(`Not all were answered: ${JSON.stringify(run.outcomes)}`)
  return { workers, perSecond: ((to - from) / (toMs - fromMs)) * 1000, mostInFlight: provider.mostInFlight() }
}

process.stdout.write(
  `${inFlight} calls at once a worker, ${delayMs} ms each\n\n| workers | judgments/s | times one | calls at once, at most |\n| --- | --- | --- | --- |\n`,
)
let one: number | undefined
for (const count of counts) {
  const { workers, perSecond, mostInFlight } = await measure(count)
  one ??= perSecond / count
  process.stdout.write(
    `| ${workers} | ${perSecond.toFixed(0)} | ${(perSecond / one).toFixed(2)} | ${mostInFlight} |\n`,
  )
}
