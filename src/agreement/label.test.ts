import { describe, expect, it } from 'vitest'
import type { Output } from '../judges/definition.ts'
import { checkLabel, consensusOf, labelOf } from './label.ts'

const options: Output = {
  type: 'CLASSIFICATION',
  options: [
    { value: 'good', description: '' },
    { value: 'bad', description: '' },
  ],
}
const scale: Output = { type: 'REGRESSION', min: 1, minDescription: '', max: 5, maxDescription: '' }

describe('a label', () => {
  it.each([
    ['good', options],
    [null, options],
    [1, scale],
    [4.5, scale],
    [null, scale],
  ])('%j is one', (value, output) => {
    expect(checkLabel(value, output, 'value')).toBe(value)
  })

  it.each([
    ['Good', options, 'value: expected one of "good", "bad", or null where it can\'t be told; found "Good".'],
    [1, options, 'value: expected one of "good", "bad", or null where it can\'t be told; found 1.'],
    [0.99, scale, "value: expected a number from 1 to 5, or null where it can't be told; found 0.99."],
    ['3', scale, 'value: expected a number from 1 to 5, or null where it can\'t be told; found "3".'],
    [Number.NaN, scale, "value: expected a number from 1 to 5, or null where it can't be told; found null."],
  ])('%j is none, and it is said what would be', (value, output, message) => {
    expect(() => checkLabel(value, output, 'value')).toThrow(message)
    expect(labelOf(value, output)).toBeUndefined()
  })
})

describe('what several people say together', () => {
  it('is the option that most give, and none where two are given as often', () => {
    expect(consensusOf(['good', 'bad', 'good'], options)).toEqual({ kind: 'label', value: 'good' })
    expect(consensusOf(['good', 'bad'], options)).toEqual({ kind: 'tied' })
  })

  it('is the mean of numbers', () => {
    expect(consensusOf([1, 4, 4], scale)).toEqual({ kind: 'label', value: 3 })
  })

  it('leaves those out who can not tell, and says where nobody can', () => {
    expect(consensusOf([null, 'bad', null], options)).toEqual({ kind: 'label', value: 'bad' })
    expect(consensusOf([null, 2], scale)).toEqual({ kind: 'label', value: 2 })
    expect(consensusOf([null], options)).toEqual({ kind: 'cannot_tell' })
  })
})
