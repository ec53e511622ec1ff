/**
 * How much memory a run takes, by how many records it has: the program judges datasets of two sizes, each in a process
 * of its own, and the most memory that it ever held is read. Run it with `npm run bench:memory`.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { startBenchServer } from './bench-server.ts'
import { start, temporaryDir } from './processes.ts'

const { values } = parseArgs({
  options: {
    small: { type: 'string', default: '2000' },
    large: { type: 'string', default: '200000' },
    concurrency: { type: 'string', default: '64' },
  },
})

interface Figures {
  readonly records: number
  readonly peakMb: number
  readonly createdMs: number
  readonly perSecond: number
}

/** Kept by the kernel; Linux only. */
function peakMb(pid: number): number {
  const [, kilobytes] = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
  return Number(kilobytes) / 1024
}

async function measure(records: number, providerUrl: string): Promise<Figures> {
  await using folder = await temporaryDir()
  const dataDir = join(folder.path, 'data')
  let datasetId = ''
  {
    // Another process, so that an import's memory is not in it.
    await using importing = await startBenchServer(dataDir, providerUrl)
    datasetId = await importing.addDataset(records)
  }
  await using server = await startBenchServer(dataDir, providerUrl)
  const judgeId = await server.addJudge()
  const startedMs = performance.now()
  const asked = { judge_id: judgeId, dataset_id: datasetId, concurrency: Number(values.concurrency) }
  const run = await server.call('POST', '/v1/observability/runs', asked)
  const createdMs = performance.now() - startedMs
  for (let state = 'running'; state === 'running'; ) {
    await new Promise((resolve) => setTimeout(resolve, 500))
    state = (await server.call('GET', `/v1/observability/runs/${run.id}`)).state
  }
  const seconds = (performance.now() - startedMs) / 1000
  let lines = 0
  for (const format of ['jsonl', 'csv']) {
    lines += await server.countLines(`/v1/observability/runs/${run.id}/judgments.${format}`)
  }
  if (lines !== 2 * records + 1) throw new Error(`The downloads have ${lines} lines.`)
  return { records, peakMb: peakMb(server.pid), createdMs, perSecond: records / seconds }
}

await using provider = await start(['bench/rivals/provider.js', '0'], {}, /http/)
const providerUrl = `${provider.output().trim()}/assize/v1`
const figures: Figures[] = []
process.stdout.write(
  '| records | peak memory, MB | to create, ms | judgments/s |\n| --- | --- | --- | --- |\n',
)
for (const records of [Number(values.small), Number(values.large)]) {
  const one = await measure(records, providerUrl)
  figures.push(one)
  const row = [records, one.peakMb.toFixed(0), one.createdMs.toFixed(0), one.perSecond.toFixed(0)]
  process.stdout.write(`| ${row.join(' | ')} |\n`)
}
const [small, large] = figures
const ratio = (large?.peakMb ?? Number.NaN) / (small?.peakMb ?? Number.NaN)
process.stdout.write(
  `\nThe large one's peak divided by the small one's: ${ratio.toFixed(2)}, both downloads included.\n`,
)
