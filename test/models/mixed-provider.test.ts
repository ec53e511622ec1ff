import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { createMixedStack, judgeAllMixed, type MixedResult } from '../support/judge-mixed.ts'
import { behaviours } from '../support/mixed-behaviours.ts'
import { startMixedProvider } from '../support/mixed-provider.ts'

const count = 6 * Object.keys(behaviours).length

describe('a provider that does everything providers do', () => {
  it(`leaves each of ${count} judgments with the right answer or the right outcome, and nothing behind`, {
    timeout: 60_000,
  }, async () => {
    await using provider = await startMixedProvider()
    const stack = createMixedStack(provider.url, 3000)
    const results: MixedResult[] = []
    await judgeAllMixed(stack, count, { callers: 24, onResult: (result) => void results.push(result) })
    expect(results.filter(({ fault }) => fault !== undefined)).toEqual([])
    expect(results).toHaveLength(count)
    expect(new Set(results.map(({ name }) => name)).size).toBe(Object.keys(behaviours).length)
    // Three attempts each for a reply and its two repairs are the most there can be.
    expect(provider.calls()).toBeLessThanOrEqual(3 * 3 * count)
    expect(provider.refusals()).toBeLessThan(count / 4)
    await delay(50)
    expect(provider.callsInFlight()).toBe(0)
    await stack[Symbol.asyncDispose]()
    await delay(50)
    expect(await provider.openConnections()).toBe(0)
  })
})
