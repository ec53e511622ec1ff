import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { pearsonCorrelation } from './number-agreement.ts'
import { PairedNumbers, type PairedNumbersSummary } from './paired-numbers.ts'

function summaryOf(pairs: readonly (readonly [number, number])[]): PairedNumbersSummary | undefined {
  const numbers = new PairedNumbers()
  for (const [first, second] of pairs) numbers.add(first, second)
  return numbers.summary()
}

// Extra hours of sleep with two drugs: Student (1908), table on page 20.
const sleep = [
  [0.7, 1.9],
  [-1.6, 0.8],
  [-0.2, 1.1],
  [-1.2, 0.1],
  [-0.1, -0.1],
  [3.4, 4.4],
  [3.7, 5.5],
  [0.8, 1.6],
  [0, 4.6],
  [2, 3.4],
] as const

describe('paired numbers', () => {
  // SciPy 1.17.1: ttest_rel(second, first) with its confidence_interval(0.95), pearsonr, numpy's std(ddof=1). R's
  // documentation of `sleep` has the same interval, 0.70 to 2.46, and p value, 0.002833.
  it("of Student's patients have his mean, its interval and its p value", () => {
    const summary = summaryOf(sleep)
    expect(summary?.count).toBe(10)
    expect(summary?.means.first).toBeCloseTo(0.75, 14)
    expect(summary?.means.second).toBeCloseTo(2.33, 14)
    expect(summary?.difference).toBeCloseTo(1.58, 14)
    expect(summary?.interval?.low).toBeCloseTo(0.7001142367230175, 12)
    expect(summary?.interval?.high).toBeCloseTo(2.459885763276983, 12)
    expect(summary?.pValue).toBeCloseTo(0.002832890197384273, 14)
    expect(summary?.standardDeviation).toBeCloseTo(1.2299954832798732, 14)
    expect(summary?.meanAbsoluteDifference).toBeCloseTo(1.58, 14)
    expect(summary?.correlation).toBeCloseTo(0.7951702058335779, 14)
  })

  it('are nothing without pairs, and say nothing of chance with one', () => {
    expect(summaryOf([])).toBeUndefined()
    expect(summaryOf([[1, 3]])).toEqual({
      count: 1,
      means: { first: 1, second: 3 },
      difference: 2,
      interval: undefined,
      pValue: undefined,
      standardDeviation: undefined,
      meanAbsoluteDifference: 2,
      correlation: undefined,
    })
  })

  it.each([
    [
      [
        [1, 1],
        [2, 2],
        [5, 5],
      ],
      0,
    ],
    [
      [
        [0.2, 0.3],
        [0.3, 0.4],
        [0.7, 0.8],
      ],
      0.1,
    ],
  ] as const)('that all differ by the same, as %j, give no interval', (pairs, difference) => {
    const summary = summaryOf(pairs)
    expect(summary?.difference).toBeCloseTo(difference, 14)
    expect(summary?.interval).toBeUndefined()
    expect(summary?.pValue).toBeUndefined()
  })

  it('have no correlation where one side never changes', () => {
    expect(
      summaryOf([
        [0.1, 1],
        [0.1, 2],
        [0.1, 4],
      ])?.correlation,
    ).toBeUndefined()
  })

  it('keep their digits far from 0', () => {
    const far = sleep.map(([first, second]) => [first + 1e8, second + 1e8] as const)
    expect(summaryOf(far)?.interval?.low).toBeCloseTo(0.7001142367230175, 6)
    expect(summaryOf(far)?.correlation).toBeCloseTo(0.7951702058335779, 6)
  })

  const score = fc.integer({ min: 0, max: 100 }).map((number) => number / 10)
  const scores = fc.array(fc.tuple(score, score), { minLength: 2, maxLength: 60 })

  it('hold the difference in the interval, and are mirrored when the sides are swapped', () => {
    fc.assert(
      fc.property(scores, (pairs) => {
        const summary = summaryOf(pairs)
        const swapped = summaryOf(pairs.map(([first, second]) => [second, first]))
        expect(swapped?.difference).toBeCloseTo(-(summary?.difference ?? Number.NaN), 13)
        expect(swapped?.pValue).toBe(summary?.pValue)
        expect(swapped?.interval === undefined).toBe(summary?.interval === undefined)
        if (summary?.interval === undefined) return
        const { low, high } = summary.interval
        expect(low).toBeLessThanOrEqual(summary.difference)
        expect(high).toBeGreaterThanOrEqual(summary.difference)
        expect(swapped?.interval?.low).toBeCloseTo(-high, 13)
        expect(summary.pValue).toBeGreaterThanOrEqual(0)
        expect(summary.pValue).toBeLessThanOrEqual(1)
        // The interval holds 0 just when the test finds nothing.
        const pValue = summary.pValue ?? Number.NaN
        if (Math.abs(pValue - 0.05) > 1e-9) expect(low <= 0 && high >= 0).toBe(pValue > 0.05)
      }),
    )
  })

  it('correlate as a list of them does', () => {
    fc.assert(
      fc.property(scores, (pairs) => {
        const listed = pearsonCorrelation(pairs)
        const running = summaryOf(pairs)?.correlation
        if (listed === undefined) expect(running).toBeUndefined()
        else expect(running).toBeCloseTo(listed, 10)
      }),
    )
  })
})
