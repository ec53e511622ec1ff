import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addRun, countedRows, createRunWorld, type RunWorld } from '../storage/run-world.ts'
import { engines } from '../support/engines.ts'
import { randomFrom, SimulatedTime } from './simulated-time.ts'
import { type SimulatedWorker, startSimulatedWorker } from './simulated-worker.ts'

const records = 120
const concurrency = 6
const workers = 2
/** `SIMULATIONS=500 npx vitest run test/runs/worker-simulation.test.ts` looks harder. */
const simulations = Number(process.env.SIMULATIONS ?? 6)

/** A worker falls asleep that had just woken to begin three judgments. */
const beginsAsItFallsAsleep = 167728667

interface Trouble {
  /** Workers that died with their judgments, or slept so long that others took what they had. */
  lost: number
  calls: number
}

/** Whatever happens to it now and then: it dies and another begins, or it sleeps longer than its lease. */
async function trouble(
  crew: SimulatedWorker[],
  begin: () => SimulatedWorker,
  { random, time, told }: { random: () => number; time: SimulatedTime; told: Trouble },
): Promise<void> {
  const index = Math.floor(random() * crew.length)
  const struck = crew[index]
  if (struck === undefined || random() > 0.01) return
  if (random() < 0.5) {
    told.lost += struck.underWay()
    struck.isDead = true
    crew[index] = begin()
    return
  }
  struck.asleepUntilMs = time.nowMs() + 15_000 + random() * 30_000
  // Only its timers sleep: what it had just woken for still happens, and what it begins there is lost as well.
  await time.settle()
  told.lost += struck.underWay()
}

async function shownOf(world: RunWorld, id: string) {
  const run = await world.runs.find(world.workspaceId, id)
  if (run === undefined) throw new Error('The run is gone.')
  const { total, pending, outcomes } = run.progress
  expect(Object.values(outcomes).reduce((sum, count) => sum + count, pending)).toBe(total)
  return run
}

for (const engine of engines) {
  describe(`two workers on ${engine.name}`, () => {
    it(
      'judge every record once, whatever becomes of them',
      async () => {
        const world = await createRunWorld(
          engine,
          Array.from({ length: records }, () => ({})),
        )
        await fc.assert(
          fc.asyncProperty(fc.integer(), (seed) => simulate(world, seed)),
          {
            numRuns: Math.ceil(simulations / (engine.name === 'sqlite' ? 1 : 3)),
            endOnFailure: true,
            examples: [[beginsAsItFallsAsleep]],
          },
        )
      },
      60_000 + simulations * 10_000,
    )
  })
}

async function simulate(world: RunWorld, seed: number): Promise<void> {
  const random = randomFrom(seed)
  const time = new SimulatedTime()
  const told: Trouble = { lost: 0, calls: 0 }
  const misfortunes = {
    refused: random() * 0.1,
    unheard: random() * 0.1,
    failed: random() * 0.5,
    invalid: 0.05,
  }
  const onCall = (): void => {
    told.calls += 1
  }
  const begin = () => startSimulatedWorker({ world, time, random, misfortunes, onCall })
  const runs = [await addRun(world, { concurrency }), await addRun(world, { concurrency })]
  const crew = Array.from({ length: workers }, begin)
  let most = 0
  for (let steps = 0; ; steps += 1) {
    await time.pass()
    await trouble(crew, begin, { random, time, told })
    most = Math.max(most, ...crew.map((worker) => worker.underWay()))
    if (steps % 50 > 0) continue
    const shown = await Promise.all(runs.map(({ id }) => shownOf(world, id)))
    if (shown.every(({ state }) => state === 'completed')) break
    expect(shown.map(({ state }) => state)).not.toContain('failed')
    expect(steps).toBeLessThan(50_000)
  }
  for (const { id } of runs) {
    expect(await countedRows(world, id)).toEqual({ total: records, pending: 0 })
    const { progress } = await shownOf(world, id)
    expect(progress).toMatchObject({ total: records, pending: 0 })
  }
  for (const worker of crew) worker.isDead = true
  expect(told.calls).toBeGreaterThanOrEqual(records * runs.length)
  expect(told.calls).toBeLessThanOrEqual(records * runs.length + told.lost)
  expect(most).toBeLessThanOrEqual(concurrency * runs.length)
}
