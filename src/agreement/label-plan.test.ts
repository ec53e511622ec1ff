import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { labelsForWidth, shareOutLabels } from './label-plan.ts'

describe('labels shared out over strata', () => {
  it('are in proportion to size and spread, after Neyman', () => {
    const strata = [
      { size: 6000, labelled: 0, spread: 0.1 },
      { size: 2000, labelled: 0, spread: 0.3 },
      { size: 2000, labelled: 0, spread: 0.6 },
    ]
    expect(shareOutLabels(strata, 120)).toEqual([30, 30, 60])
  })

  it('make up for labels that are there', () => {
    const strata = [
      { size: 1000, labelled: 50, spread: 0.5 },
      { size: 1000, labelled: 10, spread: 0.5 },
    ]
    expect(shareOutLabels(strata, 40)).toEqual([0, 40])
    expect(shareOutLabels(strata, 60)).toEqual([10, 50])
  })

  it('go to a stratum without any first, and never over what it has', () => {
    const strata = [
      { size: 5000, labelled: 40, spread: 0.5 },
      { size: 1, labelled: 0, spread: 0.01 },
    ]
    expect(shareOutLabels(strata, 1)).toEqual([0, 1])
    expect(shareOutLabels([{ size: 3, labelled: 1, spread: 0.5 }], 10)).toEqual([2])
  })

  test('are as many as are asked for, or as there are records', () => {
    const stratum = fc
      .tuple(fc.integer({ min: 1, max: 200 }), fc.nat(200), fc.double({ min: 0.01, max: 1, noNaN: true }))
      .map(([size, labelled, spread]) => ({ size, labelled: Math.min(size, labelled), spread }))
    fc.assert(
      fc.property(fc.array(stratum, { minLength: 1, maxLength: 5 }), fc.nat(300), (strata, count) => {
        const left = strata.reduce((sum, { size, labelled }) => sum + size - labelled, 0)
        const given = shareOutLabels(strata, count)
        expect(given.reduce((sum, one) => sum + one, 0)).toBe(Math.min(count, left))
        given.forEach((one, at) => {
          expect(one + (strata[at]?.labelled ?? 0)).toBeLessThanOrEqual(strata[at]?.size ?? 0)
        })
      }),
    )
  })
})

describe('the labels that a width needs', () => {
  it('of one stratum are those of the textbook: (2 z s / width) squared', () => {
    const strata = [{ size: 100_000, labelled: 0, spread: 0.5 }]
    expect(labelsForWidth(strata, 0.1)).toBe(385)
    expect(
      labelsForWidth([{ ...(strata[0] as object), labelled: 385 } as (typeof strata)[number]], 0.1),
    ).toBe(0)
  })

  it('grow as the width shrinks, and are not told where no number is enough', () => {
    const strata = [
      { size: 900, labelled: 20, spread: 0.3 },
      { size: 100, labelled: 5, spread: 0.5 },
    ]
    const needed = [0.2, 0.15, 0.1, 0.08].map((width) => labelsForWidth(strata, width) ?? Number.NaN)
    expect(needed).toEqual(needed.toSorted((one, other) => one - other))
    expect(labelsForWidth(strata, 0.0001)).toBeUndefined()
    expect(labelsForWidth(strata, 0.1, 1)).toBeUndefined()
  })
})
