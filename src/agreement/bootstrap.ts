import { quantile } from './quantile.ts'
import { createRandom, type Random } from './random-draws.ts'

/** Where a statistic lies with 95% confidence. */
export interface BootstrapInterval {
  readonly low: number
  readonly high: number
}

/** A statistic of labelled records, with its 95% interval. */
export interface Measured {
  readonly value: number
  /** Null where it can't be said of most of the samples that the interval is taken from. */
  readonly low: number | null
  readonly high: number | null
  /** How many records, or labels, it rests on. */
  readonly count: number
}

/** Lets others have a turn; work over many records takes seconds. */
export type Pause = () => Promise<void>

/** The same numbers each time, so that an interval can be repeated. */
const seed = 20_260_101
const resamples = 2000
const resamplesBetweenPauses = 20

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
    const value = statistic(resample(records, random))
    if (value !== undefined) values.push(value)
  }
  return intervalOf(values)
}

/**
 * Several statistics of the same records, each with the interval of `bootstrapInterval`: all are taken of the same
 * samples, and others have their turns in between.
 * @param statistics each gives undefined where it can't be said of a sample
 * @returns null for a statistic that can't be said of the records themselves
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
    const drawn = statistics(resample(records, random))
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

function resample<Item>(records: readonly Item[], random: Random): readonly Item[] {
  return records.map(() => records[Math.floor(random() * records.length)] as Item)
}

function measuredOf(value: number | undefined, drawn: number[], count: number): Measured | null {
  if (value === undefined) return null
  const interval = intervalOf(drawn)
  return { value, low: interval?.low ?? null, high: interval?.high ?? null, count }
}

function intervalOf(values: number[]): BootstrapInterval | undefined {
  if (values.length < resamples / 2) return undefined
  values.sort((one, other) => one - other)
  return { low: quantile(values, 0.025), high: quantile(values, 0.975) }
}
