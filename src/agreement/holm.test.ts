import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { holmAdjusted } from './holm.ts'

const probability = fc.double({ min: 0, max: 1, noNaN: true })

describe("Holm's adjustment", () => {
  // statsmodels 0.15.0: multipletests(pValues, method='holm')[1].
  it.each([
    [
      [0.01, 0.04, 0.03],
      [0.03, 0.06, 0.06],
    ],
    [
      [0.02, 0.5, 0.001, 0.9],
      [0.06, 1, 0.004, 1],
    ],
    [[0.2], [0.2]],
    [[], []],
  ])('of %j is %j', (pValues, adjusted) => {
    const found = holmAdjusted(pValues)
    expect(found).toHaveLength(adjusted.length)
    for (const [place, value] of adjusted.entries()) expect(found[place]).toBeCloseTo(value, 14)
  })

  it('makes no value smaller, none over 1, and keeps their order', () => {
    fc.assert(
      fc.property(fc.array(probability, { maxLength: 12 }), (pValues) => {
        const adjusted = holmAdjusted(pValues)
        pValues.forEach((one, place) => {
          const changed = adjusted[place] ?? Number.NaN
          expect(changed).toBeGreaterThanOrEqual(one)
          expect(changed).toBeLessThanOrEqual(1)
          pValues.forEach((other, otherPlace) => {
            if (one < other) expect(changed).toBeLessThanOrEqual(adjusted[otherPlace] ?? Number.NaN)
          })
        })
      }),
    )
  })
})
