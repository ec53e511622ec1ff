import { AssizeError } from '../errors.ts'
import type { Author } from '../judges/judges.ts'
import { type UsageGroup, type UsageRow, type UsageStore, type UsageSum, usageGroups } from './usage-store.ts'

const dayMs = 86_400_000

/** What can be asked for at once. */
const most = { days: 366, rows: 10_000 }

/** Where no time is given. */
const defaultDays = 30

export interface AskedUsage {
  /** Any time of the first and of the last day, which both count; the last 30 days where they are absent. */
  readonly from?: Date
  readonly to?: Date
  readonly groups: readonly UsageGroup[]
}

export interface UsageReport {
  /** Days since 1970-01-01 UTC, both included. */
  readonly fromDay: number
  readonly toDay: number
  readonly groups: readonly UsageGroup[]
  readonly total: UsageSum
  readonly rows: readonly UsageRow[]
}

export interface Usage {
  /**
   * What the author's workspace used, by UTC day.
   * @throws AssizeError `request_invalid` where the days are out of order or too many, or make too many rows
   */
  report(author: Author, asked: AskedUsage): Promise<UsageReport>
}

/** The day of a time, in days since 1970-01-01 UTC. */
function dayOf(time: Date): number {
  return Math.floor(time.getTime() / dayMs)
}

/** A day as dates are written, like `2026-03-01`. */
export function dayText(day: number): string {
  return new Date(day * dayMs).toISOString().slice(0, 10)
}

/** @example createUsage({ store, now }) */
export function createUsage({ store, now }: { store: UsageStore; now: () => Date }): Usage {
  return {
    async report({ workspaceId }, asked) {
      const toDay = asked.to ? dayOf(asked.to) : Math.max(dayOf(now()), asked.from ? dayOf(asked.from) : 0)
      const fromDay = asked.from ? dayOf(asked.from) : toDay - defaultDays + 1
      checkDays(fromDay, toDay)
      const groups = usageGroups.filter((group) => asked.groups.includes(group))
      const rows = await store.sum(workspaceId, { fromDay, toDay, groups }, most.rows + 1)
      if (rows.length > most.rows) {
        throw new AssizeError(
          'request_invalid',
          `group_by: expected at most ${most.rows} rows, found more; ask for fewer days or fewer groups.`,
        )
      }
      return { fromDay, toDay, groups, total: totalOf(rows), rows }
    },
  }
}

function checkDays(fromDay: number, toDay: number): void {
  if (fromDay > toDay) {
    throw new AssizeError(
      'request_invalid',
      `from: expected ${dayText(toDay)} (the last day) or earlier, found ${dayText(fromDay)}.`,
    )
  }
  const days = toDay - fromDay + 1
  if (days > most.days) {
    throw new AssizeError(
      'request_invalid',
      `from: expected at most ${most.days} days up to ${dayText(toDay)}, found ${days}.`,
    )
  }
}

function totalOf(rows: readonly UsageSum[]): UsageSum {
  const total = { judgments: 0, unpriced: 0, inputTokens: 0, outputTokens: 0, cost: 0 }
  for (const row of rows) {
    total.judgments += row.judgments
    total.unpriced += row.unpriced
    total.inputTokens += row.inputTokens
    total.outputTokens += row.outputTokens
    total.cost += row.cost
  }
  return total
}
