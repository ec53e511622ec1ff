import { wilsonInterval } from '../agreement/interval.ts'
import { type MeanInterval, MeanTally } from '../agreement/mean-interval.ts'
import type { Output } from '../judges/definition.ts'
import type { Outcome } from '../judging/judgment.ts'
import { allOutcomes, type ResultLine } from './run-result.ts'

/** What totals take of a result. */
export type Counted = Pick<ResultLine, 'outcome' | 'answer' | 'input_tokens' | 'output_tokens' | 'cost'>

/** How often an option was the answer. */
export interface OptionTotal {
  readonly value: string
  readonly count: number
  /** Of the answered ones; undefined where there are none. */
  readonly share: { readonly share: number; readonly low: number; readonly high: number } | undefined
}

/** What a run's results come to, added up one by one. Only answered ones enter a share or a mean. */
export class RunTotals {
  readonly #output: Output
  readonly #outcomes = new Map<Outcome, number>()
  readonly #options = new Map<string, number>()
  readonly #numbers = new MeanTally()
  #inputTokens = 0
  #outputTokens = 0
  #cost = 0
  #withoutPrice = 0
  /** Records and refused lines, as far as the data was read. */
  read = 0
  refused = 0

  constructor(output: Output) {
    this.#output = output
  }

  add(result: Counted): void {
    this.#outcomes.set(result.outcome, this.outcome(result.outcome) + 1)
    this.#inputTokens += result.input_tokens
    this.#outputTokens += result.output_tokens
    if (result.cost === null) this.#withoutPrice += 1
    else this.#cost += result.cost
    if (result.answer === null) return
    if (typeof result.answer === 'number') this.#numbers.add(result.answer)
    else this.#options.set(result.answer, (this.#options.get(result.answer) ?? 0) + 1)
  }

  /** Takes a result back in whose place another comes. It has no answer: those are never replaced. */
  remove(result: Counted): void {
    this.#outcomes.set(result.outcome, this.outcome(result.outcome) - 1)
    this.#inputTokens -= result.input_tokens
    this.#outputTokens -= result.output_tokens
    if (result.cost === null) this.#withoutPrice -= 1
    else this.#cost -= result.cost
  }

  outcome(outcome: Outcome): number {
    return this.#outcomes.get(outcome) ?? 0
  }

  get judged(): number {
    return this.#outcomes.values().reduce((sum, count) => sum + count, 0)
  }

  get answered(): number {
    return this.outcome('answered')
  }

  /** Those that there are, in a fixed order. */
  get outcomes(): readonly (readonly [outcome: Outcome, count: number])[] {
    return allOutcomes
      .map((outcome) => [outcome, this.outcome(outcome)] as const)
      .filter(([, count]) => count > 0)
  }

  get inputTokens(): number {
    return this.#inputTokens
  }

  get outputTokens(): number {
    return this.#outputTokens
  }

  /** What is known of it: the cost of the others. */
  get knownCost(): number {
    return this.#cost
  }

  /** Judgments whose model has no price. */
  get withoutPrice(): number {
    return this.#withoutPrice
  }

  /** Null where a model has no price: a part of the cost is no cost. */
  get cost(): number | null {
    return this.#withoutPrice === 0 ? this.#cost : null
  }

  /** In the output's order; empty for numbers. */
  get options(): readonly OptionTotal[] {
    if (this.#output.type === 'REGRESSION') return []
    return this.#output.options.map(({ value }) => {
      const count = this.#options.get(value) ?? 0
      return { value, count, share: wilsonInterval(count, this.answered) }
    })
  }

  /** Undefined for options, and where there are none. */
  get mean(): number | undefined {
    return this.#numbers.mean
  }

  /** See `MeanTally`; its ends are held to the scale. */
  get meanInterval(): MeanInterval | undefined {
    const interval = this.#numbers.interval()
    if (interval === undefined || this.#output.type === 'CLASSIFICATION') return undefined
    const { min, max } = this.#output
    return { ...interval, low: Math.max(min, interval.low), high: Math.min(max, interval.high) }
  }

  /** The share of the judged records that were answered; undefined where there are none. */
  get answeredShare(): ReturnType<typeof wilsonInterval> {
    return wilsonInterval(this.answered, this.judged)
  }
}
