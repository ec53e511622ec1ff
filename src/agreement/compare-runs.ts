import { cohensKappa } from './agreement.ts'
import { type ComparedOutput, type ComparedSide, differencesOf, whyIncomparable } from './comparability.ts'
import { FirstItems } from './first-items.ts'
import { wilsonInterval } from './interval.ts'
import { CrossTable, compareOptions } from './option-comparison.ts'
import { PairedNumbers, type PairedNumbersSummary } from './paired-numbers.ts'
import { RecordTally } from './record-tally.ts'
import type {
  AnswerComparison,
  ComparedJudgment,
  ComparedRecord,
  Flip,
  FlippedJudgment,
  RunComparison,
} from './run-comparison.ts'
import { UsedModels } from './used-models.ts'

/** The two sides of a comparison, and how many flips it is to show. */
export interface ComparedSides {
  readonly first: ComparedSide
  readonly second: ComparedSide
  readonly mostFlips: number
}

/**
 * Compares two runs record by record, over the records that both answered. What it keeps does not grow with the
 * number of records. Answers of outputs that differ are counted and never compared.
 * @param records each of either run once, in any order
 */
export async function compareRuns(
  { first, second, mostFlips }: ComparedSides,
  records: AsyncIterable<ComparedRecord>,
): Promise<RunComparison> {
  const tally = new RecordTally()
  const models = new UsedModels()
  const reason = whyIncomparable(first.output, second.output)
  const answers = reason === undefined ? new AnswerTally(first.output, mostFlips) : undefined
  for await (const record of records) {
    tally.add(record)
    models.add(record)
    answers?.add(record)
  }
  return {
    differences: [...differencesOf(first, second), ...models.differences()],
    records: tally.counts(),
    reason,
    answers: answers?.comparison(),
  }
}

/** The answers of records that both sides answered. */
class AnswerTally {
  readonly #output: ComparedOutput
  readonly #table: CrossTable
  readonly #numbers = new PairedNumbers()
  readonly #largest: FirstItems<Flip>
  #both = 0
  #flips = 0

  constructor(output: ComparedOutput, mostFlips: number) {
    this.#output = output
    this.#table = new CrossTable(output.type === 'CLASSIFICATION' ? output.options : [])
    this.#largest = new FirstItems(mostFlips, byChange)
  }

  add({ recordId, itemNumber, first, second }: ComparedRecord): void {
    const [one, other] = [answeredOf(first), answeredOf(second)]
    if (one === undefined || other === undefined) return
    this.#both += 1
    if (this.#output.type === 'CLASSIFICATION') this.#table.add(String(one.answer), String(other.answer))
    else this.#numbers.add(Number(one.answer), Number(other.answer))
    if (one.answer === other.answer) return
    this.#flips += 1
    this.#largest.add({ recordId, itemNumber, first: one, second: other })
  }

  comparison(): AnswerComparison {
    const flips = {
      count: this.#flips,
      share: wilsonInterval(this.#flips, this.#both),
      largest: this.#largest.inOrder(),
    }
    if (this.#output.type === 'REGRESSION')
      return { flips, numbers: within(this.#output, this.#numbers.summary()) }
    const crossTable = this.#table.matrix()
    return {
      flips,
      options: { rows: compareOptions(crossTable), crossTable, kappa: cohensKappa(crossTable) },
    }
  }
}

/** No two means of a scale are further apart than its ends, whatever Student's distribution says of few records. */
function within(
  { min, max }: Extract<ComparedOutput, { type: 'REGRESSION' }>,
  summary: PairedNumbersSummary | undefined,
): PairedNumbersSummary | undefined {
  if (summary?.interval === undefined) return summary
  const { difference, low, high } = summary.interval
  const interval = { difference, low: Math.max(low, min - max), high: Math.min(high, max - min) }
  return { ...summary, interval }
}

function answeredOf(judgment: ComparedJudgment | undefined): FlippedJudgment | undefined {
  if (judgment?.outcome !== 'answered' || judgment.answer === null) return undefined
  const { id, answer, analysis } = judgment
  return { id, answer, analysis }
}

function byChange(one: Flip, other: Flip): number {
  return changeOf(other) - changeOf(one) || one.itemNumber - other.itemNumber
}

/** How far apart two numbers are; one option is as far from another as any. */
function changeOf({ first, second }: Flip): number {
  const change = Math.abs(Number(second.answer) - Number(first.answer))
  return typeof first.answer === 'number' && typeof second.answer === 'number' ? change : 0
}
