import type { Budgets } from '../judging/budgets.ts'
import type { RunningRun, RunWorkStore, StoredLook, Worker } from './run-work-store.ts'

/** How a run stands, and may be paid for. */
export interface LookedAtRun extends StoredLook {
  /** Which budget is spent, so that nothing may begin; for people. */
  readonly spentBudget?: string | undefined
}

export interface LookoutTools {
  readonly store: Pick<RunWorkStore, 'renew' | 'look'>
  readonly budgets: Omit<Budgets, 'check'>
  readonly now: () => Date
  /** Milliseconds on a clock that never goes back. */
  readonly elapsedMs: () => number
}

/** A worker that was not heard of for so long is taken for dead, and what it has claimed is free. */
const leaseMs = 20_000
const renewEveryMs = 5000
/** A worker that has missed two renewals leaves its share of the judgments to the others. */
const presentMs = leaseMs - 2.4 * renewEveryMs
/** From then on others may believe that the lease has ended, whose clocks may be ahead. */
const heldMs = leaseMs - renewEveryMs

/** How a run stands that is worked on, as it was last seen; and its worker's lease. */
export class Lookout {
  readonly #worker: Worker
  readonly #running: Pick<RunningRun, 'id' | 'workspaceId'>
  readonly #tools: LookoutTools
  #renewedMs = -Infinity
  #isLost = false
  #seen: StoredLook | undefined

  constructor(worker: Worker, running: Pick<RunningRun, 'id' | 'workspaceId'>, tools: LookoutTools) {
    this.#worker = worker
    this.#running = running
    this.#tools = tools
  }

  /** Undefined before the first look, and once the run is no more. */
  seen(): LookedAtRun | undefined {
    if (this.#seen === undefined) return undefined
    return { ...this.#seen, spentBudget: this.#tools.budgets.spentBudget(this.#seen.run) }
  }

  /** Whether the lease was not renewed for so long that others may have taken what is claimed. */
  hasLostLease(): boolean {
    if (this.#renewedMs > -Infinity) this.#isLost ||= this.#tools.elapsedMs() - this.#renewedMs > heldMs
    return this.#isLost
  }

  /** Renews the lease where it is time, and looks. */
  async renewAndLook(): Promise<LookedAtRun | undefined> {
    const { store, now, elapsedMs } = this.#tools
    this.hasLostLease()
    const beganMs = elapsedMs()
    if (beganMs - this.#renewedMs >= renewEveryMs) {
      const at = now()
      await store.renew(this.#worker, at, new Date(at.getTime() + leaseMs))
      // The lease counts from when it was asked for, however long the answer took.
      this.#renewedMs = beganMs
    }
    return this.look()
  }

  async look(): Promise<LookedAtRun | undefined> {
    const { store, budgets, now } = this.#tools
    await budgets.refresh()
    this.#seen = await store.look(this.#running, new Date(now().getTime() + presentMs))
    return this.seen()
  }
}
