import { quantile } from './quantile.ts'
import { createRandom } from './random-draws.ts'

/** A statistic of labelled records, with its 95% interval. */
export interface Measured {
  readonly value: number
  /** Null where it can't be said of most of the samples that the interval is taken from. */
  readonly low: number | null
  readonly high: number | null
  /** How many records, or labels, it rests on. */
  readonly count: number
}

const seed = 20_260_104
const resamples = 2000
const resamplesBetweenPauses = 20

/** Lets others have a turn; work over many records takes seconds. */
export type Pause = () => Promise<void>

/**
 * Statistics of the same records, each with a percentile bootstrap interval: they are all taken of each of many samples
 * drawn with replacement. Drawn with a fixed seed, so that the same records give the same intervals.
 * @param statistics each gives undefined where it can't be said of a sample; such samples are left out of its interval
 * @returns null for a statistic that can't be said of the records themselves
 * @see Efron and Tibshirani (1993), An introduction to the bootstrap, chapter 13
 */
export async function bootstrapIntervals<Item, Name extends string>(
  records: readonly Item[],
  statistics: (sample: readonly Item[]) => Readonly<Record<Name, number | undefined>>,
  pause: Pause,
): Promise<Readonly<Record<Name, Measured | null>>> {
  const found = statistics(records)
  const names = Object.keys(found) as Name[]
  const values = new Map<Name, number[]>(names.map((name) => [name, []]))
  const random = createRandom(seed)
  for (let round = 0; round < resamples && records.length > 0; round += 1) {
    if (round % resamplesBetweenPauses === 0) await pause()
    const drawn = statistics(records.map(() => records[Math.floor(random() * records.length)] as Item))
    for (const name of names) {
      const value = drawn[name]
      if (value !== undefined) values.get(name)?.push(value)
    }
  }
  const measured = names.map((name) => [
    name,
    measuredOf(found[name], values.get(name) ?? [], records.length),
  ])
  return Object.fromEntries(measured) as Record<Name, Measured | null>
}

function measuredOf(value: number | undefined, drawn: number[], count: number): Measured | null {
  if (value === undefined) return null
  if (drawn.length < resamples / 2) return { value, low: null, high: null, count }
  drawn.sort((one, other) => one - other)
  return { value, low: quantile(drawn, 0.025), high: quantile(drawn, 0.975), count }
}
