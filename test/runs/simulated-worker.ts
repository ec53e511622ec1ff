import { setImmediate as nextTurn } from 'node:timers/promises'
import { uuidv7 } from 'uuidv7'
import { AssizeError } from '../../src/errors.ts'
import { createJudges } from '../../src/judges/judges.ts'
import type { JudgeMaterial } from '../../src/judging/judging.ts'
import type { FlaggedJudgment } from '../../src/judging/judgment.ts'
import { noTraceContexts } from '../../src/judging/trace-contexts.ts'
import { createRunWorker, type RunWorker } from '../../src/runs/run-worker.ts'
import type { RunWorld } from '../storage/run-world.ts'
import type { SimulatedTime, Sleeper } from './simulated-time.ts'

/** What goes wrong, each with its probability. */
export interface Misfortunes {
  /** Storage refuses a call. */
  readonly refused: number
  /** Storage does what it is asked, and the answer is lost. */
  readonly unheard: number
  /** The provider fails, or limits the rate. */
  readonly failed: number
  /** What is judged is no conversation. */
  readonly invalid: number
}

export interface SimulatedWorker extends Sleeper {
  readonly worker: RunWorker
  /** Judgments that were begun and that it does not know to be stored. */
  readonly underWay: () => number
}

interface Simulation {
  readonly world: RunWorld
  readonly time: SimulatedTime
  readonly random: () => number
  readonly misfortunes: Misfortunes
  /** Called for each judgment that is asked for. */
  readonly onCall: () => void
}

/** A worker as a process has one, on simulated time; once it is dead, nothing of it goes on. */
export function startSimulatedWorker(simulation: Simulation): SimulatedWorker {
  const { world, time } = simulation
  const self: Sleeper = { isDead: false, asleepUntilMs: 0 }
  const begun = { calls: 0, kept: 0 }
  const judgeMaterial: JudgeMaterial = async (_definition, _material, abandoned) => {
    simulation.onCall()
    begun.calls += 1
    await time.pauseOf(self)(20 + simulation.random() * 400, abandoned)
    abandoned.throwIfAborted()
    return judgmentBy(simulation)
  }
  const worker = createRunWorker({
    store: unreliable(world.work, simulation, self, (name, parameters) => {
      if (name === 'keep') begun.kept += (parameters[1] as readonly unknown[]).length
    }),
    records: unreliable(world.records, simulation, self),
    judges: createJudges({ store: world.judges, now: () => new Date(), newId: uuidv7 }),
    models: { find: (modelName) => ({ provider: 'simulated', modelName, model: { complete: never } }) },
    panels: [],
    judgeMaterial,
    kept: { keepAnalysis: true, keepConversation: false },
    priceOf: () => undefined,
    traceContexts: noTraceContexts,
    atOnce: 2,
    now: () => new Date(time.nowMs()),
    elapsedMs: () => time.nowMs(),
    budgets: { refresh: async () => {}, spentBudget: () => undefined, add: () => {} },
    newId: uuidv7,
    pause: time.pauseOf(self),
    nextTurn: () => (self.isDead ? never() : nextTurn()),
    onFailure: (error) => {
      if (!(error instanceof AssizeError)) throw error
    },
  })
  worker.start()
  return Object.assign(self, { worker, underWay: () => begun.calls - begun.kept })
}

function never<Result>(): Promise<Result> {
  return new Promise(() => {})
}

function judgmentBy({ random, misfortunes }: Simulation): FlaggedJudgment {
  const account = {
    provider: 'simulated',
    modelName: 'simulated',
    enforcement: null,
    leftOut: [],
    attempts: 1,
    latencyMs: 1,
    inputTokens: 100,
    outputTokens: 10,
    toolUses: [],
    isToolBudgetExhausted: false,
  }
  if (random() < misfortunes.invalid) throw new AssizeError('conversation_invalid', 'messages[0] is odd.')
  if (random() >= misfortunes.failed)
    return { outcome: 'answered', answer: 'yes', analysis: 'So it is.', account, flags: [] }
  const failed = { reason: 'It failed.', account: { ...account, inputTokens: 0, outputTokens: 0 }, flags: [] }
  return random() < 0.5
    ? { outcome: 'provider_failed', ...failed }
    : { outcome: 'rate_limited', retryAfterMs: random() * 3000, ...failed }
}

/** The same storage, where some calls fail, and those of the dead are never heard of. */
function unreliable<Store extends object>(
  store: Store,
  { time, random, misfortunes }: Simulation,
  self: Sleeper,
  onDone: (name: string | symbol, parameters: readonly unknown[]) => void = () => {},
): Store {
  return new Proxy(store, {
    get: (target, name) => {
      const method = Reflect.get(target, name) as (...parameters: unknown[]) => Promise<unknown>
      return async (...parameters: unknown[]) => {
        if (self.isDead) return never()
        if (random() < misfortunes.refused) throw new AssizeError('database_unavailable', 'It is gone.')
        const result = await time.during(() => method.apply(target, parameters))
        if (self.isDead) return never()
        if (random() < misfortunes.unheard) throw new AssizeError('database_unavailable', 'It is gone.')
        onDone(name, parameters)
        return result
      }
    },
  })
}
