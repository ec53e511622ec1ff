/**
 * What metrics and traces cost a judgment: live judging by one server without either being taken, one whose metrics are read
 * every second, one that sends traces too, and one that sends an event of each judgment as a record of the log
 * besides, in turns, against a model server without latency.
 * Run it with `npm run bench:telemetry`.
 */
import { writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { Pool } from 'undici'
import { benchmarkJudge } from './benchmark-judge.ts'
import { cpuMs, percentile, start, temporaryDir } from './processes.ts'

const { values } = parseArgs({
  options: {
    callers: { type: 'string', default: '16' },
    calls: { type: 'string', default: '4000' },
    rounds: { type: 'string', default: '5' },
  },
})
const [callers, calls, rounds] = [Number(values.callers), Number(values.calls), Number(values.rounds)]
const key = 'a-key-for-the-benchmark-only'

/** A collector that takes all that comes, and counts it. */
const received = { requests: 0, bytes: 0 }
const collector = createServer((incoming, outgoing) => {
  received.requests += 1
  incoming.on('data', (chunk: Buffer) => {
    received.bytes += chunk.length
  })
  incoming.on('end', () => outgoing.writeHead(200, { 'content-type': 'application/x-protobuf' }).end())
})
await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve))
const endpoint = `http://127.0.0.1:${(collector.address() as AddressInfo).port}`

await using provider = await start(['bench/provider.ts'], {}, /http/)
await using folder = await temporaryDir()
const config = join(folder.path, 'config.yaml')
await writeFile(config, 'log_level: warn\n')
await using servers = new AsyncDisposableStack()

interface Way {
  readonly name: string
  readonly env: Readonly<Record<string, string>>
  readonly readsMetrics: boolean
}

const traces = { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_BSP_MAX_QUEUE_SIZE: '20000' }
const ways: readonly Way[] = [
  { name: 'nothing', env: {}, readsMetrics: false },
  { name: 'metrics, read every second', env: {}, readsMetrics: true },
  {
    name: 'traces, none sampled',
    env: { ...traces, OTEL_LOGS_EXPORTER: 'none', OTEL_TRACES_SAMPLER: 'always_off' },
    readsMetrics: true,
  },
  { name: 'traces', env: { ...traces, OTEL_LOGS_EXPORTER: 'none' }, readsMetrics: true },
  {
    name: 'traces, and judgments as records of the log',
    env: { ...traces, OTEL_BLRP_MAX_QUEUE_SIZE: '20000' },
    readsMetrics: true,
  },
]

async function openWay(way: Way) {
  const server = servers.use(
    await start(
      ['src/start.js', 'serve'],
      {
        ASSIZE_DATA_DIR: join(folder.path, way.name.replaceAll(/\W+/g, '-')),
        ASSIZE_PORT: '0',
        ASSIZE_CONFIG: config,
        ASSIZE_API_KEY: key,
        OPENAI_API_KEY: 'key',
        OPENAI_BASE_URL: provider.output().trim(),
        ...way.env,
      },
      /listens on/,
    ),
  )
  const pool = servers.adopt(
    new Pool(/http:\/\/[^\s]+/.exec(server.output())?.[0] ?? '', { connections: callers + 1 }),
    (open) => open.destroy(),
  )
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' }
  const send = async (method: 'GET' | 'POST', path: string, body: unknown = null) => {
    const text = body === null ? null : JSON.stringify(body)
    const answer = await pool.request({ method, path, headers, body: text })
    const said = await answer.body.text()
    if (answer.statusCode >= 300) throw new Error(`${path}: ${answer.statusCode} ${said}`)
    return said
  }
  const { id } = JSON.parse(await send('POST', '/v1/observability/judges', benchmarkJudge))
  const messages = [
    { role: 'user', content: 'Summarize the sales call transcript.' },
    { role: 'assistant', content: 'The representative offers comprehensive insurance. '.repeat(8) },
  ]
  const judge = () => send('POST', `/v1/observability/judges/${id}/live-judging`, { messages })
  return { way, pid: server.pid, judge, readMetrics: () => send('GET', '/metrics') }
}

type Open = Awaited<ReturnType<typeof openWay>>

async function callAll(judge: () => Promise<unknown>, count: number): Promise<number[]> {
  let left = count
  const latenciesMs: number[] = []
  const loop = async (): Promise<void> => {
    while (left > 0) {
      left -= 1
      const startedMs = performance.now()
      await judge()
      latenciesMs.push(performance.now() - startedMs)
    }
  }
  await Promise.all(Array.from({ length: callers }, loop))
  return latenciesMs
}

async function measure({ way, pid, judge, readMetrics }: Open) {
  const reading = way.readsMetrics ? setInterval(() => void readMetrics(), 1000) : undefined
  const [startedMs, cpuBeforeMs] = [performance.now(), cpuMs(pid)]
  const latenciesMs = (await callAll(judge, calls)).sort((one, other) => one - other)
  const perSecond = (calls / (performance.now() - startedMs)) * 1000
  // What is still to be sent is part of the price.
  await new Promise((resolve) => setTimeout(resolve, 6000))
  clearInterval(reading)
  return { perSecond, medianMs: percentile(latenciesMs, 0.5), cpuMsEach: (cpuMs(pid) - cpuBeforeMs) / calls }
}

const open: Open[] = []
for (const way of ways) open.push(await openWay(way))
for (const { judge } of open) await callAll(judge, calls)
const figures = new Map<Way, Awaited<ReturnType<typeof measure>>[]>(ways.map((way) => [way, []]))
// In turns, so that what else the machine does meets all of them alike.
for (let round = 0; round < rounds; round++) {
  for (const one of open) figures.get(one.way)?.push(await measure(one))
}

const middle = (numbers: readonly number[]) =>
  percentile(
    [...numbers].sort((one, other) => one - other),
    0.5,
  )
process.stdout.write(
  `${callers} callers, ${rounds} rounds of ${calls} judgments each; medians of the rounds, CPU of the least and the most\n\n` +
    '| what is taken | judgments/s | p50 ms | CPU ms a judgment |\n| --- | --- | --- | --- |\n',
)
for (const [{ name }, measured] of figures) {
  const each = measured.map(({ cpuMsEach }) => cpuMsEach)
  const [perSecond, medianMs] = [
    middle(measured.map((one) => one.perSecond)),
    middle(measured.map((one) => one.medianMs)),
  ]
  process.stdout.write(
    `| ${name} | ${perSecond.toFixed(0)} | ${medianMs.toFixed(2)} | ${middle(each).toFixed(3)} (${Math.min(...each).toFixed(3)} to ${Math.max(...each).toFixed(3)}) |\n`,
  )
}
process.stdout.write(
  `\nThe collector took ${received.requests} requests with ${(received.bytes / 1e6).toFixed(1)} MB.\n`,
)
collector.closeAllConnections()
collector.close()
