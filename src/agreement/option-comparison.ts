import { answerCounts, type ConfusionMatrix, labelCounts } from './agreement.ts'
import { holmAdjusted } from './holm.ts'
import { mcnemarTest } from './mcnemar.ts'
import { pairedShareDifference } from './paired-shares.ts'
import type { OptionComparison } from './run-comparison.ts'

/** Counts which answer of the first side met which of the second, for any number of records. */
export class CrossTable {
  readonly #options: readonly string[]
  readonly #counts = new Map<string, Map<string, number>>()

  /** @param options in the order wanted; answers that are none of them are added behind, sorted */
  constructor(options: readonly string[]) {
    this.#options = options
  }

  add(first: string, second: string): void {
    const row = this.#counts.get(first) ?? new Map<string, number>()
    row.set(second, (row.get(second) ?? 0) + 1)
    this.#counts.set(first, row)
  }

  /** Rows are the first side's answers, columns the second's. */
  matrix(): ConfusionMatrix {
    const answered = new Set([...this.#counts].flatMap(([first, row]) => [first, ...row.keys()]))
    const others = [...answered].filter((answer) => !this.#options.includes(answer)).sort()
    const options = [...this.#options, ...others]
    const counts = options.map((first) => options.map((second) => this.#counts.get(first)?.get(second) ?? 0))
    return { options, counts }
  }
}

/** Each option against all others; with two options, both rows tell the same from either end. */
export function compareOptions(matrix: ConfusionMatrix): readonly OptionComparison[] {
  const [firsts, seconds] = [labelCounts(matrix), answerCounts(matrix)]
  const total = firsts.reduce((sum, count) => sum + count, 0)
  const rows = matrix.options.map((option, place) => {
    const [first, second] = [firsts[place] ?? 0, seconds[place] ?? 0]
    const both = matrix.counts[place]?.[place] ?? 0
    const [gained, lost] = [second - both, first - both]
    const difference = pairedShareDifference({ gained, lost, total })
    return { option, total, first, second, gained, lost, difference, ...mcnemarTest(gained, lost) }
  })
  const adjusted = adjustedPValues(rows.map(({ pValue }) => pValue))
  return rows.map((row, place) => ({ ...row, adjustedPValue: adjusted[place] ?? row.pValue }))
}

/** Two options have one question between them: what one gains, the other loses. */
function adjustedPValues(pValues: readonly number[]): readonly number[] {
  return pValues.length <= 2 ? pValues : holmAdjusted(pValues)
}
