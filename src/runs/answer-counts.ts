/** How often a run's judgments gave an answer. */
export interface AnswerCount {
  readonly answer: string | number
  readonly count: number
}

/** Answers that are counted together: one option, or the numbers from `from` to `to`, which are one number where both are the same. */
export type AnswerGroup =
  | { readonly answer: string; readonly count: number }
  | { readonly from: number; readonly to: number; readonly count: number }

/** Numbers counted in stretches of the same length between the ends, by their place from 0; those with no answer are left out. */
export interface StretchCounts {
  readonly least: number
  readonly greatest: number
  readonly counts: readonly { readonly place: number; readonly count: number }[]
}

/** More different numbers than these are counted in so many stretches. */
export const mostNumbers = 20

/**
 * Counts of answers as a picture of them needs them.
 * @param counts each answer once
 * @returns options, the most frequent first; numbers, the smallest first, each alone
 */
export function groupAnswers(counts: readonly AnswerCount[]): AnswerGroup[] {
  const options = counts.flatMap(({ answer, count }) =>
    typeof answer === 'string' ? [{ answer, count }] : [],
  )
  const numbers = counts.flatMap(({ answer, count }) =>
    typeof answer === 'number' ? [{ from: answer, to: answer, count }] : [],
  )
  return [
    ...options.toSorted((one, other) => other.count - one.count || (one.answer < other.answer ? -1 : 1)),
    ...numbers.toSorted((one, other) => one.from - other.from),
  ]
}

/** Each stretch with its ends, those with no answer too. */
export function groupStretches({ least, greatest, counts }: StretchCounts): AnswerGroup[] {
  const width = (greatest - least) / mostNumbers
  const countAt = new Map(counts.map(({ place, count }) => [place, count]))
  return Array.from({ length: mostNumbers }, (_, place) => ({
    from: least + place * width,
    to: place === mostNumbers - 1 ? greatest : least + (place + 1) * width,
    count: countAt.get(place) ?? 0,
  }))
}
