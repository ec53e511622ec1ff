/**
 * A day of judging at many sizes, second by second: load that rises and falls and comes in bursts, served by worker processes,
 * PostgreSQL primaries and a provider. Finds how many of each a day needs. Run it with `npm run bench:scaling`; every figure that it
 * stands on can be given.
 */
import { parseArgs } from 'node:util'
import { createRandom, drawNormal } from '../src/agreement/random-draws.ts'

const { values } = parseArgs({
  options: {
    'worker-cpu-ms': { type: 'string', default: '0.63' },
    'database-cpu-ms': { type: 'string', default: '0.38' },
    'database-cores': { type: 'string', default: '16' },
    'bytes-stored': { type: 'string', default: '891' },
    'bytes-ahead': { type: 'string', default: '1759' },
    'megabytes-ahead-per-second': { type: 'string', default: '100' },
    'provider-seconds': { type: 'string', default: '2' },
    'worker-in-flight': { type: 'string', default: '256' },
    'input-tokens': { type: 'string', default: '600' },
    'output-tokens': { type: 'string', default: '90' },
    'input-price': { type: 'string', default: '0.4' },
    'output-price': { type: 'string', default: '1.6' },
    'kept-days': { type: 'string', default: '90' },
    'share-in-runs': { type: 'string', default: '0.5' },
  },
})
const given = Object.fromEntries(Object.entries(values).map(([name, text]) => [name, Number(text)]))
const of = (name: keyof typeof values): number => given[name] as number

const secondsOfDay = 86_400
/** Of what a core, or a disk, can do: beyond it, queues form inside. */
const mostBusy = 0.6
/** A run is to begin to be served within this, however many came with it. */
const longestWaitSeconds = 900

interface Load {
  /** Judgments that somebody waits for, each second. */
  readonly live: Float64Array
  /** Records of runs, which all come at once. */
  readonly runs: Float64Array
}

interface Court {
  readonly workers: number
  readonly primaries: number
}

/** Live judging with a peak in the afternoon of twice the mean, and a run every ten minutes, each tenth ten times as large. */
function loadOf(perDay: number): Load {
  const random = createRandom(1)
  const live = new Float64Array(secondsOfDay)
  const runs = new Float64Array(secondsOfDay)
  const liveMean = (perDay * (1 - of('share-in-runs'))) / secondsOfDay
  for (let second = 0; second < secondsOfDay; second += 1) {
    const expected = liveMean * (1 + Math.sin((2 * Math.PI * second) / secondsOfDay - Math.PI / 2))
    live[second] = Math.max(0, expected + Math.sqrt(expected) * drawNormal(random))
  }
  const sizes = Array.from({ length: 144 }, (_, number) => (number % 10 === 9 ? 10 : 1))
  const unit = (perDay * of('share-in-runs')) / sizes.reduce((sum, size) => sum + size, 0)
  for (const [number, size] of sizes.entries()) runs[number * 600] = size * unit
  return { live, runs }
}

/** Judgments a second that each part can do. */
function limits({ workers, primaries }: Court) {
  return {
    'in flight': (workers * of('worker-in-flight')) / of('provider-seconds'),
    'worker CPU': (workers * 1000 * mostBusy) / of('worker-cpu-ms'),
    'database CPU': (primaries * of('database-cores') * 1000 * mostBusy) / of('database-cpu-ms'),
    'database log': (primaries * of('megabytes-ahead-per-second') * 1e6) / of('bytes-ahead'),
  }
}

interface Day {
  readonly longestWait: number
  readonly liveWaits: boolean
  readonly peakServed: number
}

/** Live judgments go first; what is left of each second judges runs. */
function simulate({ live, runs }: Load, court: Court): Day {
  const most = Math.min(...Object.values(limits(court)))
  let [backlog, longestWait, peakServed, liveWaits] = [0, 0, 0, false]
  for (let second = 0; second < secondsOfDay; second += 1) {
    const asked = live[second] as number
    backlog += runs[second] as number
    liveWaits ||= asked > most
    const served = Math.min(backlog, Math.max(0, most - asked))
    backlog -= served
    peakServed = Math.max(peakServed, Math.min(asked, most) + served)
    longestWait = Math.max(longestWait, backlog / Math.max(1e-9, most - asked))
  }
  return { longestWait, liveWaits, peakServed }
}

/** The least that serves live judgments at once and lets no run wait for too long. */
function size(load: Load): Court & Day {
  const holds = (court: Court): boolean => {
    const { longestWait, liveWaits } = simulate(load, court)
    return !liveWaits && longestWait <= longestWaitSeconds
  }
  const least = (fits: (count: number) => boolean): number => {
    let most = 1
    while (!fits(most)) most *= 2
    let below = Math.floor(most / 2)
    while (most - below > 1) {
      const middle = Math.floor((most + below) / 2)
      if (fits(middle)) most = middle
      else below = middle
    }
    return most
  }
  const primaries = least((count) => holds({ workers: 1e9, primaries: count }))
  const workers = least((count) => holds({ workers: count, primaries }))
  return { workers, primaries, ...simulate(load, { workers, primaries }) }
}

const count = (value: number, digits = 0): string =>
  value.toLocaleString('en', { maximumFractionDigits: digits, minimumFractionDigits: digits })

process.stdout.write(
  '| judgments a day | served at most, /s | workers | primaries | first to be full | longest wait of a run, s | log at the peak, MB/s | kept, GB | tokens a day, millions | provider a day |\n| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |\n',
)
for (const perDay of [1e4, 1e5, 1e6, 1e7, 1e8, 1e9]) {
  const day = size(loadOf(perDay))
  const [first = ''] = Object.entries(limits(day)).toSorted(([, one], [, other]) => one - other)[0] ?? []
  const [input, output] = [perDay * of('input-tokens'), perDay * of('output-tokens')]
  const row = [
    count(perDay),
    count(day.peakServed),
    count(day.workers),
    count(day.primaries),
    first,
    count(day.longestWait),
    count((day.peakServed * of('bytes-ahead')) / 1e6, 2),
    count((perDay * of('kept-days') * of('bytes-stored')) / 1e9, 1),
    count((input + output) / 1e6),
    count((input * of('input-price') + output * of('output-price')) / 1e6),
  ]
  process.stdout.write(`| ${row.join(' | ')} |\n`)
}
