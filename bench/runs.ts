/**
 * `assize run` beside other ways to judge a file: the same conversations, the same model server on this machine, 64
 * judgments at once, each way as a process of its own. Steady figures are the difference between a large and a small
 * file, so that starting is not among them; a cold run is all of it. Run it with `npm run bench:runs`, on a machine that
 * does nothing else; `npm run bench:runs -- --scale 0.05 --rounds 1` only tries whether it works.
 */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { percentile, start, temporaryDir } from './processes.ts'
import { installRivals, type Rival, rivals, type Took, take } from './rivals.ts'

const concurrency = 64
const coldConversations = 500
const { values } = parseArgs({
  options: {
    scale: { type: 'string', default: '1' },
    rounds: { type: 'string', default: '5' },
    only: { type: 'string' },
  },
})
const [scale, rounds] = [Number(values.scale), Number(values.rounds)]
const measured = rivals.filter(
  ({ name }) => values.only === undefined || values.only.split(',').includes(name),
)

/** Conversations of the small and of the large file. */
const sizes = (rival: Rival, small: number, large: number): readonly [number, number] => [
  Math.max(20, Math.round(small * scale * rival.share)),
  Math.max(60, Math.round(large * scale * rival.share)),
]

interface Steady {
  readonly perSecond: number
  readonly cpuMsEach: number
}

await using folder = await temporaryDir()
let jobs = 0

async function run(rival: Rival, providerUrl: string, conversations: number): Promise<Took> {
  const dataPath = join(folder.path, `${conversations}.jsonl`)
  await writeFile(dataPath, conversationLines(conversations))
  jobs += 1
  const dir = join(folder.path, `${rival.name}-${jobs}`)
  return take(rival, { providerUrl, dataPath, conversations, concurrency, dir })
}

function conversationLines(count: number): string {
  const response = 'The representative offers comprehensive insurance at competitive rates. '.repeat(6)
  const line = (number: number): string =>
    JSON.stringify({
      id: `conversation-${number}`,
      messages: [
        { role: 'user', content: `Summarize sales call ${number}.` },
        { role: 'assistant', content: response },
      ],
    })
  return Array.from({ length: count }, (_, number) => `${line(number)}\n`).join('')
}

async function measureSteady(
  rival: Rival,
  providerUrl: string,
  small: number,
  large: number,
): Promise<Steady> {
  const [few, many] = sizes(rival, small, large)
  const [one, other] = [await run(rival, providerUrl, few), await run(rival, providerUrl, many)]
  return {
    perSecond: ((many - few) / (other.wallMs - one.wallMs)) * 1000,
    cpuMsEach: (other.cpuMs - one.cpuMs) / (many - few),
  }
}

function median(numbers: readonly number[]): number {
  return percentile(
    [...numbers].sort((one, other) => one - other),
    0.5,
  )
}

interface Results {
  readonly atOnce: Steady[]
  readonly at50Ms: Steady[]
  readonly coldMs: number[]
}

await installRivals()
await using immediate = await start(['bench/rivals/provider.js', '0'], {}, /http/)
await using waiting = await start(['bench/rivals/provider.js', '50'], {}, /http/)
const results = new Map<Rival, Results>(
  measured.map((rival) => [rival, { atOnce: [], at50Ms: [], coldMs: [] }]),
)
for (let round = 0; round < rounds; round += 1) {
  for (const [rival, { atOnce, at50Ms, coldMs }] of results) {
    process.stderr.write(`round ${round + 1} of ${rounds}: ${rival.name}\n`)
    // What compiles for the first time is not what is compared.
    if (round === 0) await run(rival, immediate.output().trim(), 20)
    atOnce.push(await measureSteady(rival, immediate.output().trim(), 2000, 12_000))
    at50Ms.push(await measureSteady(rival, waiting.output().trim(), 2000, 8000))
    coldMs.push((await run(rival, waiting.output().trim(), coldConversations)).wallMs)
  }
}

const figures = [...results].map(([{ name }, { atOnce, at50Ms, coldMs }]) => ({
  name,
  cpuMsEach: median(atOnce.map((one) => one.cpuMsEach)),
  perSecondAtOnce: median(atOnce.map((one) => one.perSecond)),
  perSecondAt50Ms: median(at50Ms.map((one) => one.perSecond)),
  coldMs: median(coldMs),
}))
const [own] = figures
process.stdout.write(
  `Medians of ${rounds} rounds. In brackets: the figure of ${own?.name} divided by this one.\n\n`,
)
process.stdout.write(
  `| way | CPU ms a judgment, 0 ms | judgments/s, 0 ms | judgments/s, 50 ms | cold run of ${coldConversations}, 50 ms |\n| --- | --- | --- | --- | --- |\n`,
)
for (const one of figures) {
  const cell = (of: (figure: typeof one) => number, digits: number, unit = ''): string =>
    `${of(one).toFixed(digits)}${unit} (${(of(own ?? one) / of(one)).toFixed(2)})`
  const cells = [
    one.name,
    cell((figure) => figure.cpuMsEach, 3),
    cell((figure) => figure.perSecondAtOnce, 0),
    cell((figure) => figure.perSecondAt50Ms, 0),
    cell((figure) => figure.coldMs, 0, ' ms'),
  ]
  process.stdout.write(`| ${cells.join(' | ')} |\n`)
}
