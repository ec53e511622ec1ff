import fc from 'fast-check'
import { expect, it } from 'vitest'
import { FirstItems } from './first-items.ts'

it('keeps what sorting everything would put first', () => {
  fc.assert(
    fc.property(fc.array(fc.integer(), { maxLength: 300 }), fc.nat(20), (numbers, limit) => {
      const items = new FirstItems<number>(limit, (one, other) => other - one)
      for (const number of numbers) items.add(number)
      const sorted = numbers.toSorted((one, other) => other - one)
      expect(items.inOrder()).toEqual(sorted.slice(0, limit))
    }),
  )
})
