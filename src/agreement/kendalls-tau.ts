import type { NumberPair } from './number-agreement.ts'

/**
 * Kendall's tau-b, from -1 to 1: how much more often two records are in the same order by label and by answer than in
 * the opposite one, ties allowed for. Undefined where one side never changes. Takes n log n steps.
 * @see Kendall (1945), The treatment of ties in ranking problems, Biometrika 33; Knight (1966), A computer method for
 *   calculating Kendall's tau with ungrouped data, JASA 61, 436-439
 */
export function kendallsTau(pairs: readonly NumberPair[]): number | undefined {
  const sorted = pairs.toSorted(([label, answer], [other, others]) => label - other || answer - others)
  const all = pairsAmong(pairs.length)
  const tiedLabels = tied(sorted.map(([label]) => label))
  const tiedBoth = tied(sorted.map(([label, answer]) => `${label} ${answer}`))
  const answers = sorted.map(([, answer]) => answer)
  const discordant = sortCountingSwaps(answers)
  const tiedAnswers = tied(answers)
  const spread = Math.sqrt(all - tiedLabels) * Math.sqrt(all - tiedAnswers)
  if (!(spread > 0)) return undefined
  return Math.min(1, Math.max(-1, (all - tiedLabels - tiedAnswers + tiedBoth - 2 * discordant) / spread))
}

function pairsAmong(count: number): number {
  return (count * (count - 1)) / 2
}

/** How many pairs are equal, where equal ones stand together. */
function tied(sorted: readonly unknown[]): number {
  let [pairs, run] = [0, 0]
  sorted.forEach((value, at) => {
    run = at > 0 && value === sorted[at - 1] ? run + 1 : 0
    pairs += run
  })
  return pairs
}

/** Sorts in place by merging, and says how many pairs were in the wrong order. */
function sortCountingSwaps(numbers: number[]): number {
  if (numbers.length < 2) return 0
  const middle = numbers.length >> 1
  const [left, right] = [numbers.slice(0, middle), numbers.slice(middle)]
  let swaps = sortCountingSwaps(left) + sortCountingSwaps(right)
  let [fromLeft, fromRight] = [0, 0]
  for (let at = 0; at < numbers.length; at += 1) {
    const [low, high] = [left[fromLeft], right[fromRight]]
    if (high === undefined || (low !== undefined && low <= high)) {
      numbers[at] = low as number
      fromLeft += 1
    } else {
      numbers[at] = high
      swaps += left.length - fromLeft
      fromRight += 1
    }
  }
  return swaps
}
