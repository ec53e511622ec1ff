import { setTimeout as delay } from 'node:timers/promises'
import { SingleBar } from 'cli-progress'
import { createMixedStack, judgeAllMixed, type MixedResult, slackMs } from '../test/support/judge-mixed.ts'
import { startMixedProvider } from '../test/support/mixed-provider.ts'

// How judging stands a provider that does everything wrong that providers do: how many judgments end as they must,
// how long after their deadline, and whether memory grows. `npm run bench:mixed -- 10000`

const count = Number(process.argv[2] ?? 10_000)
const callers = 24
const deadlineMs = 5000

await using provider = await startMixedProvider()
const stack = createMixedStack(provider.url, deadlineMs)
const bar = new SingleBar({ format: '{bar} {value} of {total} judgments, {eta_formatted} left' })
const endings = new Map<string, Map<string, number>>()
const heaps: number[] = []
const faults: MixedResult[] = []
let [done, longestMs] = [0, 0]

function onResult(result: MixedResult): void {
  const { name, ended, fault, latencyMs } = result
  const counts = endings.get(name) ?? new Map<string, number>()
  endings.set(name, counts.set(ended, (counts.get(ended) ?? 0) + 1))
  if (fault !== undefined) faults.push(result)
  longestMs = Math.max(longestMs, latencyMs)
  bar.update(++done)
  if (done % Math.ceil(count / 20) === 0) {
    globalThis.gc?.()
    heaps.push(process.memoryUsage().heapUsed / 1e6)
  }
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}

const startedAt = performance.now()
bar.start(count, 0)
await judgeAllMixed(stack, count, { callers, onResult })
bar.stop()
const seconds = (performance.now() - startedAt) / 1000
await stack[Symbol.asyncDispose]()
await delay(500)

say(`\n| what the provider does | how judgments ended |\n| --- | --- |`)
for (const [name, counts] of endings) {
  say(`| ${name} | ${[...counts].map(([ended, number]) => `${ended} ${number}`).join(', ')} |`)
}
const totals = new Map<string, number>()
for (const counts of endings.values()) {
  for (const [ended, number] of counts) totals.set(ended, (totals.get(ended) ?? 0) + number)
}
say(`\n${count} judgments in ${seconds.toFixed(0)} s, ${callers} callers, ${provider.calls()} calls`)
say([...totals].map(([ended, number]) => `${ended} ${number}`).join(', '))
say(`faults: ${faults.length}`)
for (const { id, name, fault } of faults.slice(0, 20)) say(`  ${id} (${name}): ${fault}`)
say(`longest: ${Math.round(longestMs)} ms, with a deadline of ${deadlineMs} ms (slack allowed: ${slackMs})`)
say(
  `after closing, calls still under way: ${provider.callsInFlight()}, connections: ${await provider.openConnections()}`,
)
say(`heap in MB after each 5%: ${heaps.map((heap) => heap.toFixed(0)).join(' ')}`)
process.exitCode = faults.length === 0 ? 0 : 1
