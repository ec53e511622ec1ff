import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { benchmarkJudge } from './benchmark-judge.ts'
import { cpuMsOfEnded } from './processes.ts'

const root = join(import.meta.dirname, '..')
/** They are no dependencies of the product: nobody but this benchmark needs them. */
const packagesDir = join(root, 'node_modules/.cache/assize-rivals')
const packages = [
  'autoevals@0.0.132',
  'openevals@0.2.2',
  '@langchain/core@1',
  'openai@6.49.0',
  'promptfoo@0.121.20',
  // Of promptfoo's optional packages, which are many, it needs this one.
  `@libsql/${process.platform}-${process.arch}${process.platform === 'linux' ? '-gnu' : ''}@0.5.29`,
]

/** Installs what is measured beside the product, unless it is there. */
export async function installRivals(): Promise<void> {
  const done = join(packagesDir, 'installed.json')
  const wanted = JSON.stringify(packages)
  if (existsSync(done) && (await readFile(done, 'utf8')) === wanted) return
  await mkdir(packagesDir, { recursive: true })
  await writeFile(join(packagesDir, 'package.json'), '{"private": true}')
  const options = ['--no-audit', '--no-fund', '--ignore-scripts', '--omit=optional']
  await ended(spawn('npm', ['install', ...options, ...packages], { cwd: packagesDir, stdio: 'inherit' }))
  await writeFile(done, wanted)
}

async function ended(child: ReturnType<typeof spawn>): Promise<void> {
  const [code] = await once(child, 'close')
  if (code !== 0) throw new Error(`${child.spawnargs.join(' ')} ended with ${code}.`)
}

export interface Job {
  readonly providerUrl: string
  /** Of conversations, as JSON lines. */
  readonly dataPath: string
  readonly conversations: number
  readonly concurrency: number
  /** A folder of its own, for all that it leaves behind. */
  readonly dir: string
}

/** A way to judge a file, as a process of its own. */
export interface Rival {
  readonly name: string
  /** What its steady figures are measured with, where all would take too long. */
  readonly share: number
  command(job: Job): Promise<{ readonly args: readonly string[]; readonly env?: Record<string, string> }>
}

export interface Took {
  readonly wallMs: number
  readonly cpuMs: number
}

/** Runs a rival to its end. */
export async function take(rival: Rival, job: Job): Promise<Took> {
  await mkdir(job.dir, { recursive: true })
  const { args, env } = await rival.command(job)
  const [startedMs, before] = [performance.now(), cpuMsOfEnded()]
  const child = spawn(process.execPath, args, {
    cwd: job.dir,
    // All of them start from what was compiled before.
    env: {
      PATH: process.env.PATH,
      HOME: job.dir,
      NODE_COMPILE_CACHE: join(packagesDir, 'compiled'),
      XDG_CACHE_HOME: packagesDir,
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (text) => {
      output += text
    })
  }
  await ended(child).catch((error) => {
    throw new Error(`${error.message}\n${output.slice(-2000)}`)
  })
  return { wallMs: performance.now() - startedMs, cpuMs: cpuMsOfEnded() - before }
}

function script(name: string): Rival {
  return {
    name,
    share: 1,
    command: async ({ providerUrl, dataPath, concurrency, dir }) => ({
      args: [
        join(root, `bench/rivals/${name}.js`),
        dataPath,
        join(dir, 'out.jsonl'),
        `${providerUrl}/${name}/v1`,
        String(concurrency),
        join(packagesDir, 'package.json'),
      ],
    }),
  }
}

const assize: Rival = {
  name: 'assize',
  share: 1,
  async command({ providerUrl, dataPath, concurrency, dir }) {
    const judgePath = join(dir, 'judge.json')
    await writeFile(judgePath, JSON.stringify(benchmarkJudge))
    const files = ['--judge', judgePath, '--data', dataPath, '--out', join(dir, 'out.jsonl')]
    return {
      args: [join(root, 'src/start.js'), 'run', ...files, '--concurrency', String(concurrency)],
      env: { OPENAI_API_KEY: 'key', OPENAI_BASE_URL: `${providerUrl}/assize/v1`, ASSIZE_DATA_DIR: dir },
    }
  },
}

const promptfoo: Rival = {
  name: 'promptfoo',
  share: 0.1,
  async command({ providerUrl, dataPath, concurrency, dir }) {
    const lines = (await readFile(dataPath, 'utf8')).split('\n').filter((line) => line !== '')
    const tests = lines.map((line) => ({ vars: { response: JSON.parse(line).messages[1].content } }))
    const config = {
      prompts: ['{{response}}'],
      providers: ['echo'],
      defaultTest: {
        options: {
          provider: {
            id: 'openai:chat:judge-small',
            config: { apiBaseUrl: `${providerUrl}/promptfoo/v1`, apiKey: 'key' },
          },
        },
        assert: [{ type: 'llm-rubric', value: 'The response is right.' }],
      },
      tests,
    }
    await writeFile(join(dir, 'promptfooconfig.json'), JSON.stringify(config))
    return {
      args: [
        join(packagesDir, 'node_modules/promptfoo/dist/src/entrypoint.js'),
        ...['eval', '-c', 'promptfooconfig.json', '--no-cache', '-j', String(concurrency)],
        ...['-o', 'out.json', '--no-progress-bar', '--no-table'],
      ],
      env: {
        PROMPTFOO_CONFIG_DIR: dir,
        PROMPTFOO_DISABLE_TELEMETRY: '1',
        PROMPTFOO_DISABLE_UPDATE: '1',
        PROMPTFOO_DISABLE_REMOTE_GENERATION: '1',
      },
    }
  },
}

/** The product first, then the least that could be done, then others. */
export const rivals: readonly Rival[] = [
  assize,
  script('undici'),
  script('autoevals'),
  script('openevals'),
  promptfoo,
]
