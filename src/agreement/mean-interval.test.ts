import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MeanTally } from './mean-interval.ts'

function tallyOf(numbers: readonly number[]): MeanTally {
  const tally = new MeanTally()
  for (const number of numbers) tally.add(number)
  return tally
}

describe('the interval of a mean', () => {
  it('is as wide as the tables say', () => {
    const { mean, low, high } = tallyOf([2, 4, 4, 5, 7]).interval() ?? {}
    // The variance is 3.3; 2.776445 is Student's 97.5% quantile for 4 degrees of freedom.
    const halfWidth = 2.776445 * Math.sqrt(3.3 / 5)
    expect(mean).toBeCloseTo(4.4, 12)
    expect(low).toBeCloseTo(4.4 - halfWidth, 5)
    expect(high).toBeCloseTo(4.4 + halfWidth, 5)
  })

  it.each([[[]], [[3]], [[3, 3, 3]]])('of %j is not known', (numbers) => {
    const tally = tallyOf(numbers)
    expect(tally.interval()).toBeUndefined()
    expect(tally.mean).toBe(numbers[0])
    expect(tally.count).toBe(numbers.length)
  })

  it('moves with the numbers, far from zero too', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 100 }), { minLength: 2 }), (numbers) => {
        const near = tallyOf(numbers).interval()
        const far = tallyOf(numbers.map((number) => number + 1e6)).interval()
        expect(far === undefined).toBe(near === undefined)
        if (near === undefined || far === undefined) return
        expect(near.mean).toBeCloseTo(numbers.reduce((sum, number) => sum + number, 0) / numbers.length, 9)
        expect(far.low - 1e6).toBeCloseTo(near.low, 5)
        expect(far.high - 1e6).toBeCloseTo(near.high, 5)
      }),
    )
  })
})
