import { countOf } from '../../numbers.ts'
import type { Estimate } from './estimate-in-words.ts'

/**
 * How many more labels bring an estimate to the width that is wanted, or why no number can be given.
 * @param moreLabels as the server tells it: null where labels of the whole run do not
 */
export function moreLabelsInWords(moreLabels: number | null, estimate: Estimate): string {
  if (moreLabels === null)
    return 'No number of labels brings it there: the run has too few answered records for it.'
  if (moreLabels > 0)
    return `About ${countOf(moreLabels, 'more label brings', 'more labels bring')} it there.`
  return estimate.kind === 'refused'
    ? 'How many labels bring it there can not be told before there is an estimate.'
    : 'It is that narrow already.'
}
