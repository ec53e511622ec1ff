import { expect, it } from 'vitest'
import { type Chore, keepRetention } from './retention.ts'

const hourMs = 3_600_000
const startMs = Date.UTC(2026, 0, 2)

/** Runs so many rounds of one chore, each with the next of `results`, and of what is done beside it. */
async function runRounds(results: readonly (number | Error)[], beside: readonly Chore[] = []) {
  const stop = new AbortController()
  const rounds: Date[] = []
  const [removed, failed, slept]: [[string, number][], [string, unknown][], number[]] = [[], [], []]
  let nowMs = startMs
  const judgments: Chore = {
    what: 'judgments',
    keptMs: 24 * hourMs,
    removeOlder: async (before, signal) => {
      expect(signal).toBe(stop.signal)
      const result = results[rounds.length]
      rounds.push(before)
      if (result instanceof Error) throw result
      return result ?? 0
    },
  }
  await keepRetention(
    {
      chores: [judgments, ...beside],
      now: () => new Date(nowMs),
      sleep: async (ms) => {
        slept.push(ms)
        nowMs += ms
        if (rounds.length === results.length) stop.abort()
      },
      onRemoved: (...said) => removed.push(said),
      onFailed: (...said) => failed.push(said),
    },
    stop.signal,
  )
  return { rounds, removed, failed, slept }
}

it('deletes what is older than it is kept, at once and every hour', async () => {
  expect(await runRounds([3, 0, 2])).toEqual({
    rounds: [0, 1, 2].map((hours) => new Date(startMs + (hours - 24) * hourMs)),
    removed: [
      ['judgments', 3],
      ['judgments', 2],
    ],
    failed: [],
    slept: [hourMs, hourMs, hourMs],
  })
})

it('tells of a failure, goes on with the next chore, and tries again in the next round', async () => {
  const failure = new Error('The database is gone.')
  const keys: Chore = { what: 'keys', keptMs: 0, removeOlder: async () => 1 }
  const { rounds, removed, failed } = await runRounds([failure, 7], [keys])
  expect(rounds.length).toBe(2)
  expect(removed).toEqual([
    ['keys', 1],
    ['judgments', 7],
    ['keys', 1],
  ])
  expect(failed).toEqual([['judgments', failure]])
})

it('does nothing once it is stopped', async () => {
  const stop = new AbortController()
  stop.abort()
  const fail = () => expect.unreachable()
  await keepRetention(
    {
      chores: [{ what: 'judgments', keptMs: 1, removeOlder: async () => fail() }],
      now: fail,
      sleep: async () => fail(),
      onRemoved: fail,
      onFailed: fail,
    },
    stop.signal,
  )
})

it('begins no other chore once it is stopped', async () => {
  const stop = new AbortController()
  const stopping: Chore = {
    what: 'judgments',
    keptMs: 1,
    removeOlder: async () => {
      stop.abort()
      return 0
    },
  }
  const other: Chore = { what: 'keys', keptMs: 1, removeOlder: async () => expect.unreachable() }
  const fail = () => expect.unreachable()
  await keepRetention(
    {
      chores: [stopping, other],
      now: () => new Date(startMs),
      sleep: async () => {},
      onRemoved: fail,
      onFailed: fail,
    },
    stop.signal,
  )
})
