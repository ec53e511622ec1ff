/** Where a statistic lies with a stated confidence. */
export interface BootstrapInterval {
  readonly low: number
  readonly high: number
}

/** The same numbers each time, so that an interval can be repeated. */
const seed = 20_260_101
const resamples = 2000

/**
 * A percentile bootstrap interval: the statistic of many samples drawn with replacement from the records, between
 * its 2.5% and 97.5% quantiles. Drawn with a fixed seed, so that the same records give the same interval.
 * @param statistic undefined where it can't be said of a sample; such samples are left out
 * @returns undefined when it can be said of fewer than half of the samples
 * @see Efron and Tibshirani (1993), An introduction to the bootstrap, chapter 13
 */
export function bootstrapInterval<Item>(
  records: readonly Item[],
  statistic: (sample: readonly Item[]) => number | undefined,
): BootstrapInterval | undefined {
  const random = mulberry32(seed)
  const values: number[] = []
  for (let round = 0; round < resamples; round += 1) {
    const sample = records.map(() => records[Math.floor(random() * records.length)] as Item)
    const value = statistic(sample)
    if (value !== undefined) values.push(value)
  }
  if (values.length < resamples / 2) return undefined
  values.sort((one, other) => one - other)
  return { low: quantile(values, 0.025), high: quantile(values, 0.975) }
}

/** Between the two nearest values, in proportion. */
function quantile(sorted: readonly number[], share: number): number {
  const place = share * (sorted.length - 1)
  const low = sorted[Math.floor(place)] ?? Number.NaN
  const high = sorted[Math.ceil(place)] ?? Number.NaN
  return low + (high - low) * (place % 1)
}

/**
 * Numbers from 0 up to 1 that look random: a 32-bit generator by Tommy Ettinger, in the public domain.
 * @see https://gist.github.com/tommyettinger/46a874533244883189143505d203312c
 */
function mulberry32(start: number): () => number {
  let state = start >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
