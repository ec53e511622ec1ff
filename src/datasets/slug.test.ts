import fc from 'fast-check'
import { expect, it } from 'vitest'
import { isId } from '../judges/id.ts'
import { distinctSlugOf, slugOf } from './slug.ts'

const id = '019b2bd7-96e7-7219-8c0b-45a73da50088'

it.each([
  ['Questions', 'questions'],
  ['Café questions, 2026', 'cafe-questions-2026'],
  ['  a__b / c  ', 'a-b-c'],
  ['ﬁne', 'fine'],
  ['質問', 'dataset'],
  ['...', 'dataset'],
  [id.toUpperCase(), `dataset-${id}`],
  [`${'x'.repeat(79)} y`, 'x'.repeat(79)],
])('the slug of %j is %j', (name, slug) => {
  expect(slugOf(name)).toBe(slug)
})

it('a slug fits into a URL as it is, and is never an id', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (name) => {
      for (const slug of [slugOf(name), distinctSlugOf(name, id)]) {
        expect(slug).toMatch(/^[a-z0-9]+(?:-[a-z0-9]+)*$/)
        expect(isId(slug)).toBe(false)
      }
    }),
  )
  expect(distinctSlugOf('Questions', id)).toBe('questions-3da50088')
})

it('an id is a UUID in any case', () => {
  expect([id, id.toUpperCase()].every(isId)).toBe(true)
  expect(['', 'questions', id.slice(1), `${id}0`, `x${id}`].some(isId)).toBe(false)
})
