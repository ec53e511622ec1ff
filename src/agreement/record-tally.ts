import type { ComparedJudgment, ComparedRecord, OutcomeCounts, RecordCounts } from './run-comparison.ts'

type Counts = { -readonly [Name in keyof OutcomeCounts]: OutcomeCounts[Name] }

/** Counts records by which run has them and what became of them there. */
export class RecordTally {
  #inBoth = 0
  #answeredByBoth = 0
  #answeredByNeither = 0
  readonly #onlyInFirst: Counts = {}
  readonly #onlyInSecond: Counts = {}
  readonly #answeredByFirstOnly: Counts = {}
  readonly #answeredBySecondOnly: Counts = {}

  add({ first, second }: ComparedRecord): void {
    if (first !== undefined && second !== undefined) this.#addPair(first, second)
    else if (first !== undefined) count(this.#onlyInFirst, first)
    else if (second !== undefined) count(this.#onlyInSecond, second)
  }

  #addPair(first: ComparedJudgment, second: ComparedJudgment): void {
    this.#inBoth += 1
    const [one, other] = [first.outcome === 'answered', second.outcome === 'answered']
    if (one && other) this.#answeredByBoth += 1
    else if (one) count(this.#answeredByFirstOnly, second)
    else if (other) count(this.#answeredBySecondOnly, first)
    else this.#answeredByNeither += 1
  }

  counts(): RecordCounts {
    return {
      inBoth: this.#inBoth,
      onlyInFirst: this.#onlyInFirst,
      onlyInSecond: this.#onlyInSecond,
      answeredByBoth: this.#answeredByBoth,
      answeredByFirstOnly: this.#answeredByFirstOnly,
      answeredBySecondOnly: this.#answeredBySecondOnly,
      answeredByNeither: this.#answeredByNeither,
    }
  }
}

function count(counts: Counts, { outcome }: ComparedJudgment): void {
  counts[outcome] = (counts[outcome] ?? 0) + 1
}
