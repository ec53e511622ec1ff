import { describe, expect, it } from 'vitest'
import { groupAnswers, groupStretches, mostNumbers } from './answer-counts.ts'

describe('groups of answers', () => {
  it('are options, the most frequent first', () => {
    const counts = [
      { answer: 'b', count: 2 },
      { answer: 'a', count: 2 },
      { answer: 'c', count: 7 },
    ]
    expect(groupAnswers(counts).map((group) => 'answer' in group && group.answer)).toEqual(['c', 'a', 'b'])
  })

  it('are single numbers where these are few', () => {
    const counts = [
      { answer: 4.5, count: 1 },
      { answer: 1, count: 3 },
    ]
    expect(groupAnswers(counts)).toEqual([
      { from: 1, to: 1, count: 3 },
      { from: 4.5, to: 4.5, count: 1 },
    ])
  })

  it('are stretches without a gap where numbers are many, those with no answer too', () => {
    const groups = groupStretches({
      least: 1,
      greatest: 11,
      counts: [
        { place: mostNumbers - 1, count: 3 },
        { place: 0, count: 40 },
      ],
    })
    expect(groups).toHaveLength(mostNumbers)
    expect(groups.slice(0, 3)).toEqual([
      { from: 1, to: 1.5, count: 40 },
      { from: 1.5, to: 2, count: 0 },
      { from: 2, to: 2.5, count: 0 },
    ])
    expect(groups.at(-1)).toEqual({ from: 10.5, to: 11, count: 3 })
  })
})
