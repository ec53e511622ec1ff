/**
 * Our queue, which is the rows of a run themselves, beside pg-boss with chunks of records as jobs, on one PostgreSQL in one
 * run. Both hand records to workers that do nothing with them and store a judgment of each; pg-boss needs a job for each
 * chunk besides. Run it with `npm run bench:queue`.
 */
import { parseArgs } from 'node:util'
import { PgBoss } from 'pg-boss'
import { uuidv7 } from 'uuidv7'
import { preparePostgres } from '../scripts/test/postgres.ts'
import type { JudgmentRecord } from '../src/judging/judgment.ts'
import { insertJudgments } from '../src/storage/insert-judgments.ts'
import { openDatabase } from '../src/storage/open-database.ts'
import { addToCounts } from '../src/storage/run-counts.ts'
import { RunWorkRows } from '../src/storage/run-work-rows.ts'
import { transact } from '../src/storage/transact.ts'
import { addToUsage } from '../src/storage/usage-rows.ts'
import { percentile } from './processes.ts'
import { type Item, makeQueueWorld, type QueueWorld } from './queue-world.ts'

const { values } = parseArgs({
  options: {
    records: { type: 'string', default: '20000' },
    workers: { type: 'string', default: '4' },
    chunks: { type: 'string', default: '1,16,64,256' },
    rounds: { type: 'string', default: '3' },
  },
})
const [records, workers, rounds] = [Number(values.records), Number(values.workers), Number(values.rounds)]
const chunks = values.chunks.split(',').map(Number)

await using postgres = await preparePostgres()
const serverUrl = process.env.TEST_POSTGRES_URL ?? postgres.env.TEST_POSTGRES_URL
if (serverUrl === undefined) throw new Error(`PostgreSQL: ${postgres.state}`)
await using world = await makeQueueWorld(serverUrl, records)

interface Figures {
  readonly recordsPerSecond: number
  readonly chunksPerSecond: number
  /** From asking for a chunk until its judgments are stored. */
  readonly medianMs: number
  readonly p99Ms: number
}

/** Has all workers do chunks until there are none left. */
async function measure(doChunk: (worker: number) => Promise<number>): Promise<Figures> {
  const latenciesMs: number[] = []
  let done = 0
  const startedMs = performance.now()
  const work = async (_: unknown, worker: number): Promise<void> => {
    for (;;) {
      const beganMs = performance.now()
      const count = await doChunk(worker)
      if (count === 0) return
      latenciesMs.push(performance.now() - beganMs)
      done += count
    }
  }
  await Promise.all(Array.from({ length: workers }, work))
  const seconds = (performance.now() - startedMs) / 1000
  if (done !== records) throw new Error(`${done} of ${records} were done.`)
  latenciesMs.sort((one, other) => one - other)
  return {
    recordsPerSecond: done / seconds,
    chunksPerSecond: latenciesMs.length / seconds,
    medianMs: percentile(latenciesMs, 0.5),
    p99Ms: percentile(latenciesMs, 0.99),
  }
}

/** The rows: claim the next, store judgments and mark their items in one transaction. */
async function measureRows({ location, addRun, judgmentOf }: QueueWorld, chunk: number): Promise<Figures> {
  const runId = await addRun()
  await using database = await openDatabase(location)
  const store = new RunWorkRows(database)
  const claimers = Array.from({ length: workers }, () => ({ id: uuidv7(), runId }))
  const leaseUntil = new Date(Date.now() + 3_600_000)
  for (const claimer of claimers) await store.renew(claimer, new Date(), leaseUntil)
  return await measure(async (worker) => {
    const claimer = claimers[worker]
    if (claimer === undefined) return 0
    const claimed = await store.claim(claimer, chunk, new Date())
    if (claimed.length > 0)
      await store.keep(
        claimer,
        claimed.map((item) => judgmentOf(runId, item)),
      )
    return claimed.length
  })
}

/** pg-boss: fetch a job, store the judgments of its chunk with the run's sums, and complete it, which is another transaction. */
async function measureJobs(
  { location, addRun, judgmentOf, itemsOf }: QueueWorld,
  chunk: number,
): Promise<Figures> {
  const runId = await addRun()
  const items = await itemsOf(runId)
  await using database = await openDatabase(location)
  const boss = new PgBoss({ connectionString: location.url, max: 10, supervise: false, schedule: false })
  boss.on('error', (error) => process.stderr.write(`${error}\n`))
  await boss.start()
  try {
    const queue = `chunks-${runId}`
    await boss.createQueue(queue)
    const jobs = Array.from({ length: Math.ceil(items.length / chunk) }, (_, index) => ({
      data: { items: items.slice(index * chunk, (index + 1) * chunk) },
    }))
    for (let from = 0; from < jobs.length; from += 500) await boss.insert(queue, jobs.slice(from, from + 500))
    return await measure(async () => {
      const [job] = await boss.fetch<{ items: readonly Item[] }>(queue)
      if (job === undefined) return 0
      const judgments: JudgmentRecord[] = job.data.items.map((item) => judgmentOf(runId, item))
      await transact(database, async (transaction) => {
        await insertJudgments(transaction, database.kysely, judgments)
        await addToCounts(transaction, runId, judgments)
        await addToUsage(transaction, judgments)
      })
      await boss.complete(queue, job.id)
      return judgments.length
    })
  } finally {
    await boss.stop({ graceful: false })
  }
}

const ways = [
  ['rows with leases', measureRows],
  ['pg-boss', measureJobs],
] as const

process.stdout.write(
  `${records} records, ${workers} workers in one process, the middle of ${rounds} rounds\n\n` +
    '| records a chunk | queue | records/s | chunks/s | p50 ms a chunk | p99 ms |\n| --- | --- | --- | --- | --- | --- |\n',
)
for (const chunk of chunks) {
  const measured = ways.map(() => [] as Figures[])
  for (let round = 0; round < rounds; round++) {
    // Each begins every other round, so that neither always meets the emptier database.
    for (const index of round % 2 === 0 ? [0, 1] : [1, 0]) {
      const figures = await ways[index]?.[1](world, chunk)
      if (figures !== undefined) measured[index]?.push(figures)
    }
  }
  for (const [index, [name]] of ways.entries()) {
    const sorted = (measured[index] ?? []).toSorted(
      (one, other) => one.recordsPerSecond - other.recordsPerSecond,
    )
    const middle = sorted[Math.floor(sorted.length / 2)]
    if (middle === undefined) continue
    const { recordsPerSecond, chunksPerSecond, medianMs, p99Ms } = middle
    process.stdout.write(
      `| ${chunk} | ${name} | ${recordsPerSecond.toFixed(0)} | ${chunksPerSecond.toFixed(0)} | ${medianMs.toFixed(2)} | ${p99Ms.toFixed(2)} |\n`,
    )
  }
}
