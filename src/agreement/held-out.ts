import type { Definition } from '../judges/definition.ts'
import type { JudgeMaterial, Material } from '../judging/judging.ts'
import type { FlaggedJudgment, Outcome } from '../judging/judgment.ts'
import { type McNemarTest, mcnemarTest } from './mcnemar.ts'
import { PairedNumbers, type PairedNumbersSummary } from './paired-numbers.ts'
import { type DifferenceInterval, pairedShareDifference } from './paired-shares.ts'

/** A labelled record that is judged in two ways. */
export interface HeldOutRecord {
  readonly material: Material
  readonly label: string | number
}

interface HeldOutTools {
  readonly judgeMaterial: JudgeMaterial
  readonly workspaceId?: string
  readonly concurrency: number
  readonly stop: AbortSignal
  readonly onProgress?: (done: number, of: number) => void
}

/** Two definitions on the same labelled records; only those count that both answered. */
export type HeldOutComparison = {
  readonly records: number
  readonly answeredByBoth: number
  /** Outcomes of the others, by side. */
  readonly notAnswered: { readonly before: OutcomeCounts; readonly after: OutcomeCounts }
} & (
  | {
      readonly type: 'CLASSIFICATION'
      /** Records whose answer is the label. */
      readonly right: { readonly before: number; readonly after: number }
      /** Of accuracy: after less before. */
      readonly difference: DifferenceInterval | undefined
      readonly test: McNemarTest
    }
  /** The sides are the distances of answer and label: a negative difference is nearer to people. */
  | { readonly type: 'REGRESSION'; readonly errors: PairedNumbersSummary | undefined }
)

type OutcomeCounts = Readonly<Partial<Record<Outcome, number>>>

interface Pair {
  readonly label: string | number
  readonly before: FlaggedJudgment
  readonly after: FlaggedJudgment
}

/** Judges records by two definitions of the same output, and compares both with the labels. */
export async function compareOnHeldOut(
  before: Definition,
  after: Definition,
  records: readonly HeldOutRecord[],
  tools: HeldOutTools,
): Promise<HeldOutComparison> {
  const pairs = await judgeBoth(before, after, records, tools)
  const both = pairs.flatMap(answersOf)
  const about = {
    records: records.length,
    answeredByBoth: both.length,
    notAnswered: {
      before: countOutcomes(pairs.map((pair) => pair.before)),
      after: countOutcomes(pairs.map((pair) => pair.after)),
    },
  }
  return before.output.type === 'CLASSIFICATION'
    ? { ...about, type: 'CLASSIFICATION', ...compareOptions(both) }
    : { ...about, type: 'REGRESSION', errors: compareNumbers(both) }
}

async function judgeBoth(
  before: Definition,
  after: Definition,
  records: readonly HeldOutRecord[],
  { judgeMaterial, workspaceId, concurrency, stop, onProgress }: HeldOutTools,
): Promise<readonly Pair[]> {
  const pairs: Pair[] = []
  const waiting = records.values()
  async function lane(): Promise<void> {
    for (const { material, label } of waiting) {
      stop.throwIfAborted()
      const judge = (definition: Definition) =>
        judgeMaterial(definition, material, stop, undefined, workspaceId)
      const [one, other] = await Promise.all([judge(before), judge(after)])
      pairs.push({ label, before: one, after: other })
      onProgress?.(pairs.length, records.length)
    }
  }
  const lanes = Math.max(1, Math.floor(concurrency / 2))
  await Promise.all(Array.from({ length: lanes }, lane))
  return pairs
}

interface AnsweredPair {
  readonly label: string | number
  readonly before: string | number
  readonly after: string | number
}

function answersOf({ label, before, after }: Pair): AnsweredPair[] {
  const isWhole = before.outcome === 'answered' && after.outcome === 'answered'
  return isWhole ? [{ label, before: before.answer, after: after.answer }] : []
}

function compareOptions(pairs: readonly AnsweredPair[]) {
  const count = (isCounted: (pair: AnsweredPair) => boolean): number => pairs.filter(isCounted).length
  const gained = count(({ label, before, after }) => before !== label && after === label)
  const lost = count(({ label, before, after }) => before === label && after !== label)
  return {
    right: {
      before: count(({ label, before }) => before === label),
      after: count(({ label, after }) => after === label),
    },
    difference: pairedShareDifference({ gained, lost, total: pairs.length }),
    test: mcnemarTest(gained, lost),
  }
}

function compareNumbers(pairs: readonly AnsweredPair[]): PairedNumbersSummary | undefined {
  const errors = new PairedNumbers()
  for (const { label, before, after } of pairs) {
    errors.add(Math.abs(Number(before) - Number(label)), Math.abs(Number(after) - Number(label)))
  }
  return errors.summary()
}

function countOutcomes(judgments: readonly FlaggedJudgment[]): OutcomeCounts {
  const counts: Partial<Record<Outcome, number>> = {}
  for (const { outcome } of judgments) {
    if (outcome !== 'answered') counts[outcome] = (counts[outcome] ?? 0) + 1
  }
  return counts
}
