import { describe, expect, it } from 'vitest'
import { cohensKappa, confusionMatrix, type LabelledAnswer } from './agreement.ts'
import { bootstrapInterval } from './bootstrap.ts'

function repeated(count: number, label: string, answer: string): LabelledAnswer[] {
  return Array(count).fill({ label, answer })
}

const pairs = [
  ...repeated(40, 'yes', 'yes'),
  ...repeated(10, 'yes', 'no'),
  ...repeated(15, 'no', 'yes'),
  ...repeated(35, 'no', 'no'),
]

const kappaOf = (sample: readonly LabelledAnswer[]): number | undefined =>
  cohensKappa(confusionMatrix(sample))

describe('a bootstrap interval', () => {
  // SciPy 1.17.1 scipy.stats.bootstrap, paired, method percentile, 4000 resamples: 0.32 to 0.66.
  it('is that of SciPy, as far as chance lets two be alike', () => {
    const interval = bootstrapInterval(pairs, kappaOf)
    expect(interval?.low).toBeCloseTo(0.32, 1)
    expect(interval?.high).toBeCloseTo(0.66, 1)
    expect(kappaOf(pairs)).toBeCloseTo(0.5, 12)
  })

  it('is the same each time', () => {
    expect(bootstrapInterval(pairs, kappaOf)).toEqual(bootstrapInterval(pairs, kappaOf))
  })

  it('shrinks as records are added', () => {
    const width = (records: readonly LabelledAnswer[]): number => {
      const { low = Number.NaN, high = Number.NaN } = bootstrapInterval(records, kappaOf) ?? {}
      return high - low
    }
    expect(width([...pairs, ...pairs, ...pairs, ...pairs]) / width(pairs)).toBeCloseTo(0.5, 1)
  })

  it('covers the truth about as often as it says', () => {
    // Draws of a fair coin, from a chain of remainders; its mean is 0.5.
    let state = 12_345
    const toss = (): number => {
      state = (state * 48_271) % 2_147_483_647
      return state % 1000 < 500 ? 1 : 0
    }
    const meanOf = (sample: readonly number[]): number =>
      sample.reduce((sum, number) => sum + number, 0) / sample.length
    let covered = 0
    for (let round = 0; round < 100; round += 1) {
      const interval = bootstrapInterval(Array.from({ length: 60 }, toss), meanOf)
      if (interval && interval.low <= 0.5 && interval.high >= 0.5) covered += 1
    }
    expect(covered).toBeGreaterThanOrEqual(88)
    expect(covered).toBeLessThanOrEqual(100)
  })

  it('does not exist where the statistic does not', () => {
    expect(bootstrapInterval(pairs, () => undefined)).toBeUndefined()
    expect(bootstrapInterval([], kappaOf)).toBeUndefined()
  })
})
