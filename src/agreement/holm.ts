/**
 * Adjusts the p values of several tests for there being several: to call those up to 0.05 changes is wrong about any
 * of them in at most 5 of 100 cases, where each alone would be.
 * @returns in the order of `pValues`
 * @see Holm (1979), "A simple sequentially rejective multiple test procedure", Scandinavian Journal of Statistics 6, 65-70
 */
export function holmAdjusted(pValues: readonly number[]): readonly number[] {
  const smallestFirst = pValues.map((_, at) => at).sort((one, other) => at(pValues, one) - at(pValues, other))
  const adjusted = pValues.map(() => 1)
  let least = 0
  for (const [rank, place] of smallestFirst.entries()) {
    least = Math.max(least, Math.min(1, at(pValues, place) * (pValues.length - rank)))
    adjusted[place] = least
  }
  return adjusted
}

function at(numbers: readonly number[], place: number): number {
  return numbers[place] ?? Number.NaN
}
