import type { UsageRow } from '../../api/usage.ts'
import { dayText } from '../../day-text.ts'

const dayMs = 86_400_000

/** What was judged on a day. */
export interface UsageDay {
  readonly day: string
  readonly answered: number
  /** Every other outcome together. */
  readonly unanswered: number
  readonly cost: number
}

/** A row for each of the last days, the oldest first, those without a judgment too. */
export function usageDays(rows: readonly UsageRow[], days: number, now: number): UsageDay[] {
  const byDay = Map.groupBy(rows, ({ day }) => day)
  return Array.from({ length: days }, (_, index) => {
    const day = dayText(now - (days - 1 - index) * dayMs)
    const ofDay = byDay.get(day) ?? []
    const count = (isAnswered: boolean) =>
      ofDay
        .filter(({ outcome }) => (outcome === 'answered') === isAnswered)
        .reduce((sum, { judgments }) => sum + judgments, 0)
    return {
      day,
      answered: count(true),
      unanswered: count(false),
      cost: ofDay.reduce((sum, { cost }) => sum + (cost ?? 0), 0),
    }
  })
}

/** How often a judge gave no answer. */
export interface FailingJudge {
  readonly judgeId: string
  readonly judgments: number
  readonly unanswered: number
  /** The outcome that most of those without an answer had. */
  readonly mostly: string
}

/** The judges that gave no answer most often, by their share; those that always did are left out. */
export function failingJudges(rows: readonly UsageRow[], most: number): FailingJudge[] {
  return [...Map.groupBy(rows, ({ judge_id: id }) => id)]
    .flatMap(([judgeId, ofJudge]) => {
      const judgments = ofJudge.reduce((sum, row) => sum + row.judgments, 0)
      const failures = ofJudge.filter(({ outcome }) => outcome !== 'answered')
      const unanswered = failures.reduce((sum, row) => sum + row.judgments, 0)
      const [worst] = failures.toSorted((one, other) => other.judgments - one.judgments)
      if (judgeId === undefined || unanswered === 0) return []
      return [{ judgeId, judgments, unanswered, mostly: worst?.outcome ?? 'unreadable' }]
    })
    .toSorted((one, other) => other.unanswered / other.judgments - one.unanswered / one.judgments)
    .slice(0, most)
}

/** How many judgments each provider's limits ended. */
export function rateLimited(
  rows: readonly UsageRow[],
): { readonly provider: string; readonly judgments: number }[] {
  return rows
    .filter(({ outcome }) => outcome === 'rate_limited')
    .map(({ provider = '', judgments }) => ({ provider, judgments }))
    .toSorted((one, other) => other.judgments - one.judgments)
}
