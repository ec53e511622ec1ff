import { AssizeError } from '../errors.ts'
import type { JudgmentRecord } from '../judging/judgment.ts'
import { withoutJudgment } from './judge-item.ts'
import type { RunWorkStore, Worker } from './run-work-store.ts'

/** Resolves after so many milliseconds, or soon after the signal is aborted; never at once. */
export type Pause = (ms: number, ended: AbortSignal) => Promise<void>

export interface KeepTools {
  readonly store: Pick<RunWorkStore, 'keep'>
  readonly pause: Pause
  /** Resolves once everybody else had a turn. */
  readonly nextTurn: () => Promise<void>
  /** Called when judgments could not be kept, which is tried again. */
  readonly onFailure: (error: unknown) => void
}

/** Rows of one transaction. */
const mostAtOnce = 256

const tryAgainMs = 1000

interface Waiting {
  readonly record: JudgmentRecord
  readonly resolve: () => void
}

/**
 * Keeps the judgments of a run together that end together, so that they share one transaction. A judgment is paid for:
 * where storage can't be reached, it is tried again until it can, or until nothing is to be waited for any more.
 */
export class JudgmentKeeper {
  readonly #worker: Worker
  readonly #tools: KeepTools
  readonly #gaveUp: AbortSignal
  readonly #onKept: () => Promise<void>
  #waiting: Waiting[] = []
  #isKeeping = false

  /**
   * @param gaveUp once it is aborted, what could not be kept is lost
   * @param onKept called after each transaction; those whose judgments are in it wait for that too
   */
  constructor(worker: Worker, tools: KeepTools, gaveUp: AbortSignal, onKept: () => Promise<void>) {
    this.#worker = worker
    this.#tools = tools
    this.#gaveUp = gaveUp
    this.#onKept = onKept
  }

  /** Resolves once the judgment is stored, or given up. */
  add(record: JudgmentRecord): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push({ record, resolve })
      if (this.#isKeeping) return
      this.#isKeeping = true
      void this.#keepAll()
    })
  }

  async #keepAll(): Promise<void> {
    const { nextTurn } = this.#tools
    await nextTurn()
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, mostAtOnce)
      await this.#keep(batch.map(({ record }) => record))
      await this.#onKept()
      for (const { resolve } of batch) resolve()
      // Storage in this process may not have let anybody have a turn.
      await nextTurn()
    }
    this.#isKeeping = false
  }

  /** Where one of them can't be kept, the others can, and it is kept that it could not be. */
  async #keep(records: readonly JudgmentRecord[]): Promise<void> {
    if (await this.#isKept(records)) return
    for (const record of records) {
      if (await this.#isKept([record])) continue
      await this.#isKept([withoutJudgment(record, 'The judgment could not be stored.')])
    }
  }

  /** @returns false where storage refuses them */
  async #isKept(records: readonly JudgmentRecord[]): Promise<boolean> {
    for (;;) {
      try {
        await this.#tools.store.keep(this.#worker, records)
        return true
      } catch (error) {
        this.#tools.onFailure(error)
        const mayWork = error instanceof AssizeError && error.situation === 'database_unavailable'
        if (!mayWork || this.#gaveUp.aborted) return mayWork
        await this.#tools.pause(tryAgainMs, this.#gaveUp)
      }
    }
  }
}
