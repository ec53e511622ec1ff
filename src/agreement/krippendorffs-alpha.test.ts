import { describe, expect, it } from 'vitest'
import { krippendorffsAlpha } from './krippendorffs-alpha.ts'

/** Four observers and twelve units: Krippendorff (2011), section C. */
const people: (number | undefined)[][] = [
  [1, 2, 3, 3, 2, 1, 4, 1, 2],
  [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, undefined, 3],
  [undefined, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1],
  [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1],
]
const records = Array.from({ length: 12 }, (_, at) =>
  people.flatMap((labels) => (labels[at] === undefined ? [] : [labels[at]])),
)

describe("Krippendorff's alpha", () => {
  // The paper's own figures are .743 and .849; the package krippendorff 0.9 of PyPI has more of them.
  it('is the published one', () => {
    expect(krippendorffsAlpha(records, 'nominal')).toBeCloseTo(0.743421052631579, 12)
    expect(krippendorffsAlpha(records, 'interval')).toBeCloseTo(0.8491071428571428, 12)
  })

  it('is 1 where all agree, and below 0 where people disagree more than by chance', () => {
    expect(
      krippendorffsAlpha(
        [
          ['a', 'a'],
          ['b', 'b', 'b'],
        ],
        'nominal',
      ),
    ).toBe(1)
    expect(
      krippendorffsAlpha(
        [
          ['a', 'b'],
          ['b', 'a'],
        ],
        'nominal',
      ),
    ).toBeLessThan(0)
  })

  it('is not said where nothing can be paired, or nothing differs', () => {
    expect(krippendorffsAlpha([], 'nominal')).toBeUndefined()
    expect(krippendorffsAlpha([['a'], ['b']], 'nominal')).toBeUndefined()
    expect(
      krippendorffsAlpha(
        [
          ['a', 'a'],
          ['a', 'a'],
        ],
        'nominal',
      ),
    ).toBeUndefined()
    expect(
      krippendorffsAlpha(
        [
          [2, 2],
          [2, 2],
        ],
        'interval',
      ),
    ).toBeUndefined()
  })
})
