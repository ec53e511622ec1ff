import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { mcnemarTest } from './mcnemar.ts'

describe("McNemar's test", () => {
  // The first is table 1 of Fagerland, Lydersen and Laake (2013), who give 0.070 and 0.039. The p values are those of
  // statsmodels 0.15.0, mcnemar(table, exact=True).pvalue; the mid-p ones are from scipy.stats.binom of SciPy 1.17.1 by
  // the formulas of their supplement: the p value less binom.pmf, or 1 less half of it where both counts are alike.
  it.each([
    [7, 1, 0.0703125, 0.0390625],
    [16, 6, 0.052478790283203125, 0.03468966484069824],
    [0, 6, 0.03125, 0.015625],
    [3, 4, 1, 0.7265625],
    [5, 5, 1, 0.876953125],
    [25, 2, 5.647540092468262e-6, 3.0323863029479947e-6],
    [49_000, 51_000, 2.5887160383468943e-10, 2.536769446247996e-10],
    [1, 400, 1.556781949769426e-118, 7.803272708421593e-119],
  ])('of %i gained and %i lost gives %d, and mid-p %d', (gained, lost, pValue, midPValue) => {
    const test = mcnemarTest(gained, lost)
    expect(test.pValue / pValue).toBeCloseTo(1, 11)
    expect(test.midPValue / midPValue).toBeCloseTo(1, 11)
  })

  it('finds nothing where nothing changed', () => {
    expect(mcnemarTest(0, 0)).toEqual({ pValue: 1, midPValue: 1 })
  })

  it('knows no direction, and gives probabilities, of which mid-p is the smaller', () => {
    fc.assert(
      fc.property(fc.nat(2000), fc.nat(2000), (gained, lost) => {
        const { pValue, midPValue } = mcnemarTest(gained, lost)
        expect(mcnemarTest(lost, gained)).toEqual({ pValue, midPValue })
        expect(pValue).toBeLessThanOrEqual(1)
        expect(midPValue).toBeLessThanOrEqual(pValue)
        expect(midPValue).toBeGreaterThanOrEqual(0)
      }),
    )
  })

  it('finds more with every change in the direction that has more', () => {
    fc.assert(
      fc.property(fc.nat(300), fc.nat(300), (lost, surplus) => {
        const one = mcnemarTest(lost + surplus, lost)
        expect(mcnemarTest(lost + surplus + 1, lost).pValue).toBeLessThanOrEqual(one.pValue)
      }),
    )
  })
})
