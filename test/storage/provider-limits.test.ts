import { describe, expect, test } from 'vitest'
import type { LimitAsk } from '../../src/judging/provider-limits.ts'
import { LimitRows } from '../../src/storage/limit-rows.ts'
import { engines } from '../support/engines.ts'
import { createWorld, someTime } from './world.ts'

const nothing = { requests: 0, tokens: 0, nextTokens: 0, unusedRequests: 0, unusedTokens: 0, pauseMs: 0 }

function asking(processId: string, ask: Partial<LimitAsk> = {}): LimitAsk {
  return { ...nothing, processId, holding: 0, wanted: 10, ...ask }
}

for (const engine of engines) {
  describe(`limits of providers on ${engine.name}`, () => {
    test('are not passed by those who ask at once', async () => {
      const { database } = await createWorld(engine)
      const limits = new LimitRows(database)
      const ids = Array.from({ length: 8 }, (_, at) => `process-${at}`)
      const most = { inFlight: 20, requestsPerMinute: 100 }
      const grants = await Promise.all(
        ids.map((id) => limits.ask('court', most, asking(id, { requests: 5 }))),
      )
      expect(grants.reduce((sum, { inFlight }) => sum + inFlight, 0)).toBe(20)
      const requests = grants.reduce((sum, grant) => sum + grant.requests, 0)
      expect(requests).toBeGreaterThan(0)
      expect(requests).toBeLessThanOrEqual(10)
    })

    test('are each provider’s own, and free again once who had them is gone', async () => {
      const { database } = await createWorld(engine)
      let now = someTime
      const limits = new LimitRows(database, () => now)
      const ask = async (provider: string, id: string): Promise<number> =>
        (await limits.ask(provider, { inFlight: 4 }, asking(id))).inFlight
      expect(await ask('court', 'one')).toBe(4)
      expect(await ask('court', 'other')).toBe(0)
      expect(await ask('another', 'other')).toBe(4)
      now = new Date(someTime.getTime() + 6000)
      expect(await ask('court', 'other')).toBe(4)
    })

    test('hold for all what the provider told one', async () => {
      const { database } = await createWorld(engine)
      const limits = new LimitRows(database, () => someTime)
      await limits.ask('court', {}, asking('one', { pauseMs: 3000 }))
      expect(await limits.ask('court', {}, asking('other'))).toMatchObject({ pauseMs: 3000 })
    })
  })
}
