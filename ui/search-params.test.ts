import { expect, it } from 'vitest'
import { positiveOf } from './search-params.ts'

it.each([
  [0.1, { width: 0.1 }],
  ['0.25', { width: 0.25 }],
  [0, {}],
  [-1, {}],
  ['', {}],
  ['wide', {}],
  [Number.POSITIVE_INFINITY, {}],
  [undefined, {}],
])('takes %s of an address as a number over 0, or not at all', (width, taken) => {
  expect(positiveOf({ width }, 'width')).toEqual(taken)
})
