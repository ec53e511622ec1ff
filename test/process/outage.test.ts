import { expect, it } from 'vitest'
import { findPostgres, startPostgresServer } from '../../scripts/test/postgres-server.ts'
import { surviveOutage } from '../support/database-outage.ts'
import { startProviderServer } from '../support/provider-server.ts'
import { makeDataDir } from './running-program.ts'

const binaries = findPostgres()
const why = binaries === undefined ? ' (skipped: install the package postgresql)' : ''
const [records, concurrency] = [400, 8]

it.skipIf(binaries === undefined)(
  `a PostgreSQL that crashes and comes back under load loses nothing that was acknowledged${why}`,
  async () => {
    await using postgres = await startPostgresServer(binaries ?? '')
    await using provider = await startProviderServer()
    provider.always({ delayMs: 40 })
    const place = { postgres, provider, dataDir: await makeDataDir() }
    const sizes = { workers: 2, records, concurrency, clients: 4, seconds: 3 }
    const { run, calls, ...survived } = await surviveOutage({ ...place, ...sizes })
    expect(survived).toMatchObject({ lost: 0, others: [], readyWhileGone: 503 })
    expect(survived.unavailable).toBeGreaterThan(0)
    expect(survived.acknowledged).toBeGreaterThan(10)
    expect(run).toMatchObject({ total: records, pending: 0, outcomes: { answered: records } })
    // What was judged while the database was gone is kept until it is back.
    expect(calls).toBe(records)
  },
  120_000,
)
