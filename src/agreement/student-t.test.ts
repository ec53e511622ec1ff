import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { studentQuantile, studentTail } from './student-t.ts'

describe("Student's distribution", () => {
  // SciPy 1.17.1: 2 * scipy.stats.t.sf(abs(t), degrees).
  it.each([
    [2.5, 1, 0.24223788318168682],
    [1, 2, 0.4226497308103742],
    [0.7, 3, 0.5343269983047636],
    [12, 5, 7.089492517161522e-5],
    [1e-9, 7, 0.9999999992300171],
    [2.262157162798205, 9, 0.05],
    [3, 29, 0.005499192133903412],
    [0.1, 29, 0.9210324444873739],
    [-30, 100, 8.380332558688329e-52],
    [1.5, 1000, 0.13393003882208626],
    [4, 199_999, 6.336523782181919e-5],
  ])('goes beyond %d with %i degrees of freedom with probability %d', (t, degrees, probability) => {
    expect(studentTail(t, degrees) / probability).toBeCloseTo(1, 11)
  })

  // SciPy 1.17.1: scipy.stats.t.ppf(0.975, degrees); three digits of them stand in every table since Fisher (1925).
  it.each([
    [1, 12.706204736174694],
    [2, 4.302652729749462],
    [3, 3.1824463052837078],
    [4, 2.7764451051977934],
    [9, 2.262157162798205],
    [29, 2.045229642132703],
    [100, 1.9839715185235518],
    [1000, 1.9623390808264083],
    [199_999, 1.9599758460260759],
  ])('has its 97.5%% quantile with %i degrees of freedom at %d', (degrees, quantile) => {
    expect(studentQuantile(degrees)).toBeCloseTo(quantile, 10)
  })

  it('has ends', () => {
    expect(studentTail(0, 5)).toBe(1)
    expect(studentTail(Number.POSITIVE_INFINITY, 5)).toBe(0)
    expect(studentTail(1e200, 5)).toBe(0)
  })

  it('is the same on both sides, and falls with the distance', () => {
    const distance = fc.double({ min: 0, max: 50, noNaN: true })
    fc.assert(
      fc.property(distance, distance, fc.integer({ min: 1, max: 5000 }), (one, other, degrees) => {
        const [near, far] = one < other ? [one, other] : [other, one]
        expect(studentTail(-near, degrees)).toBe(studentTail(near, degrees))
        expect(studentTail(far, degrees)).toBeLessThanOrEqual(studentTail(near, degrees) + 1e-14)
        expect(studentTail(near, degrees)).toBeLessThanOrEqual(1)
        expect(studentTail(far, degrees)).toBeGreaterThanOrEqual(0)
      }),
    )
  })
})
