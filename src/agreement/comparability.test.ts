import { describe, expect, it } from 'vitest'
import { type ComparedOutput, differencesOf, toComparedOutput, whyIncomparable } from './comparability.ts'

function optionsOf(...options: string[]): ComparedOutput {
  return { type: 'CLASSIFICATION', options }
}

function scaleOf(min: number, max: number): ComparedOutput {
  return { type: 'REGRESSION', min, max }
}

describe('answers', () => {
  it.each([
    [optionsOf('yes', 'no'), optionsOf('yes', 'no')],
    [optionsOf('yes', 'no'), optionsOf('no', 'yes')],
    [scaleOf(0, 5), scaleOf(0, 5)],
  ])('of %j and %j are measured alike', (first, second) => {
    expect(whyIncomparable(first, second)).toBeUndefined()
  })

  it.each([
    [
      optionsOf('yes', 'no'),
      optionsOf('yes', 'No', 'unsure'),
      'the options differ: only the first has "no", only the second has "No", "unsure"',
    ],
    [optionsOf('a', 'b'), optionsOf('a'), 'the options differ: only the first has "b"'],
    [
      optionsOf('x'),
      optionsOf('x', ...Array.from({ length: 12 }, (_, n) => `${n}`)),
      'the options differ: only the second has "0", "1", "2", "3", "4", "5", "6", "7", "8", "9" and 2 more',
    ],
    [scaleOf(0, 1), scaleOf(0, 5), 'the scales differ: the first goes from 0 to 1, the second from 0 to 5'],
    [
      scaleOf(0, 1),
      optionsOf('0', '1'),
      'the first answers with a number, the second with one of its options',
    ],
  ])('of %j and %j are not: %s', (first, second, reason) => {
    expect(whyIncomparable(first, second)).toBe(reason)
  })

  it('are measured by options and ends, whatever their descriptions', () => {
    expect(
      toComparedOutput({ type: 'CLASSIFICATION', options: [{ value: 'a', description: 'A.' }] }),
    ).toEqual(optionsOf('a'))
    expect(
      toComparedOutput({ type: 'REGRESSION', min: 1, max: 5, minDescription: 'bad', maxDescription: 'good' }),
    ).toEqual(scaleOf(1, 5))
  })
})

describe('differences', () => {
  it('are what is not the same on both sides', () => {
    const first = { output: scaleOf(0, 1), traits: { judge: 'a', model: 'small', text: 'x'.repeat(201) } }
    const second = { output: scaleOf(0, 1), traits: { judge: 'a', model: 'large', text: 'y', only: 'here' } }
    expect(differencesOf(first, second)).toEqual([
      { what: 'model', first: 'small', second: 'large' },
      { what: 'text', first: null, second: 'y' },
      { what: 'only', first: null, second: 'here' },
    ])
    expect(differencesOf(first, first)).toEqual([])
  })
})
