/**
 * A run on a server beside bare connections to the same model server of 50 ms, with as many calls at once: what it costs
 * to know of every judgment that it is stored before another is begun. Run it with `npm run bench:server-runs`.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { startBenchServer } from './bench-server.ts'
import { cpuMs, percentile, start, temporaryDir } from './processes.ts'

const { values } = parseArgs({
  options: {
    records: { type: 'string', default: '8000' },
    concurrency: { type: 'string', default: '64' },
    rounds: { type: 'string', default: '5' },
    'latency-ms': { type: 'string', default: '50' },
  },
})
const [records, concurrency, rounds] = [
  Number(values.records),
  Number(values.concurrency),
  Number(values.rounds),
]

await using provider = await start(['bench/rivals/provider.js', values['latency-ms']], {}, /http/)
const providerUrl = provider.output().trim()
await using folder = await temporaryDir()
await using server = await startBenchServer(join(folder.path, 'data'), `${providerUrl}/assize/v1`)
const datasetId = await server.addDataset(records)
const judgeId = await server.addJudge()

interface Figures {
  readonly perSecond: number
  readonly cpuMsEach: number
}

/** Between a quarter and nine tenths of it, so that neither beginning nor end are in it. */
async function measureRun(): Promise<Figures> {
  const run = await server.call('POST', '/v1/observability/runs', {
    judge_id: judgeId,
    dataset_id: datasetId,
    concurrency,
  })
  const until = async (share: number) => {
    for (;;) {
      const { outcomes } = await server.call('GET', `/v1/observability/runs/${run.id}`)
      const judged = { count: outcomes.answered, atMs: performance.now(), cpu: cpuMs(server.pid) }
      if (judged.count >= share * records) return judged
      await new Promise((resolve) => setTimeout(resolve, 200))
    }
  }
  const [from, to] = [await until(0.25), await until(0.9)]
  await until(1)
  await server.call('DELETE', `/v1/observability/runs/${run.id}`)
  const count = to.count - from.count
  return { perSecond: (count / (to.atMs - from.atMs)) * 1000, cpuMsEach: (to.cpu - from.cpu) / count }
}

async function measureBare(): Promise<Figures> {
  const child = spawn(
    process.execPath,
    ['bench/bare-calls.ts', providerUrl, String(concurrency), String(records)],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  let output = ''
  child.stdout.on('data', (text) => {
    output += text
  })
  await once(child, 'close')
  return JSON.parse(output) as Figures
}

const runs: Figures[] = []
const bare: Figures[] = []
for (let round = 0; round < rounds; round += 1) {
  bare.push(await measureBare())
  runs.push(await measureRun())
  process.stderr.write(
    `round ${round + 1}: ${Math.round(bare.at(-1)?.perSecond ?? 0)} bare, ${Math.round(runs.at(-1)?.perSecond ?? 0)} in a run\n`,
  )
}
const median = (all: readonly Figures[], of: (figures: Figures) => number): number =>
  percentile(
    all.map(of).sort((one, other) => one - other),
    0.5,
  )
process.stdout.write(
  `${records} records, ${concurrency} at once, ${values['latency-ms']} ms; medians of ${rounds} rounds\n\n`,
)
process.stdout.write('| way | judgments/s | CPU ms a judgment |\n| --- | --- | --- |\n')
for (const [name, all] of [
  ['bare connections', bare],
  ['a run', runs],
] as const) {
  const row = [
    name,
    Math.round(median(all, (one) => one.perSecond)),
    median(all, (one) => one.cpuMsEach).toFixed(3),
  ]
  process.stdout.write(`| ${row.join(' | ')} |\n`)
}
const ratios = runs.map((one, round) => one.perSecond / (bare[round]?.perSecond ?? Number.NaN))
process.stdout.write(
  `\nA run's rate divided by the bare one of the same round: ${ratios.map((ratio) => ratio.toFixed(3)).join(', ')}\n`,
)
