import { describe, expect, it } from 'vitest'
import type { RunComparison } from '../../api/openapi.ts'
import { differenceInWords } from './difference-in-words.ts'

const records = {
  in_both: 100,
  only_in_first: {},
  only_in_second: {},
  answered_by_both: 100,
  answered_by_first_only: {},
  answered_by_second_only: {},
  answered_by_neither: 0,
}

function comparison(parts: Partial<RunComparison>): RunComparison {
  return { records, flips: null, options: null, numbers: null, ...parts } as RunComparison
}

describe('a comparison in words', () => {
  it('tells what rose and fell, and whether chance may do that', () => {
    const options = [
      {
        option: 'yes',
        first: { count: 40, share: 0.4 },
        second: { count: 60, share: 0.6 },
        gained: 25,
        lost: 5,
        difference: { difference: 0.2, low: 0.1, high: 0.3 },
        p_value: 0.0003,
        adjusted_p_value: 0.0006,
        mid_p_value: 0.0002,
      },
    ]
    const flips = { count: 30, share: { share: 0.3, low: 0.2, high: 0.4 }, largest: [] }
    expect(differenceInWords(comparison({ options, flips }))).toEqual([
      '30 answers changed, 30% of 100 records.',
      '“yes” rose from 40% to 60% (95% interval of the change 10% to 30%); chance alone hardly does that, p < 0.001.',
    ])
  })

  it('tells means, also where nothing says how far they vary', () => {
    const numbers = { records: 2, first_mean: 3, second_mean: 3.5, low: null, high: null, p_value: 0.4 }
    expect(differenceInWords(comparison({ numbers: numbers as RunComparison['numbers'] }))).toEqual([
      'The mean went from 3 to 3.5; chance alone may do that, p = 0.4.',
    ])
  })

  it('tells that nothing changed', () => {
    const flips = { count: 0, share: { share: 0, low: 0, high: 0.03 }, largest: [] }
    expect(differenceInWords(comparison({ flips }))).toEqual([
      'Both runs gave the same answer to all 100 records.',
    ])
  })

  it('tells that there is nothing to compare', () => {
    expect(differenceInWords(comparison({ records: { ...records, answered_by_both: 0 } }))).toEqual([
      'No record was answered by both runs.',
    ])
  })
})
