import type { LookedAtRun, RunningRun, RunWorkStore, Worker } from './run-work-store.ts'

export interface LookoutTools {
  readonly store: Pick<RunWorkStore, 'renew' | 'look'>
  readonly now: () => Date
  /** Milliseconds on a clock that never goes back. */
  readonly elapsedMs: () => number
}

/** A worker that was not heard of for so long is taken for dead, and what it has claimed is free. */
const leaseMs = 20_000
const renewEveryMs = 5000
/** A worker that has missed two renewals leaves its share of the judgments to the others. */
const presentMs = leaseMs - 2.4 * renewEveryMs

/** How a run stands that is worked on, as it was last seen; and its worker's lease. */
export class Lookout {
  readonly #worker: Worker
  readonly #running: RunningRun
  readonly #tools: LookoutTools
  #renewedMs = -Infinity
  #seen: LookedAtRun | undefined

  constructor(worker: Worker, running: RunningRun, tools: LookoutTools) {
    this.#worker = worker
    this.#running = running
    this.#tools = tools
  }

  /** Undefined before the first look, and once the run is no more. */
  seen(): LookedAtRun | undefined {
    return this.#seen
  }

  /** Renews the lease where it is time, and looks. */
  async renewAndLook(): Promise<LookedAtRun | undefined> {
    const { store, now, elapsedMs } = this.#tools
    if (elapsedMs() - this.#renewedMs >= renewEveryMs) {
      const at = now()
      await store.renew(this.#worker, at, new Date(at.getTime() + leaseMs))
      this.#renewedMs = elapsedMs()
    }
    return this.look()
  }

  async look(): Promise<LookedAtRun | undefined> {
    const { store, now } = this.#tools
    this.#seen = await store.look(this.#running, new Date(now().getTime() + presentMs))
    return this.#seen
  }
}
