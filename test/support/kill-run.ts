import { setTimeout as delay } from 'node:timers/promises'
import { KillableProgram } from './killable-program.ts'
import type { ProviderServer } from './provider-server.ts'
import { ServedApi } from './served-api.ts'
import { approval, path } from './test-assize.ts'

export interface KilledRun {
  readonly records: number
  readonly kills: number
  readonly concurrency: number
  readonly dataDir: string
  /** SQLite in the data folder where it is left out. */
  readonly databaseUrl?: string
  /** Workers that are killed, beside a server that is not and does no work; without any, the server is killed. */
  readonly workers?: number
  /** A file of settings; none where it is left out. */
  readonly config?: string
  readonly provider: ProviderServer
  /** From 0 to 1: when to kill, and whom. */
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

/**
 * Kills processes without warning again and again while they work on a run, at random moments, starts each anew, and
 * waits until the run is complete.
 */
export async function killRun(killed: KilledRun): Promise<SurvivedRun> {
  const { records, kills, random, provider, workers = 0 } = killed
  const moments = Array.from({ length: kills }, () => Math.ceil(random() * records * 0.97)).sort(
    (one, other) => one - other,
  )
  await using started = new AsyncDisposableStack()
  const { api, victims } = await startCourt(killed, started, workers)
  const id = await beginRun(api, killed)
  const restarting = new Map<KillableProgram, Promise<unknown>>()
  for (const moment of moments) {
    while (provider.requests.length < moment) await delay(1)
    while (restarting.size === victims.length) await Promise.race(restarting.values())
    const living = victims.filter((victim) => !restarting.has(victim))
    const victim = living[Math.floor(random() * living.length)] as KillableProgram
    await victim.kill()
    killed.onKill?.(provider.requests.length)
    // The others go on meanwhile, and may be the next.
    restarting.set(
      victim,
      victim.restart().finally(() => restarting.delete(victim)),
    )
  }
  await Promise.all(restarting.values())
  const run = await untilOver(api, id)
  const lines = await api.download(`/v1/observability/runs/${id}/judgments.jsonl`)
  const judgments = lines
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  return { run, judgments, calls: provider.requests.length }
}

interface Court {
  readonly api: ServedApi
  readonly victims: readonly KillableProgram[]
}

const key = 'the-key-of-this-server'

/** A server, and workers beside it; without workers it works itself. */
export async function startCourt(
  {
    dataDir,
    databaseUrl,
    config,
    provider,
  }: Pick<KilledRun, 'dataDir' | 'databaseUrl' | 'config' | 'provider'>,
  started: AsyncDisposableStack,
  workers: number,
): Promise<Court> {
  const env = {
    ASSIZE_DATA_DIR: dataDir,
    ASSIZE_PORT: '0',
    ASSIZE_API_KEY: key,
    OPENAI_BASE_URL: provider.baseUrl,
    ...(databaseUrl && { ASSIZE_DATABASE_URL: databaseUrl }),
    ...(config && { ASSIZE_CONFIG: config }),
  }
  const args = workers === 0 ? ['serve'] : ['serve', '--no-work']
  const server = started.use(await KillableProgram.start({ args, env, ready: /Assize listens on (\S+)/ }))
  const starting = Array.from({ length: workers }, () =>
    KillableProgram.start({ args: ['worker'], env, ready: /Works on runs and imports/ }),
  )
  const victims = (await Promise.all(starting)).map((worker) => started.use(worker))
  return { api: new ServedApi(() => server.told(), key), victims: workers === 0 ? [server] : victims }
}

/** Makes a judge and a dataset of so many records, and begins a run over them; gives its id. */
export async function beginRun(
  api: ServedApi,
  { records, concurrency }: Pick<KilledRun, 'records' | 'concurrency'>,
): Promise<string> {
  const name = `Approval ${Date.now()}`
  const judge = await api.call('POST', path, { ...approval, name, model_name: 'openai/anything' })
  const dataset = await api.call('POST', '/v1/observability/datasets', { name: 'Killed', description: '' })
  await api.upload(`/v1/observability/datasets/${dataset.id}/imports/upload`, linesOf(records))
  for (;;) {
    const listed = await api.call('GET', `/v1/observability/datasets/${dataset.id}/records?page_size=1`)
    if (listed.records.count === records) break
    await delay(50)
  }
  const asked = { judge_id: judge.id, dataset_id: dataset.id, concurrency }
  return (await api.call('POST', '/v1/observability/runs', asked)).id
}

/** Waits until a run is completed, and gives it, though the database be away for a while; throws where it ends otherwise. */
// biome-ignore lint/suspicious/noExplicitAny: whoever looks reads what is expected to be there
export async function untilOver(api: ServedApi, id: string): Promise<any> {
  for (;;) {
    const run = await api.call('GET', `/v1/observability/runs/${id}`).catch((error: Error) => {
      if (error.message.includes('DATABASE_UNAVAILABLE')) return { state: 'running' }
      throw error
    })
    if (run.state === 'completed') return run
    if (run.state !== 'running') throw new Error(`The run is ${run.state}: ${run.reason}`)
    await delay(200)
  }
}

function linesOf(records: number): string {
  const line = (number: number): string =>
    `${JSON.stringify({ messages: [{ role: 'user', content: `Question ${number}` }] })}\n`
  return Array.from({ length: records }, (_, index) => line(index + 1)).join('')
}
