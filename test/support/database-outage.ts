import { setTimeout as delay } from 'node:timers/promises'
import type { PostgresServer } from '../../scripts/test/postgres-server.ts'
import { beginRun, startCourt, untilOver } from './kill-run.ts'
import type { ProviderServer } from './provider-server.ts'
import { approval, path } from './test-assize.ts'

export interface Outage {
  readonly postgres: PostgresServer
  readonly provider: ProviderServer
  readonly dataDir: string
  readonly workers: number
  readonly records: number
  readonly concurrency: number
  /** Clients that create judges one after the other all the while. */
  readonly clients: number
  readonly seconds: number
}

export interface Survived {
  /** Judges whose creation was acknowledged, before, during and after. */
  readonly acknowledged: number
  /** Those of them that are not there in the end. */
  readonly lost: number
  /** Creations that were answered 503 with the right error. */
  readonly unavailable: number
  /** Answers of any other kind, of creations that failed. */
  readonly others: readonly string[]
  readonly readyWhileGone: number
  // biome-ignore lint/suspicious/noExplicitAny: whoever looks reads what is expected to be there
  readonly run: any
  readonly calls: number
}

/** Crashes the database while workers judge a run and clients create judges, starts it again, and tells what came of all of it. */
export async function surviveOutage(outage: Outage): Promise<Survived> {
  const { postgres, provider, dataDir, records, concurrency } = outage
  await using started = new AsyncDisposableStack()
  const place = { dataDir, databaseUrl: postgres.url, provider }
  const { api } = await startCourt(place, started, outage.workers)
  const id = await beginRun(api, { records, concurrency })
  const load = new Load(api.url(), api.key)
  const clients = Array.from({ length: outage.clients }, (_, number) => load.createAll(`Client ${number}`))
  while (provider.requests.length < records / 4) await delay(5)
  await postgres.crash()
  await delay(outage.seconds * 500)
  const { status: readyWhileGone } = await fetch(new URL('/readyz', api.url()))
  await delay(outage.seconds * 500)
  await postgres.start()
  const run = await untilOver(api, id)
  load.end()
  await Promise.all(clients)
  let lost = 0
  for (const judge of load.acknowledged) {
    const found = await api.call('GET', `${path}/${judge}`).catch(() => undefined)
    if (found?.id !== judge) lost += 1
  }
  const { unavailable, others } = load
  return {
    acknowledged: load.acknowledged.length,
    lost,
    unavailable,
    others,
    readyWhileGone,
    run,
    calls: provider.requests.length,
  }
}

/** Creates judges, and remembers what was answered. */
class Load {
  readonly acknowledged: string[] = []
  readonly others: string[] = []
  unavailable = 0
  readonly #url: string
  readonly #key: string
  #isOver = false

  constructor(url: string, key: string) {
    this.#url = url
    this.#key = key
  }

  end(): void {
    this.#isOver = true
  }

  async createAll(name: string): Promise<void> {
    for (let number = 0; !this.#isOver; number += 1) {
      const answer = await fetch(new URL(path, this.#url), {
        method: 'POST',
        headers: { authorization: `Bearer ${this.#key}`, 'content-type': 'application/json' },
        body: JSON.stringify({ ...approval, name: `${name} judge ${number}` }),
      })
      const text = await answer.text()
      if (answer.status === 201) this.acknowledged.push(JSON.parse(text).id)
      else if (answer.status === 503 && text.includes('DATABASE_UNAVAILABLE')) this.unavailable += 1
      else this.others.push(`${answer.status} ${text}`)
      await delay(10)
    }
  }
}
