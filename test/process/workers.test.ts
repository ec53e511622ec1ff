import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, it, onTestFinished } from 'vitest'
import { engines } from '../support/engines.ts'
import { beginRun, killRun, startCourt, untilOver } from '../support/kill-run.ts'
import { KillableProgram } from '../support/killable-program.ts'
import { type ProviderServer, startProviderServer } from '../support/provider-server.ts'
import { makeDataDir } from './running-program.ts'

const postgres = engines.filter(({ name }) => name === 'postgres')

/** A PostgreSQL database of this test, and a data folder. */
async function makePlace(engine: (typeof engines)[number]) {
  const { location, drop } = await engine.createDatabase()
  onTestFinished(drop)
  if (location.engine !== 'postgres') throw new Error('These tests are for PostgreSQL.')
  return { dataDir: await makeDataDir(), databaseUrl: location.url }
}

/** A worker that can be asked how it is. */
function startWorker(
  { dataDir, databaseUrl, config }: { dataDir: string; databaseUrl: string; config?: string },
  provider: ProviderServer,
): Promise<KillableProgram> {
  const env = {
    ASSIZE_DATA_DIR: dataDir,
    ASSIZE_DATABASE_URL: databaseUrl,
    OPENAI_BASE_URL: provider.baseUrl,
    ...(config && { ASSIZE_CONFIG: config }),
  }
  return KillableProgram.start({ args: ['worker', '--port', '0'], env, ready: /Listens on (\S+)\nWorks on/ })
}

/** How many of a worker's calls the provider answered. */
async function repliesTo(worker: KillableProgram): Promise<number> {
  const metrics = await (await fetch(new URL('/metrics', worker.told()))).text()
  const count = /^assize_provider_call_duration_seconds_count\{.*result="replied"\} (\d+)$/m.exec(
    metrics,
  )?.[1]
  return Number(count ?? 0)
}

describe.each(postgres)('workers on $name', (engine) => {
  const [records, kills, concurrency] = [400, 4, 16]

  it(`lose nothing and double nothing when they are killed, ${kills} times`, async () => {
    await using provider = await startProviderServer()
    provider.always({ delayMs: 40 })
    const place = await makePlace(engine)
    const settings = { records, kills, concurrency, workers: 3, provider, random: Math.random }
    const { run, judgments, calls } = await killRun({ ...place, ...settings })
    expect(run).toMatchObject({ total: records, pending: 0, outcomes: { answered: records } })
    expect(judgments.map(({ item_number }) => item_number)).toEqual(
      Array.from({ length: records }, (_, index) => index + 1),
    )
    expect(new Set(judgments.map(({ record_id }) => record_id)).size).toBe(records)
    expect(calls).toBeLessThanOrEqual(records + kills * concurrency)
  }, 120_000)

  it('share a run, hold to its concurrency, and stop within seconds when it is cancelled anywhere', async () => {
    await using provider = await startProviderServer()
    provider.always({ delayMs: 100 })
    await using started = new AsyncDisposableStack()
    const { api, victims } = await startCourt({ ...(await makePlace(engine)), provider }, started, 2)
    const id = await beginRun(api, { records: 3000, concurrency: 12 })
    while (provider.requests.length < 150) await delay(10)
    await api.call('POST', `/v1/observability/runs/${id}/cancel`)
    await delay(2500)
    const seen = provider.requests.length
    await delay(1000)
    expect(provider.requests.length).toBe(seen)
    expect(provider.mostInFlight()).toBeLessThanOrEqual(24)
    const run = await api.call('GET', `/v1/observability/runs/${id}`)
    expect(run).toMatchObject({ state: 'cancelled', outcomes: { answered: seen } })
    // Finished work ends at once.
    expect(await Promise.all(victims.map((worker) => worker.kill('SIGTERM')))).toEqual([0, 0])
  }, 60_000)

  it('keep to a limit of the provider together, and judge every record once', async () => {
    const [records, inFlight] = [120, 4]
    await using provider = await startProviderServer()
    provider.always({ delayMs: 100 })
    const { dataDir, databaseUrl } = await makePlace(engine)
    const config = join(dataDir, '../limits.yaml')
    await writeFile(config, JSON.stringify({ providers: { openai: { limits: { in_flight: inFlight } } } }))
    const place = { dataDir, databaseUrl, config }
    await using started = new AsyncDisposableStack()
    const { api } = await startCourt({ ...place, provider }, started, 1)
    const other = started.use(await startWorker(place, provider))
    const id = await beginRun(api, { records, concurrency: 32 })
    const run = await untilOver(api, id)
    expect(run).toMatchObject({ total: records, outcomes: { answered: records } })
    expect(provider.mostInFlight()).toBe(inFlight)
    expect(provider.requests).toHaveLength(records)
    const judgments = await api.download(`/v1/observability/runs/${id}/judgments.jsonl`)
    const judged = judgments
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).record_id)
    expect([judged.length, new Set(judged).size]).toEqual([records, records])
    const ofOther = await repliesTo(other)
    expect(ofOther).toBeGreaterThan(records / 10)
    expect(ofOther).toBeLessThan(records * 0.9)
  }, 60_000)

  it('are asked how they are, and go on where another one stopped', async () => {
    await using provider = await startProviderServer()
    provider.always({ delayMs: 30 })
    const place = await makePlace(engine)
    await using started = new AsyncDisposableStack()
    const { api, victims } = await startCourt({ ...place, provider }, started, 1)
    const id = await beginRun(api, { records: 200, concurrency: 8 })
    while (provider.requests.length < 40) await delay(5)
    expect(await victims[0]?.kill('SIGTERM')).toBe(0)
    const stopped = provider.requests.length
    expect((await api.call('GET', `/v1/observability/runs/${id}`)).outcomes.answered).toBe(stopped)
    const other = started.use(await startWorker(place, provider))
    for (const path of ['/healthz', '/readyz'])
      expect(await (await fetch(new URL(path, other.told()))).json()).toEqual({ status: 'ok' })
    expect((await fetch(new URL('/v1/observability/judges', other.told()))).status).toBe(404)
    await untilOver(api, id)
    expect(provider.requests.length).toBe(200)
    const metrics = await (await fetch(new URL('/metrics', other.told()))).text()
    const of = 'provider="openai",model="anything"'
    expect(metrics).toContain(
      `assize_provider_call_duration_seconds_count{${of},result="replied"} ${200 - stopped}\n`,
    )
    expect(metrics).toMatch(/assize_database_connections\{state="idle"\} \d/)
  }, 60_000)
})
