import { sum } from './sums.ts'

/** What a human says of a record, and what a judge answered. */
export interface LabelledAnswer {
  readonly label: string
  readonly answer: string
}

/** How often each label met each answer. */
export interface ConfusionMatrix {
  readonly options: readonly string[]
  /** By label, then by answer, both in the order of `options`. */
  readonly counts: readonly (readonly number[])[]
}

/**
 * Counts answers by label.
 * @param options in the order wanted; labels and answers that are none of them are added behind, sorted
 */
export function confusionMatrix(
  pairs: readonly LabelledAnswer[],
  options: readonly string[] = [],
): ConfusionMatrix {
  const found = new Set(pairs.flatMap(({ label, answer }) => [label, answer]))
  const all = [...options, ...[...found].filter((value) => !options.includes(value)).sort()]
  const places = new Map(all.map((value, place) => [value, place]))
  const counts = all.map(() => all.map(() => 0))
  for (const { label, answer } of pairs) {
    const row = counts[places.get(label) ?? -1]
    const column = places.get(answer) ?? -1
    if (row !== undefined) row[column] = (row[column] ?? 0) + 1
  }
  return { options: all, counts }
}

/** The share of answers that are the label, from 0 to 1; undefined without any. */
export function accuracy(matrix: ConfusionMatrix): number | undefined {
  return ratio(sum(diagonal(matrix)), total(matrix))
}

/**
 * The mean over labels of the share of their records that got them, from 0 to 1; undefined without any. Options
 * that nobody gave as a label don't count. An answer that never changes has 1 over the number of labels.
 * @see https://scikit-learn.org/stable/modules/model_evaluation.html#balanced-accuracy-score
 */
export function balancedAccuracy(matrix: ConfusionMatrix): number | undefined {
  const hits = diagonal(matrix)
  const shares = labelCounts(matrix).flatMap((count, place) =>
    count === 0 ? [] : [(hits[place] ?? 0) / count],
  )
  return ratio(sum(shares), shares.length)
}

/**
 * Cohen's kappa: how much more often labels and answers agree than they would by chance, were each given as often
 * as it is but independently. 1 is full agreement, 0 chance, below 0 less than chance. Undefined where chance alone
 * would agree always: there is one option, on both sides.
 * @see Cohen (1960), A coefficient of agreement for nominal scales; https://en.wikipedia.org/wiki/Cohen%27s_kappa
 */
export function cohensKappa(matrix: ConfusionMatrix): number | undefined {
  const all = total(matrix)
  const answered = answerCounts(matrix)
  const observed = sum(diagonal(matrix)) * all
  const expected = sum(labelCounts(matrix).map((count, place) => count * (answered[place] ?? 0)))
  // In whole numbers until the division, so that full chance agreement is seen as such.
  return ratio(observed - expected, all * all - expected)
}

/** The share of the most frequent label: the accuracy of always answering it. Undefined without any. */
export function majorityShare(matrix: ConfusionMatrix): number | undefined {
  return ratio(Math.max(0, ...labelCounts(matrix)), total(matrix))
}

/** How often each option is the label. */
export function labelCounts({ counts }: ConfusionMatrix): readonly number[] {
  return counts.map(sum)
}

/** How often each option is the answer. */
export function answerCounts({ counts }: ConfusionMatrix): readonly number[] {
  return counts.map((_, column) => sum(counts.map((row) => row[column] ?? 0)))
}

function diagonal({ counts }: ConfusionMatrix): readonly number[] {
  return counts.map((row, place) => row[place] ?? 0)
}

function total({ counts }: ConfusionMatrix): number {
  return sum(counts.map(sum))
}

function ratio(part: number, whole: number): number | undefined {
  return whole === 0 ? undefined : part / whole
}
