import { expect, it } from 'vitest'
import { keepRetention } from './retention.ts'

const hourMs = 3_600_000
const startMs = Date.UTC(2026, 0, 2)

interface Round {
  readonly before: Date
  readonly isOfAll: boolean
}

/** Runs so many rounds, of which the store answers each with the next of `results`. */
async function runRounds(results: readonly (number | Error)[]) {
  const stop = new AbortController()
  const rounds: Round[] = []
  const [removed, failed, slept]: [number[], unknown[], number[]] = [[], [], []]
  let nowMs = startMs
  await keepRetention(
    {
      store: {
        removeOlder: async (before, of, signal) => {
          expect(signal).toBe(stop.signal)
          const result = results[rounds.length]
          rounds.push({ before, isOfAll: of === undefined })
          if (result instanceof Error) throw result
          return result ?? 0
        },
      },
      retentionMs: 24 * hourMs,
      now: () => new Date(nowMs),
      sleep: async (ms) => {
        slept.push(ms)
        nowMs += ms
        if (rounds.length === results.length) stop.abort()
      },
      onRemoved: (count) => removed.push(count),
      onFailed: (error) => failed.push(error),
    },
    stop.signal,
  )
  return { rounds, removed, failed, slept }
}

it('deletes what is older than it is kept, at once and every hour', async () => {
  expect(await runRounds([3, 0, 2])).toEqual({
    rounds: [0, 1, 2].map((hours) => ({
      before: new Date(startMs + (hours - 24) * hourMs),
      isOfAll: true,
    })),
    removed: [3, 2],
    failed: [],
    slept: [hourMs, hourMs, hourMs],
  })
})

it('tells of a failure, and tries again in the next round', async () => {
  const failure = new Error('The database is gone.')
  const { rounds, removed, failed } = await runRounds([failure, 7])
  expect({ rounds: rounds.length, removed, failed }).toEqual({ rounds: 2, removed: [7], failed: [failure] })
})

it('does nothing once it is stopped', async () => {
  const stop = new AbortController()
  stop.abort()
  const fail = () => expect.unreachable()
  await keepRetention(
    {
      store: { removeOlder: async () => fail() },
      retentionMs: 1,
      now: fail,
      sleep: async () => fail(),
      onRemoved: fail,
      onFailed: fail,
    },
    stop.signal,
  )
})
