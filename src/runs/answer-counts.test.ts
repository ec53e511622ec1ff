import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type AnswerCount, groupAnswers, mostGroups } from './answer-counts.ts'

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

  it('lose no answer, and follow each other without a gap', () => {
    const numbers = fc.uniqueArray(fc.double({ min: 0, max: 1e8, noNaN: true }), {
      minLength: mostGroups + 1,
      maxLength: 400,
    })
    fc.assert(
      fc.property(numbers, fc.integer({ min: 1, max: 9 }), (values, each) => {
        const counts: AnswerCount[] = values.map((answer) => ({ answer, count: each }))
        const groups = groupAnswers(counts) as { from: number; to: number; count: number }[]
        expect(groups).toHaveLength(mostGroups)
        expect(groups.reduce((sum, { count }) => sum + count, 0)).toBe(values.length * each)
        expect(groups[0]?.from).toBe(Math.min(...values))
        expect(groups.at(-1)?.to).toBe(Math.max(...values))
        for (const [index, { from }] of groups.entries())
          if (index > 0) expect(from).toBe(groups[index - 1]?.to)
      }),
    )
  })
})
