import { getEventListeners } from 'node:events'
import { setImmediate as nextTurn } from 'node:timers/promises'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { InFlightLimit } from '../../src/models/in-flight-limit.ts'

interface Job {
  readonly abort: AbortController
  readonly finish: () => void
  readonly fail: (error: Error) => void
  readonly done: Promise<string>
  readonly progress: { state: 'waiting' | 'started' | 'ended' }
}

interface World {
  readonly all: Job[]
  /** The numbers of those that were let in, in this order. */
  readonly started: number[]
  add(): Job
}

/** Jobs that start when the limit lets them, and end when they are told. */
function world(limit: InFlightLimit): World {
  const all: Job[] = []
  const started: number[] = []
  function add(): Job {
    const index = all.length
    const abort = new AbortController()
    const { promise, resolve, reject } = Promise.withResolvers<string>()
    promise.catch(() => {})
    const progress: Job['progress'] = { state: 'waiting' }
    const done = limit.run(abort.signal, () => {
      progress.state = 'started'
      started.push(index)
      return promise
    })
    const end = (): void => {
      progress.state = 'ended'
    }
    done.then(end, end)
    const job = { abort, finish: () => resolve('done'), fail: reject, done, progress }
    all.push(job)
    return job
  }
  return { all, started, add }
}

function count(all: readonly Job[], state: Job['progress']['state']): number {
  return all.filter(({ progress }) => progress.state === state).length
}

describe('a limit of calls in flight', () => {
  it('lets at most so many through and wastes no place, whatever ends, fails or leaves in what order', async () => {
    const step = fc.oneof(
      fc.constant({ kind: 'add' as const, at: 0 }),
      fc.record({ kind: fc.constantFrom('finish', 'fail', 'abort'), at: fc.nat(40) }),
    )
    const steps = fc.array(fc.tuple(step, fc.boolean()), { maxLength: 60 })
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 4 }), steps, async (max, taken) => {
        const jobs = world(new InFlightLimit(max))
        for (const [{ kind, at }, settles] of taken) {
          const job = kind === 'add' ? jobs.add() : jobs.all[at]
          if (kind === 'finish') job?.finish()
          if (kind === 'fail') job?.fail(new Error('failed'))
          if (kind === 'abort') job?.abort.abort(new Error('left'))
          if (!settles) continue
          await nextTurn()
          expect(count(jobs.all, 'started')).toBeLessThanOrEqual(max)
          if (count(jobs.all, 'waiting') > 0) expect(count(jobs.all, 'started')).toBe(max)
        }
        await nextTurn()
        expect(jobs.started).toEqual([...jobs.started].sort((one, other) => one - other))
        for (const job of jobs.all) job.finish()
        await Promise.allSettled(jobs.all.map(({ done }) => done))
        for (const { abort } of jobs.all) expect(getEventListeners(abort.signal, 'abort')).toEqual([])
        const after = [jobs.add(), ...Array.from({ length: max - 1 }, () => jobs.add())]
        await nextTurn()
        expect(after.map(({ progress }) => progress.state)).toEqual(after.map(() => 'started'))
        for (const job of after) job.finish()
        await Promise.all(after.map(({ done }) => done))
      }),
      { numRuns: 300 },
    )
  })

  it('is first come, first served', async () => {
    const jobs = world(new InFlightLimit(1))
    for (let job = 0; job < 4; job += 1) jobs.add()
    for (const job of jobs.all) {
      await nextTurn()
      job.finish()
      await job.done
    }
    expect(jobs.started).toEqual([0, 1, 2, 3])
  })

  it('hands a place on past those who left, in the same turn too', async () => {
    const jobs = world(new InFlightLimit(1))
    const [first, second, third] = [jobs.add(), jobs.add(), jobs.add()]
    first.finish()
    second.abort.abort(new Error('left'))
    await expect(second.done).rejects.toThrow('left')
    await nextTurn()
    expect(jobs.started).toEqual([0, 2])
    third.finish()
    await expect(third.done).resolves.toBe('done')
  })

  it('gets its place back from one that is aborted as it enters', async () => {
    const limit = new InFlightLimit(1)
    const first = new AbortController()
    const late = new AbortController()
    const { promise, resolve } = Promise.withResolvers<void>()
    const holder = limit.run(first.signal, () => promise)
    const entering = limit.run(late.signal, async () => late.signal.throwIfAborted())
    resolve()
    await holder
    late.abort(new Error('too late'))
    await Promise.allSettled([entering])
    await expect(limit.run(first.signal, async () => 'free')).resolves.toBe('free')
  })

  it('takes nobody who is aborted already', async () => {
    const limit = new InFlightLimit(1)
    await expect(limit.run(AbortSignal.abort(new Error('gone')), async () => 'x')).rejects.toThrow('gone')
    await expect(limit.run(new AbortController().signal, async () => 'x')).resolves.toBe('x')
  })

  it('lets fewer through after a rate limit, one at least, and all again once calls work', async () => {
    const limit = new InFlightLimit(8)
    const signal = new AbortController().signal
    let now = 0
    let most = 0
    const round = async (isLimited: boolean): Promise<void> => {
      most = 0
      const work = async (): Promise<boolean> => {
        now += 1
        most = Math.max(most, now)
        await nextTurn()
        now -= 1
        return isLimited
      }
      await Promise.all(Array.from({ length: 32 }, () => limit.run(signal, work, (limited) => limited)))
    }
    await round(false)
    expect(most).toBe(8)
    for (let rounds = 0; rounds < 5; rounds += 1) await round(true)
    expect(most).toBe(1)
    for (let rounds = 0; rounds < 5; rounds += 1) await round(false)
    expect(most).toBe(8)
  })
})
