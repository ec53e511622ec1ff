/** How often a run's judgments gave an answer. */
export interface AnswerCount {
  readonly answer: string | number
  readonly count: number
}

/** Answers that are counted together: one option, or the numbers from `from` to `to`, which are one number where both are the same. */
export type AnswerGroup =
  | { readonly answer: string; readonly count: number }
  | { readonly from: number; readonly to: number; readonly count: number }

/** More different numbers than these are counted in so many stretches of the same length. */
export const mostGroups = 50

/**
 * Counts of answers as a picture of them needs them.
 * @param counts each answer once
 * @returns options, the most frequent first; numbers, the smallest first, each alone where there are `mostGroups` of them at most
 */
export function groupAnswers(counts: readonly AnswerCount[]): AnswerGroup[] {
  const options = counts.flatMap(({ answer, count }) =>
    typeof answer === 'string' ? [{ answer, count }] : [],
  )
  const numbers = counts.flatMap(({ answer, count }) =>
    typeof answer === 'number' ? [{ value: answer, count }] : [],
  )
  return [
    ...options.toSorted((one, other) => other.count - one.count || (one.answer < other.answer ? -1 : 1)),
    ...groupNumbers(numbers.toSorted((one, other) => one.value - other.value)),
  ]
}

function groupNumbers(sorted: readonly { readonly value: number; readonly count: number }[]): AnswerGroup[] {
  const [least, greatest] = [sorted[0]?.value ?? 0, sorted.at(-1)?.value ?? 0]
  if (sorted.length <= mostGroups)
    return sorted.map(({ value, count }) => ({ from: value, to: value, count }))
  const width = (greatest - least) / mostGroups
  const counts = new Array<number>(mostGroups).fill(0)
  for (const { value, count } of sorted) {
    const place = Math.min(mostGroups - 1, Math.floor((value - least) / width))
    counts[place] = (counts[place] ?? 0) + count
  }
  return counts.map((count, place) => ({
    from: least + place * width,
    to: place === mostGroups - 1 ? greatest : least + (place + 1) * width,
    count,
  }))
}
