import { expect, it } from 'vitest'
import { leftOutInWords } from './left-out-in-words.ts'

const none = { not_answered: 0, tied: 0, cannot_tell: 0, out_of_output: 0 }

it('tells each reason for which records are not compared', () => {
  expect(leftOutInWords({ ...none, tied: 1, cannot_tell: 2 })).toBe(
    'Not compared: 1 record on which people are split, 2 records that people could not tell.',
  )
})

it('says nothing where all are compared', () => {
  expect(leftOutInWords(none)).toBeUndefined()
})
