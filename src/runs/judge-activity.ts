import type { Judge, JudgeQuery, Page } from '../judges/judge-store.ts'
import type { Author, Judges } from '../judges/judges.ts'
import type { JudgeActivity, LastRunStore } from './last-run-store.ts'

export interface ActiveJudge extends Omit<JudgeActivity, 'judgeId'> {
  readonly judge: Judge
}

export interface JudgeActivities {
  /** The author's judges, as `Judges.list` gives them, with what each did last. */
  list(author: Author, query: JudgeQuery): Promise<Page<ActiveJudge>>
}

/** @example createJudgeActivities({ judges, store }) */
export function createJudgeActivities({
  judges,
  store,
}: {
  readonly judges: Pick<Judges, 'list'>
  readonly store: LastRunStore
}): JudgeActivities {
  return {
    async list(author, query) {
      const { items, count } = await judges.list(author, query)
      const ids = items.map(({ id }) => id)
      const found = ids.length === 0 ? [] : await store.ofJudges(author.workspaceId, ids)
      const activities = new Map(found.map((activity) => [activity.judgeId, activity]))
      return {
        items: items.map((judge) => {
          const { lastRun = null, lastLiveAt = null } = activities.get(judge.id) ?? {}
          return { judge, lastRun, lastLiveAt }
        }),
        count,
      }
    },
  }
}

/** When the newest judgment of live judging was made, or the last run ended, whichever was later; null: neither was. */
export function lastJudgedAt({ lastRun, lastLiveAt }: Omit<JudgeActivity, 'judgeId'>): Date | null {
  const times = [lastRun?.endedAt, lastLiveAt].flatMap((time) => time?.getTime() ?? [])
  return times.length === 0 ? null : new Date(Math.max(...times))
}
