import { describe, expect, it } from 'vitest'
import type { Output } from '../judges/definition.ts'
import { distributionOf, mixtureOf } from './distribution.ts'

const options: Output = {
  type: 'CLASSIFICATION',
  options: ['yes', '__proto__', 'no'].map((value) => ({ value, description: value })),
}
const scale: Output = { type: 'REGRESSION', min: 0, minDescription: 'bad', max: 10, maxDescription: 'good' }

describe('a distribution', () => {
  it('of options has a share for each, in their order', () => {
    const { shares } = distributionOf(
      [
        ['no', 2],
        ['yes', 1],
        ['no', 1],
      ],
      options,
      'samples',
    ) as { shares: ReadonlyMap<string, number> }
    expect([...shares]).toEqual([
      ['yes', 0.25],
      ['__proto__', 0],
      ['no', 0.75],
    ])
  })

  it('of numbers has their mean and standard deviation, by their weights', () => {
    expect(
      distributionOf(
        [
          [2, 1],
          [6, 3],
        ],
        scale,
        'token_probabilities',
      ),
    ).toEqual({
      type: 'REGRESSION',
      mean: 5,
      standardDeviation: Math.sqrt(3),
      method: 'token_probabilities',
    })
  })
})

describe('a mixture', () => {
  it('of options averages their shares', () => {
    const one = distributionOf([['yes', 1]], options, 'token_probabilities')
    const other = distributionOf(
      [
        ['yes', 1],
        ['no', 3],
      ],
      options,
      'token_probabilities',
    )
    expect(mixtureOf([one, other], 'token_probabilities')).toEqual({
      type: 'CLASSIFICATION',
      shares: new Map([
        ['yes', 0.625],
        ['__proto__', 0],
        ['no', 0.375],
      ]),
      method: 'token_probabilities',
    })
  })

  it('of numbers is that of all their answers together', () => {
    const whole = distributionOf(
      [
        [1, 1],
        [3, 1],
        [8, 1],
        [8, 1],
      ],
      scale,
      'samples',
    )
    const halves = [
      distributionOf(
        [
          [1, 1],
          [3, 1],
        ],
        scale,
        'samples',
      ),
      distributionOf([[8, 2]], scale, 'samples'),
    ]
    const mixed = mixtureOf(halves, 'samples')
    expect(mixed).toMatchObject({ type: 'REGRESSION', mean: 5 })
    expect(mixed).toHaveProperty(
      'standardDeviation',
      expect.closeTo(whole.type === 'REGRESSION' ? whole.standardDeviation : Number.NaN, 12),
    )
  })
})
