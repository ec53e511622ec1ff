/** How far apart two labels are: 0 for the same. */
type Distance = (one: string | number, other: string | number) => number

const distances: Readonly<Record<'nominal' | 'interval', Distance>> = {
  nominal: (one, other) => (one === other ? 0 : 1),
  interval: (one, other) => (Number(one) - Number(other)) ** 2,
}

/**
 * Krippendorff's alpha: how far several people agree beyond chance, 1 fully, 0 as by chance. They need not all have
 * labelled every record; a record with one label says nothing of agreement and is left out.
 * @param records the labels of each record
 * @param level `nominal` for options, `interval` for numbers
 * @returns undefined where fewer than two labels can be paired, or all labels are the same
 * @see Krippendorff (2011), Computing Krippendorff's alpha-reliability, sections C and D
 */
export function krippendorffsAlpha(
  records: readonly (readonly (string | number)[])[],
  level: 'nominal' | 'interval',
): number | undefined {
  const distance = distances[level]
  const paired = records.filter((labels) => labels.length > 1)
  const all = countOf(paired.flat())
  const total = [...all.values()].reduce((sum, count) => sum + count, 0)
  const expected = disagreementIn(all, distance) / (total - 1)
  if (!(total > 1) || expected === 0) return undefined
  const observed = paired.reduce(
    (sum, labels) => sum + disagreementIn(countOf(labels), distance) / (labels.length - 1),
    0,
  )
  return 1 - observed / expected
}

/** The sum of distances over all ordered pairs of labels. */
function disagreementIn(counts: ReadonlyMap<string | number, number>, distance: Distance): number {
  let sum = 0
  for (const [one, ones] of counts) {
    for (const [other, others] of counts) sum += ones * others * distance(one, other)
  }
  return sum
}

function countOf(labels: readonly (string | number)[]): ReadonlyMap<string | number, number> {
  const counts = new Map<string | number, number>()
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1)
  return counts
}
