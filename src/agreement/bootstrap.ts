import { quantile } from './quantile.ts'
import { createRandom } from './random-draws.ts'

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
  const random = createRandom(seed)
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
