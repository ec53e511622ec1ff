import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { stratifiedShares } from './stratified-shares.ts'

const options = ['good', 'bad']

describe('the shares of the labels over all records', () => {
  // SciPy 1.17.1: scipy.stats.beta.ppf([.025, .975], 7.5, 3.5) is [.39418, .90731], its mean 7.5 / 11.
  it('of one stratum are those of the beta distribution with Jeffreys prior', () => {
    const [good] = stratifiedShares(options, [{ name: 'all', size: 500, labels: [7, 3] }])
    expect(good?.share).toBeCloseTo(7.5 / 11, 12)
    expect(Math.abs((good?.low ?? 0) - 0.39418)).toBeLessThan(0.02)
    expect(Math.abs((good?.high ?? 0) - 0.90731)).toBeLessThan(0.02)
  })

  // NumPy 2.4, two million draws of Generator.dirichlet and the same sum: mean .61927, quantiles [.52409, .70683].
  it('of two strata weigh each by how much of the run it is', () => {
    const [good, bad] = stratifiedShares(options, [
      { name: 'good', size: 700, labels: [40, 10] },
      { name: 'bad', size: 300, labels: [5, 20] },
    ])
    expect(good?.share).toBeCloseTo(0.61927, 4)
    expect(good?.low).toBeCloseTo(0.52409, 2)
    expect(good?.high).toBeCloseTo(0.70683, 2)
    expect((good?.share ?? 0) + (bad?.share ?? 0)).toBeCloseTo(1, 12)
    expect((good?.low ?? 0) + (bad?.high ?? 0)).toBeCloseTo(1, 9)
  })

  it('do not change when one stratum is labelled more than another', () => {
    const few = stratifiedShares(options, [
      { name: 'good', size: 700, labels: [90, 10] },
      { name: 'bad', size: 300, labels: [200, 800] },
    ])
    expect(few[0]?.share).toBeCloseTo(0.7 * 0.9 + 0.3 * 0.2, 2)
  })

  test('lie inside their intervals, are 1 together, and are the same each time', () => {
    const stratum = fc.record({
      name: fc.constant('s'),
      size: fc.integer({ min: 1, max: 5000 }),
      labels: fc.array(fc.nat(40), { minLength: 3, maxLength: 3 }),
    })
    fc.assert(
      fc.property(fc.array(stratum, { minLength: 1, maxLength: 4 }), (strata) => {
        const shares = stratifiedShares(['a', 'b', 'c'], strata)
        expect(shares.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 9)
        for (const { share, low, high } of shares) {
          expect(low).toBeLessThan(high)
          expect(low).toBeGreaterThanOrEqual(0)
          expect(high).toBeLessThanOrEqual(1)
          expect(share).toBeGreaterThan(low - 0.02)
          expect(share).toBeLessThan(high + 0.02)
        }
        expect(stratifiedShares(['a', 'b', 'c'], strata)).toEqual(shares)
      }),
      { numRuns: 20 },
    )
  })
})
