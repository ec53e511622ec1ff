import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { ProviderServer } from './provider-server.ts'
import { approval, path } from './test-assize.ts'

export interface KilledRun {
  readonly records: number
  readonly kills: number
  readonly concurrency: number
  readonly dataDir: string
  /** SQLite in the data folder where it is left out. */
  readonly databaseUrl?: string
  readonly provider: ProviderServer
  /** From 0 to 1: when to kill. */
  readonly random: () => number
  /** Called after each kill, with the calls that the provider had seen. */
  readonly onKill?: (calls: number) => void
}

export interface SurvivedRun {
  /** As the API shows it. */
  // biome-ignore lint/suspicious/noExplicitAny: whoever looks reads what is expected to be there
  readonly run: any
  /** All of its judgments, as they are downloaded. */
  readonly judgments: readonly { readonly item_number: number; readonly record_id: string }[]
  /** What the provider was asked. */
  readonly calls: number
}

const root = fileURLToPath(new URL('../../', import.meta.url))
const key = 'the-key-of-this-server'

/**
 * Kills the program without warning again and again while it works on a run, at random moments, starts it anew each
 * time, and waits until the run is complete.
 */
export async function killRun(killed: KilledRun): Promise<SurvivedRun> {
  const { records, kills, random, provider } = killed
  const moments = Array.from({ length: kills }, () => Math.ceil(random() * records * 0.97)).sort(
    (one, other) => one - other,
  )
  await using server = await Server.start(killed)
  const id = await beginRun(server, killed)
  for (const moment of moments) {
    while (provider.requests.length < moment) await delay(1)
    await server.kill()
    killed.onKill?.(provider.requests.length)
    await server.restart()
  }
  for (;;) {
    const run = await server.call('GET', `/v1/observability/runs/${id}`)
    if (run.state === 'completed') {
      const lines = await server.download(`/v1/observability/runs/${id}/judgments.jsonl`)
      const judgments = lines
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line))
      return { run, judgments, calls: provider.requests.length }
    }
    if (run.state !== 'running') throw new Error(`The run is ${run.state}: ${run.reason}`)
    await delay(200)
  }
}

async function beginRun(server: Server, { records, concurrency }: KilledRun): Promise<string> {
  const judge = await server.call('POST', path, { ...approval, model_name: 'openai/anything' })
  const dataset = await server.call('POST', '/v1/observability/datasets', { name: 'Killed', description: '' })
  await server.upload(`/v1/observability/datasets/${dataset.id}/imports/upload`, linesOf(records))
  for (;;) {
    const listed = await server.call('GET', `/v1/observability/datasets/${dataset.id}/records?page_size=1`)
    if (listed.records.count === records) break
    await delay(50)
  }
  const asked = { judge_id: judge.id, dataset_id: dataset.id, concurrency }
  return (await server.call('POST', '/v1/observability/runs', asked)).id
}

function linesOf(records: number): string {
  const line = (number: number): string =>
    `${JSON.stringify({ messages: [{ role: 'user', content: `Question ${number}` }] })}\n`
  return Array.from({ length: records }, (_, index) => line(index + 1)).join('')
}

/** The program, which serves; it can be killed and started anew. */
class Server implements AsyncDisposable {
  readonly #env: Readonly<Record<string, string>>
  #child: ChildProcess | undefined
  #url = ''

  private constructor({ dataDir, databaseUrl, provider }: KilledRun) {
    this.#env = {
      PATH: process.env.PATH ?? '',
      ASSIZE_DATA_DIR: dataDir,
      ASSIZE_PORT: '0',
      ASSIZE_API_KEY: key,
      OPENAI_BASE_URL: provider.baseUrl,
      ...(databaseUrl && { ASSIZE_DATABASE_URL: databaseUrl }),
    }
  }

  static async start(killed: KilledRun): Promise<Server> {
    const server = new Server(killed)
    await server.restart()
    return server
  }

  async restart(): Promise<void> {
    const program = [join(root, 'node_modules/.bin/node'), join(root, 'src/main.ts')] as const
    const child = spawn(program[0], [program[1], 'serve'], {
      env: this.#env,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    this.#child = child
    let output = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (text) => {
        output = `${output}${text}`.slice(-10_000)
      })
    }
    for (;;) {
      const url = /Assize listens on (\S+)/.exec(output)?.[1]
      if (url !== undefined) {
        this.#url = url
        return
      }
      if (child.exitCode !== null) throw new Error(`It ended with ${child.exitCode}:\n${output}`)
      await delay(5)
    }
  }

  async kill(): Promise<void> {
    const child = this.#child
    if (child === undefined) return
    child.kill('SIGKILL')
    await once(child, 'close')
    this.#child = undefined
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.kill()
  }

  // biome-ignore lint/suspicious/noExplicitAny: whoever asks knows what comes
  async call(method: string, url: string, body?: object): Promise<any> {
    const type = body === undefined ? {} : { 'content-type': 'application/json' }
    return JSON.parse(await this.#send(method, url, type, body && JSON.stringify(body)))
  }

  download(url: string): Promise<string> {
    return this.#send('GET', url, {})
  }

  async upload(url: string, lines: string): Promise<void> {
    await this.#send('POST', url, { 'content-type': 'application/jsonl' }, lines)
  }

  async #send(method: string, url: string, type: object, body?: string): Promise<string> {
    const headers = { authorization: `Bearer ${key}`, ...type }
    const answer = await fetch(new URL(url, this.#url), { method, headers, body: body ?? null })
    const text = await answer.text()
    if (!answer.ok) throw new Error(`${method} ${url}: ${answer.status} ${text}`)
    return text
  }
}
