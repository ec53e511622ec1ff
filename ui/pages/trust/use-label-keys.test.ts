import { expect, it } from 'vitest'
import type { Output } from '../../api/shapes.ts'
import { valueOfKey } from './use-label-keys.ts'

const options: Output = {
  type: 'CLASSIFICATION',
  options: ['yes', 'no'].map((value) => ({ value, description: '' })),
}
const scale: Output = { type: 'REGRESSION', min: 1, min_description: '', max: 5, max_description: '' }

it.each([
  ['1', options, 'yes'],
  ['2', options, 'no'],
  ['3', options, undefined],
  ['0', options, undefined],
  ['x', options, undefined],
  ['0', scale, undefined],
  ['1', scale, 1],
  ['5', scale, 5],
  ['6', scale, undefined],
] as const)('the key %s stands for an answer of the judge, or for none', (key, output, value) => {
  expect(valueOfKey(key, output)).toBe(value)
})
