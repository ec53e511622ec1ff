import type { FlaggedJudgment } from '../judging/judgment.ts'
import { Brakes } from '../runs/brakes.ts'
import { judgmentsWithin } from '../runs/caps.ts'
import type { Turn } from './run-pool.ts'
import { shortNumber } from './run-progress.ts'
import type { RunTotals } from './run-totals.ts'

interface RunBrakeSettings {
  readonly totals: RunTotals
  readonly maxCost: number | undefined
  readonly maxTokens: number | undefined
  /** Judgments that the judge's models take at once now. */
  readonly allowedNow: () => number
}

/** What keeps the judgments of a run from starting, for a while or for good. */
export class RunBrake {
  readonly #settings: RunBrakeSettings
  readonly #brakes = new Brakes(() => performance.now())

  constructor(settings: RunBrakeSettings) {
    this.#settings = settings
  }

  /** Whether one more judgment may start beside so many. */
  turn(underway: number): Turn {
    if (this.#brakes.fault() !== undefined) return 'never'
    const within = this.#within()
    if (within < 1 && underway === 0) return 'never'
    const allowed = Math.min(within, this.#settings.allowedNow())
    return underway < allowed && !this.#brakes.areOn() ? 'now' : 'later'
  }

  judged(judgment: FlaggedJudgment): void {
    this.#brakes.judged(judgment)
  }

  /** Why nothing more may start, and whether that is a cap; undefined while something may. */
  get reason(): { readonly isCap: boolean; readonly text: string } | undefined {
    const fault = this.#brakes.fault()
    if (fault !== undefined) return { isCap: false, text: `${fault[0]?.toUpperCase()}${fault.slice(1)}` }
    return this.#within() < 1 ? { isCap: true, text: this.#capText() } : undefined
  }

  #within(): number {
    const { maxCost = null, maxTokens = null, totals } = this.#settings
    const { inputTokens, outputTokens, knownCost: cost, judged: charged } = totals
    return judgmentsWithin({ maxCost, maxTokens }, { inputTokens, outputTokens, cost, charged })
  }

  #capText(): string {
    const { maxCost, maxTokens, totals } = this.#settings
    const { inputTokens, outputTokens, knownCost: cost, judged: charged } = totals
    const spent = { inputTokens, outputTokens, cost, charged }
    const isCost = maxCost !== undefined && judgmentsWithin({ maxCost, maxTokens: null }, spent) < 1
    return isCost
      ? `Another judgment would pass --max-cost ${maxCost}: ${shortNumber(cost)} is spent.`
      : `Another judgment would pass --max-tokens ${maxTokens}: ${inputTokens + outputTokens} are spent.`
  }
}
