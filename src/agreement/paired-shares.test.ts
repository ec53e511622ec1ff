import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { pairedShareDifference } from './paired-shares.ts'

const tables = fc
  .tuple(fc.nat(60), fc.nat(60), fc.nat(400))
  .map(([gained, lost, unchanged]) => ({ gained, lost, total: gained + lost + unchanged }))
  .filter(({ total }) => total > 0)

describe("Tango's interval", () => {
  // The first two tables are the examples of Fagerland, Lydersen and Laake (2014). The ends are the roots that
  // scipy.optimize.brentq of SciPy 1.17.1 finds of the score statistic; the outermost roots of the polynomial of Yang,
  // Sun and Hardin (2013), "A non-iterative implementation of Tango's score confidence interval", are the same.
  it.each([
    [1, 7, 21, -0.5172322764213773, -0.02600303248086861],
    [6, 16, 161, -0.12402343246406897, -0.005433395731677072],
    [40, 20, 160, 0.03086453313308736, 0.21806424416682055],
    [0, 0, 10, -0.2775327998628892, 0.2775327998628893],
    [3, 0, 3, -0.12299406351009094, 1],
    [0, 5, 5, -1, -0.1310350704336504],
    [2, 1, 5, -0.4446224156157794, 0.6970525743231567],
    [500, 420, 200_000, 0.00010297131001884432, 0.0006986690047643451],
  ])('of %i gained and %i lost in %i goes from %d to %d', (gained, lost, total, low, high) => {
    const interval = pairedShareDifference({ gained, lost, total })
    expect(interval?.difference).toBe((gained - lost) / total)
    expect(interval?.low).toBeCloseTo(low, 10)
    expect(interval?.high).toBeCloseTo(high, 10)
  })

  it('of nothing is not known', () => {
    expect(pairedShareDifference({ gained: 0, lost: 0, total: 0 })).toBeUndefined()
  })

  it('holds the difference, stays between -1 and 1, and is the mirror of its opposite', () => {
    fc.assert(
      fc.property(tables, (counts) => {
        const { difference, low, high } = pairedShareDifference(counts) ?? { difference: 0, low: 2, high: -2 }
        expect(low).toBeGreaterThanOrEqual(-1)
        expect(high).toBeLessThanOrEqual(1)
        expect(low).toBeLessThanOrEqual(difference)
        expect(high).toBeGreaterThanOrEqual(difference)
        const swapped = pairedShareDifference({ ...counts, gained: counts.lost, lost: counts.gained })
        expect(swapped?.difference).toBeCloseTo(-difference, 15)
        expect(swapped?.low).toBeCloseTo(-high, 12)
        expect(swapped?.high).toBeCloseTo(-low, 12)
      }),
    )
  })

  it('holds 0 just when the changes are no further apart than 1.96 square roots of their number', () => {
    fc.assert(
      fc.property(tables, (counts) => {
        const { gained, lost } = counts
        const { low, high } = pairedShareDifference(counts) ?? { low: 2, high: -2 }
        const distance = Math.abs(gained - lost) - 1.959963984540054 * Math.sqrt(gained + lost)
        fc.pre(Math.abs(distance) > 1e-9)
        expect(low <= 0 && high >= 0).toBe(distance < 0)
      }),
    )
  })

  it('covers the truth about as often as it says, summed over every table of ten and of twenty records', () => {
    for (const total of [10, 20]) {
      for (const [gain, loss] of [
        [0.05, 0.02],
        [0.1, 0.1],
        [0.3, 0.1],
        [0.45, 0.5],
      ] as const) {
        const covered = coverage(total, gain, loss)
        expect(covered, `${total} records, ${gain} gained, ${loss} lost`).toBeGreaterThan(0.93)
      }
    }
  })
})

/** How probable it is that the interval holds the true difference, exactly. */
function coverage(total: number, gain: number, loss: number): number {
  const logs = Array.from({ length: total + 1 }, () => 0)
  for (let n = 1; n <= total; n += 1) logs[n] = (logs[n - 1] ?? 0) + Math.log(n)
  const factorial = (n: number): number => logs[n] ?? 0
  let covered = 0
  for (let gained = 0; gained <= total; gained += 1) {
    for (let lost = 0; lost <= total - gained; lost += 1) {
      const { low, high } = pairedShareDifference({ gained, lost, total }) ?? { low: 2, high: -2 }
      const kept = total - gained - lost
      const ways = factorial(total) - factorial(gained) - factorial(lost) - factorial(kept)
      const probability = Math.exp(ways) * gain ** gained * loss ** lost * (1 - gain - loss) ** kept
      if (low <= gain - loss && high >= gain - loss) covered += probability
    }
  }
  return covered
}
