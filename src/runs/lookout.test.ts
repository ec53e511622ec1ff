import { expect, it } from 'vitest'
import { Lookout } from './lookout.ts'

function lookoutAt(clock: { ms: number }, renewTakesMs: () => number) {
  const store = {
    renew: async () => {
      clock.ms += renewTakesMs()
    },
    look: async () => undefined,
  }
  const budgets = { refresh: async () => {}, spentBudget: () => undefined, add: () => {} }
  const tools = { store, budgets, now: () => new Date(clock.ms), elapsedMs: () => clock.ms }
  return new Lookout({ id: 'worker', runId: 'run' }, { id: 'run', workspaceId: 'workspace' }, tools)
}

it('holds its lease while it is renewed in time', async () => {
  const clock = { ms: 0 }
  const lookout = lookoutAt(clock, () => 10)
  expect(lookout.hasLostLease()).toBe(false)
  for (let look = 0; look < 5; look += 1) {
    await lookout.renewAndLook()
    clock.ms += 14_000
    expect(lookout.hasLostLease()).toBe(false)
  }
  clock.ms += 1001
  expect(lookout.hasLostLease()).toBe(true)
})

it('takes its lease to count from when it asked for it, so that others never hold it as well', async () => {
  const clock = { ms: 0 }
  const lookout = lookoutAt(clock, () => 16_000)
  await lookout.renewAndLook()
  expect(lookout.hasLostLease()).toBe(true)
  // Once it is lost, those claims are never taken for its own again.
  await lookout.renewAndLook()
  expect(lookout.hasLostLease()).toBe(true)
})
