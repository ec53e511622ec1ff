import { expect, it } from 'vitest'
import { niceTop } from './day-bars.tsx'

it.each([
  [0, 0],
  [1, 1],
  [3, 5],
  [395, 500],
  [1000, 1000],
  [0.21, 0.5],
])('an axis up to %s ends at %s', (value, top) => {
  expect(niceTop(value)).toBeCloseTo(top, 10)
})
