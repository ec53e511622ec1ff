import type { Author } from '../judges/judges.ts'
import { type Outcome, outcomes } from '../judging/judgment.ts'
import type { Usage } from '../judging/usage.ts'
import type { UsageRow } from '../judging/usage-store.ts'
import type { Days, FailingJudge, LimitedProvider, OverviewStore, ThingCounts } from './overview-store.ts'
import type { Run } from './run.ts'
import type { Runs } from './runs.ts'

/** As many as are looked at together. */
const most = { runs: 20, judges: 5, providers: 10 }

/** How many UTC days each kind of trouble is told for, today included. */
const troubleDays = { today: 1, lastWeek: 7 }

/** What judging came to on one day. */
export interface DaySum {
  /** Days since 1970-01-01 UTC. */
  readonly day: number
  readonly judgments: number
  readonly outcomes: Readonly<Record<Outcome, number>>
  /** How many have no known cost. */
  readonly unpriced: number
  /** Of those with a known cost. */
  readonly cost: number
}

export interface Trouble {
  readonly days: Days
  readonly failingJudges: readonly FailingJudge[]
  readonly limitedProviders: readonly LimitedProvider[]
}

export interface WorkspaceOverview {
  readonly counts: ThingCounts
  /** Newest first; at most 20 of `runningCount`. */
  readonly running: readonly Run[]
  readonly runningCount: number
  /** The last 30 days, each of them, the earliest first. */
  readonly days: readonly DaySum[]
  readonly today: Trouble
  readonly lastWeek: Trouble
}

export interface Overview {
  /** How the author's workspace does. */
  tell(author: Author): Promise<WorkspaceOverview>
}

export interface OverviewTools {
  readonly usage: Usage
  readonly runs: Pick<Runs, 'list'>
  readonly store: OverviewStore
}

/** @example createOverview({ usage, runs, store }) */
export function createOverview({ usage, runs, store }: OverviewTools): Overview {
  async function troubleOf(workspaceId: string, toDay: number, count: number): Promise<Trouble> {
    const days = { fromDay: toDay - count + 1, toDay }
    return {
      days,
      failingJudges: await store.failingJudges(workspaceId, days, most.judges),
      limitedProviders: await store.limitedProviders(workspaceId, days, most.providers),
    }
  }

  return {
    async tell(author) {
      const { workspaceId } = author
      const used = await usage.report(author, { groups: ['day', 'outcome'] })
      const running = await runs.list(author, { page: 1, pageSize: most.runs, states: ['running'] })
      return {
        counts: await store.countThings(workspaceId),
        running: running.items,
        runningCount: running.count,
        days: sumByDay(used.rows, used),
        today: await troubleOf(workspaceId, used.toDay, troubleDays.today),
        lastWeek: await troubleOf(workspaceId, used.toDay, troubleDays.lastWeek),
      }
    },
  }
}

/**
 * Days with what they came to, those without judgments too.
 * @param rows by day and outcome
 */
function sumByDay(rows: readonly UsageRow[], { fromDay, toDay }: Days): DaySum[] {
  const perDay = Map.groupBy(rows, ({ day }) => day)
  return Array.from({ length: toDay - fromDay + 1 }, (_, index) => {
    const day = fromDay + index
    const ofDay = perDay.get(day) ?? []
    const add = (amount: (row: UsageRow) => number) => ofDay.reduce((sum, row) => sum + amount(row), 0)
    const ended = outcomes.map(
      (outcome) => [outcome, add((row) => (row.outcome === outcome ? row.judgments : 0))] as const,
    )
    return {
      day,
      judgments: add((row) => row.judgments),
      outcomes: Object.fromEntries(ended) as DaySum['outcomes'],
      unpriced: add((row) => row.unpriced),
      cost: add((row) => row.cost),
    }
  })
}
