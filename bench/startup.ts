/**
 * How long the program takes to start: `--help`, `run` and `judge` with files until they call the model and until their
 * end, `serve` until it listens. Run it with `npm run bench:startup`. Other copies of the program are measured in turn with this one
 * where their main files are named: `npm run bench:startup -- dist/start.js ../older/src/main.ts`.
 */
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { startProviderServer } from '../test/support/provider-server.ts'
import { cpuMsOfEnded, percentile, temporaryDir } from './processes.ts'

const rounds = 10
const programs = ['src/start.js', ...process.argv.slice(2)]

const judge = {
  name: 'Questions',
  description: '',
  model_name: 'gpt-4.1-mini',
  output: {
    options: [
      { value: 'yes', description: 'It is a question.' },
      { value: 'no', description: 'It is none.' },
    ],
  },
  instructions: 'Does the user ask a question? {{ user_message }}',
  tools: [],
}

await using folder = await temporaryDir()
const judgeFile = join(folder.path, 'judge.json')
const dataFile = join(folder.path, 'data.jsonl')
const conversationFile = join(folder.path, 'conversation.json')
await writeFile(judgeFile, JSON.stringify(judge))
const messages = [{ role: 'user', content: 'Is it?' }]
await writeFile(conversationFile, JSON.stringify(messages))
await writeFile(dataFile, JSON.stringify({ id: 'one', messages }))
/** What programs keep of their compiling. */
const cacheDir = join(folder.path, 'cache')

await using provider = await startProviderServer()
let calledMs = Number.NaN
provider.always({ delayMs: 0 })

const commands: Readonly<Record<string, readonly string[]>> = {
  '--help': ['--help'],
  run: ['run', '--judge', judgeFile, '--data', dataFile],
  judge: ['judge', '--judge', judgeFile, '--conversation', conversationFile],
  serve: ['serve'],
}

/** Older ones have fewer commands. */
function isThere(command: string, program: string): boolean {
  const help = spawnSync(process.execPath, [program, '--help'], { encoding: 'utf8' }).stdout
  return command === '--help' || help.includes(`  ${command} `)
}

interface Kind {
  readonly program: string
  readonly command: string
  readonly args: readonly string[]
  /** Programs of two versions can't share a database. */
  readonly dataDir: string
}

interface Took {
  /** Until its end, or until it listens. */
  readonly wholeMs: number
  /** Until it called the model; NaN where it did not. */
  readonly callMs: number
  /** CPU of the whole process; what else the machine does moves it less than the time. */
  readonly cpuMs: number
}

async function take({ args, dataDir }: Kind): Promise<Took> {
  calledMs = Number.NaN
  provider.script(() => {
    calledMs = performance.now()
    return {}
  })
  const [startedMs, cpuBeforeMs] = [performance.now(), cpuMsOfEnded()]
  const child = spawn(process.execPath, args, {
    env: {
      PATH: process.env.PATH,
      HOME: folder.path,
      XDG_CACHE_HOME: cacheDir,
      OPENAI_API_KEY: 'key',
      OPENAI_BASE_URL: provider.baseUrl,
      ASSIZE_DATA_DIR: join(folder.path, dataDir),
      ASSIZE_PORT: '0',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let [output, faults, listensMs] = ['', '', Number.NaN]
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    faults += text
  })
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text
    if (!output.includes('Assize listens on')) return
    listensMs = performance.now()
    child.kill('SIGTERM')
  })
  const [code] = await once(child, 'close')
  if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code}: ${output}${faults}`)
  const endMs = Number.isNaN(listensMs) ? performance.now() : listensMs
  return {
    wholeMs: endMs - startedMs,
    callMs: calledMs - startedMs,
    cpuMs: cpuMsOfEnded() - cpuBeforeMs,
  }
}

/** In turns, so that what else the machine does falls on all of them alike. */
async function measure(kinds: readonly Kind[], isFirst: boolean): Promise<Took[][]> {
  const took: Took[][] = kinds.map(() => [])
  for (let round = 0; round < rounds; round += 1) {
    for (const [index, kind] of kinds.entries()) {
      if (isFirst) await rm(cacheDir, { recursive: true, force: true })
      took[index]?.push(await take(kind))
    }
  }
  return took
}

function median(times: readonly number[]): string {
  const value = percentile(
    [...times].sort((one, other) => one - other),
    0.5,
  )
  return Number.isNaN(value) ? '-' : value.toFixed(0)
}

const kinds: readonly Kind[] = [
  { program: 'node -e 0', command: '-', args: ['-e', '0'], dataDir: '' },
  ...programs.flatMap((program, index) =>
    Object.entries(commands)
      .filter(([command]) => isThere(command, program))
      .map(([command, args]) => ({
        program,
        command,
        args: [program, ...args],
        dataDir: `data-${index}`,
      })),
  ),
]
// The first start after an installation or an upgrade finds nothing compiled.
const first = await measure(kinds, true)
for (const kind of kinds) await take(kind)
const later = await measure(kinds, false)

process.stdout.write(`Medians of ${rounds} starts, ms.\n\n`)
process.stdout.write(
  '| program | command | first start | to the model | CPU | later starts | to the model | CPU |\n',
)
process.stdout.write('| --- | --- | --- | --- | --- | --- | --- | --- |\n')
for (const [index, { program, command }] of kinds.entries()) {
  const cells = [first[index] ?? [], later[index] ?? []].flatMap((took) => [
    median(took.map(({ wholeMs }) => wholeMs)),
    median(took.map(({ callMs }) => callMs)),
    median(took.map(({ cpuMs }) => cpuMs)),
  ])
  process.stdout.write(`| ${program} | ${command} | ${cells.join(' | ')} |\n`)
}
