import { describe, expect, it } from 'vitest'
import type { UsageRow } from '../../api/usage.ts'
import { failingJudges, rateLimited, usageDays } from './usage-days.ts'

const row = (parts: Partial<UsageRow>): UsageRow => ({
  judgments: 1,
  unpriced_judgments: 0,
  input_tokens: 0,
  output_tokens: 0,
  cost: null,
  ...parts,
})
const now = Date.UTC(2026, 2, 3, 12)

describe('days of usage', () => {
  it('are all there, the oldest first, with outcomes apart', () => {
    const rows = [
      row({ day: '2026-03-01', outcome: 'answered', judgments: 5, cost: 0.5 }),
      row({ day: '2026-03-01', outcome: 'refused', judgments: 2 }),
      row({ day: '2026-03-01', outcome: 'timed_out', judgments: 1, cost: 0.25 }),
    ]
    expect(usageDays(rows, 3, now)).toEqual([
      { day: '2026-03-01', answered: 5, unanswered: 3, cost: 0.75 },
      { day: '2026-03-02', answered: 0, unanswered: 0, cost: 0 },
      { day: '2026-03-03', answered: 0, unanswered: 0, cost: 0 },
    ])
  })
})

describe('failing judges', () => {
  it('are those with the largest share without an answer', () => {
    const rows = [
      row({ judge_id: 'fine', outcome: 'answered', judgments: 9 }),
      row({ judge_id: 'some', outcome: 'answered', judgments: 90 }),
      row({ judge_id: 'some', outcome: 'refused', judgments: 10 }),
      row({ judge_id: 'half', outcome: 'answered', judgments: 3 }),
      row({ judge_id: 'half', outcome: 'unreadable', judgments: 1 }),
      row({ judge_id: 'half', outcome: 'truncated', judgments: 2 }),
    ]
    expect(failingJudges(rows, 5)).toEqual([
      { judgeId: 'half', judgments: 6, unanswered: 3, mostly: 'truncated' },
      { judgeId: 'some', judgments: 100, unanswered: 10, mostly: 'refused' },
    ])
    expect(failingJudges(rows, 1)).toHaveLength(1)
  })
})

it('tells which providers limit the rate', () => {
  const rows = [
    row({ provider: 'a', outcome: 'rate_limited', judgments: 2 }),
    row({ provider: 'b', outcome: 'rate_limited', judgments: 7 }),
    row({ provider: 'b', outcome: 'answered', judgments: 70 }),
  ]
  expect(rateLimited(rows)).toEqual([
    { provider: 'b', judgments: 7 },
    { provider: 'a', judgments: 2 },
  ])
})
