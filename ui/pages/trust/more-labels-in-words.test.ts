import { expect, it } from 'vitest'
import type { Estimate } from './estimate-in-words.ts'
import { moreLabelsInWords } from './more-labels-in-words.ts'

const refused = { kind: 'refused' } as unknown as Estimate
const shares = { kind: 'shares' } as unknown as Estimate

it.each([
  [12, shares, 'About 12 more labels bring it there.'],
  [1, refused, 'About 1 more label brings it there.'],
  [0, shares, 'It is that narrow already.'],
  [0, refused, 'How many labels bring it there can not be told before there is an estimate.'],
  [null, shares, 'No number of labels brings it there: the run has too few answered records for it.'],
  [null, refused, 'No number of labels brings it there: the run has too few answered records for it.'],
])('%s more labels are told, or why they can not be', (moreLabels, estimate, words) => {
  expect(moreLabelsInWords(moreLabels, estimate)).toBe(words)
})
