import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { roganGladen } from './rogan-gladen.ts'

describe('the share corrected after Rogan and Gladen', () => {
  // Reference values, computed from the paper's formulas: share, specificity, sensitivity, n, negatives, positives.
  it.each([
    [0.8, 0.85, 0.9, 500, 100, 100, 0.8667, 0.7899, 0.9633, false],
    [0.5, 0.7, 0.7, 200, 30, 30, 0.5, 0.1462, 0.8538, false],
    [0.62, 0.95, 0.6, 1000, 50, 50, 1, 0.8123, 1, true],
    [0.1, 0.85, 0.9, 500, 100, 100, 0, 0, 0.0249, true],
  ])('of %f with %f and %f', (share, specificity, sensitivity, n, negatives, positives, ...expected) => {
    const found = roganGladen(share * n, n, {
      negatives,
      trueNegatives: specificity * negatives,
      positives,
      truePositives: sensitivity * positives,
    })
    const [estimate, low, high, isClipped] = expected
    expect(found?.share).toBeCloseTo(estimate, 4)
    expect(found?.low).toBeCloseTo(low, 4)
    expect(found?.high).toBeCloseTo(high, 4)
    expect(found?.isClipped).toBe(isClipped)
  })

  it('is not had from a judge that answers without regard to the labels', () => {
    const coin = { negatives: 10, trueNegatives: 5, positives: 10, truePositives: 5 }
    expect(roganGladen(3, 10, coin)).toBeUndefined()
    expect(roganGladen(3, 10, { ...coin, truePositives: 3 })).toBeUndefined()
    // Above 1 together, but not so far that so few labels would show it.
    const nearly = { negatives: 8, trueNegatives: 6, positives: 25, truePositives: 7 }
    expect(roganGladen(0, 1, nearly)).toBeUndefined()
  })

  test('has an interval in 0 to 1, and mirrors when the answers change their names', () => {
    const counted = fc
      .tuple(fc.nat(60), fc.nat(60))
      .map(([hits, misses]) => [hits, hits + misses + 1] as const)
    fc.assert(
      fc.property(counted, counted, counted, ([yes, all], [trueNo, no], [trueYes, isYes]) => {
        const calibration = { negatives: no, trueNegatives: trueNo, positives: isYes, truePositives: trueYes }
        const mirrored = { negatives: isYes, trueNegatives: trueYes, positives: no, truePositives: trueNo }
        const found = roganGladen(yes, all, calibration)
        const other = roganGladen(all - yes, all, mirrored)
        expect(found === undefined).toBe(other === undefined)
        if (found === undefined || other === undefined) return
        expect(found.low).toBeLessThanOrEqual(found.high)
        expect(found.low).toBeGreaterThanOrEqual(0)
        expect(found.high).toBeLessThanOrEqual(1)
        expect(found.low).toBeCloseTo(1 - other.high, 9)
        expect(found.share).toBeCloseTo(1 - other.share, 9)
      }),
    )
  })
})
