import { AssizeError } from '../errors.ts'
import type { Budget, BudgetStore, BudgetUse } from './budget-store.ts'

/** Whose judgment is to be paid for. */
export interface Payer {
  readonly workspaceId: string
  /** Null where the definition is not saved. */
  readonly judgeId: string | null
}

export interface Budgets {
  /** Asks storage what is spent today, unless it was asked a moment ago. */
  refresh(): Promise<void>
  /** Which budget of the payer is known to be spent today, for people; undefined while none is. */
  spentBudget(payer: Payer): string | undefined
  /**
   * Lets a judgment begin.
   * @throws AssizeError `budget_spent`, with the seconds until the UTC day ends
   */
  check(payer: Payer): Promise<void>
  /** Learns what a judgment of this process has cost, before it is stored. */
  add(payer: Payer, cost: number | null): void
}

interface BudgetsTools {
  readonly budgets: readonly Budget[]
  readonly store: BudgetStore
  readonly now: () => Date
  /** Milliseconds on a clock that never goes back. */
  readonly elapsedMs: () => number
}

const dayMs = 86_400_000

/** What other processes spend is known so much later at most. */
const readEveryMs = 1000

/** @example createBudgets({ budgets: [{ perDay: 20 }], store, now, elapsedMs }) */
export function createBudgets({ budgets, store, now, elapsedMs }: BudgetsTools): Budgets {
  const watches = budgets.map((budget, index) => new Watch(budget, index, store))
  const today = (): number => Math.floor(now().getTime() / dayMs)

  async function refresh(): Promise<void> {
    await Promise.all(watches.map((watch) => watch.refresh(today(), elapsedMs())))
  }

  function spentBudget(payer: Payer): string | undefined {
    for (const watch of watches) {
      const reason = watch.reason(payer, today())
      if (reason !== undefined) return reason
    }
    return undefined
  }

  return {
    refresh,
    spentBudget,
    async check(payer) {
      await refresh()
      const reason = spentBudget(payer)
      if (reason === undefined) return
      const retryAfterSeconds = Math.ceil(((today() + 1) * dayMs - now().getTime()) / 1000)
      throw new AssizeError('budget_spent', reason, { retryAfterSeconds })
    },
    add(payer, cost) {
      for (const watch of watches) watch.add(payer, cost ?? 0)
    },
  }
}

/** One budget, and what is known to be spent of it. */
class Watch {
  readonly #budget: Budget
  readonly #index: number
  readonly #store: BudgetStore
  #known: { readonly day: number; readonly readAtMs: number; readonly use: BudgetUse } | undefined
  #reading: { readonly day: number; readonly done: Promise<void> } | undefined

  constructor(budget: Budget, index: number, store: BudgetStore) {
    this.#budget = budget
    this.#index = index
    this.#store = store
  }

  async refresh(day: number, atMs: number): Promise<void> {
    if (this.#known?.day === day && atMs - this.#known.readAtMs < readEveryMs) return
    if (this.#reading?.day !== day) this.#reading = { day, done: this.#read(day, atMs) }
    const reading = this.#reading
    try {
      await reading.done
    } finally {
      if (this.#reading === reading) this.#reading = undefined
    }
  }

  async #read(day: number, atMs: number): Promise<void> {
    const use = await this.#store.read(this.#budget, day)
    this.#known = { day, readAtMs: atMs, use }
  }

  reason(payer: Payer, day: number): string | undefined {
    if (this.#known?.day !== day) return undefined
    const { use } = this.#known
    const { perDay } = this.#budget
    // A sum of fractions may fall short by a rounding of them.
    if (!holdsFor(use, payer) || use.spent < perDay * (1 - 1e-9)) return undefined
    const next = new Date((day + 1) * dayMs).toISOString().slice(0, 10)
    return `${this.#name()} is ${perDay} per day, and ${Number(use.spent.toPrecision(9))} is spent; the next day begins on ${next} at 00:00 UTC.`
  }

  add(payer: Payer, cost: number): void {
    if (this.#known === undefined || !holdsFor(this.#known.use, payer)) return
    const { use } = this.#known
    this.#known = { ...this.#known, use: { ...use, spent: use.spent + cost } }
  }

  #name(): string {
    const { workspaceName, judge } = this.#budget
    const of = [
      ...(workspaceName === undefined ? [] : [`workspace ${JSON.stringify(workspaceName)}`]),
      ...(judge === undefined ? [] : [`judge ${JSON.stringify(judge)}`]),
    ]
    return `The budget of ${of.length === 0 ? 'all workspaces' : of.join(', ')} (budgets[${this.#index}])`
  }
}

function holdsFor({ workspaceId, judgeIds }: BudgetUse, payer: Payer): boolean {
  if (workspaceId !== null && workspaceId !== payer.workspaceId) return false
  return judgeIds === null || (payer.judgeId !== null && judgeIds.includes(payer.judgeId))
}
