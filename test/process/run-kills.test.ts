import { expect, it } from 'vitest'
import { killRun } from '../support/kill-run.ts'
import { startProviderServer } from '../support/provider-server.ts'
import { makeDataDir } from './running-program.ts'

const [records, kills, concurrency] = [300, 4, 8]

// On PostgreSQL it is workers that are killed: workers.test.ts.
it(`kill -9 in a run loses nothing, and judges nothing again but what was under way, ${kills} times`, async () => {
  await using provider = await startProviderServer()
  provider.always({ delayMs: 40 })
  const { run, judgments, calls } = await killRun({
    records,
    kills,
    concurrency,
    dataDir: await makeDataDir(),
    provider,
    random: Math.random,
  })
  expect(run).toMatchObject({ total: records, pending: 0, outcomes: { answered: records } })
  const numbers = judgments.map(({ item_number }) => item_number)
  expect(numbers).toEqual(Array.from({ length: records }, (_, index) => index + 1))
  expect(new Set(judgments.map(({ record_id }) => record_id)).size).toBe(records)
  expect(calls).toBeLessThanOrEqual(records + kills * concurrency)
}, 120_000)
