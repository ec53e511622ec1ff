import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { wilsonInterval } from './interval.ts'

describe("Wilson's interval", () => {
  // Newcombe (1998), table I, method 3, gives four digits of the first four; all of them are from statsmodels
  // 0.15.0, proportion_confint(successes, total, 0.05, 'wilson').
  it.each([
    [81, 263, 0.2552885198782742, 0.36620957698280004],
    [15, 148, 0.06238639953073628, 0.16048724172330803],
    [0, 20, 0, 0.1611251580528194],
    [1, 29, 0.006113214292762667, 0.17175521879320294],
    [10, 10, 0.7224672001371106, 1],
    [5, 10, 0.23659309051256394, 0.7634069094874361],
    [3, 7, 0.15821985525146964, 0.7495416354723428],
  ])('of %i in %i is from %d to %d', (successes, total, low, high) => {
    const interval = wilsonInterval(successes, total)
    expect(interval?.share).toBe(successes / total)
    expect(interval?.low).toBeCloseTo(low, 12)
    expect(interval?.high).toBeCloseTo(high, 12)
  })

  it('of nothing is not known', () => {
    expect(wilsonInterval(0, 0)).toBeUndefined()
  })

  it('holds the share, stays between 0 and 1, and is the mirror of its opposite', () => {
    const counts = fc.nat(500).chain((total) => fc.tuple(fc.nat(total), fc.constant(total)))
    fc.assert(
      fc.property(counts, ([successes, total]) => {
        fc.pre(total > 0)
        const { share, low, high } = wilsonInterval(successes, total) ?? { share: 0, low: 1, high: 0 }
        expect(low).toBeGreaterThanOrEqual(0)
        expect(high).toBeLessThanOrEqual(1)
        expect(low).toBeLessThanOrEqual(share)
        expect(high).toBeGreaterThanOrEqual(share)
        const opposite = wilsonInterval(total - successes, total)
        expect(opposite?.low).toBeCloseTo(1 - high, 12)
        expect(opposite?.high).toBeCloseTo(1 - low, 12)
      }),
    )
  })
})
