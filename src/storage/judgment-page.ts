import { setImmediate as nextTurn } from 'node:timers/promises'
import { type RawBuilder, sql } from 'kysely'
import type { Page } from '../judges/judge-store.ts'
import type { JudgmentPageQuery, ListedJudgment } from '../judging/judgment-store.ts'
import { isAnyOf } from './judge-counts.ts'
import { listedColumns, toListed } from './judgment-columns.ts'
import type { Database } from './open-database.ts'

/** Judgments that are looked at in one statement: SQLite works in the process and keeps everything else waiting. */
const stepSize = 10_000

interface Place {
  readonly created_at_ms: number
  readonly id: string
}

const newestFirst = sql`order by created_at_ms desc, id desc`

/** One page of judgments that callers waited for, and how many there are on all pages. */
export async function pageOfJudgments(
  { kysely }: Pick<Database, 'kysely'>,
  query: JudgmentPageQuery,
): Promise<Page<ListedJudgment>> {
  const offset = (query.page - 1) * query.pageSize
  const ids: string[] = []
  let count = 0
  for await (const step of stepsOf({ kysely }, query)) {
    const { rows } = await step.count.execute(kysely)
    const before = count
    count += rows[0]?.count ?? 0
    const skipped = Math.max(0, offset - before)
    const wanted = query.pageSize - ids.length
    if (wanted === 0 || count <= before + skipped) continue
    const found = await step.idsOf(wanted, skipped).execute(kysely)
    ids.push(...found.rows.map(({ id }) => id))
  }
  return { items: await judgmentsOf({ kysely }, ids), count }
}

interface Step {
  readonly count: RawBuilder<{ readonly count: number }>
  idsOf(limit: number, offset: number): RawBuilder<{ readonly id: string }>
}

/** All of the judge's judgments in the time that is asked for, from the newest on, in stretches of one index. */
async function* stepsOf(
  { kysely }: Pick<Database, 'kysely'>,
  query: JudgmentPageQuery,
): AsyncGenerator<Step> {
  let rest = scopeOf(query)
  for (;;) {
    const { rows } = await lastOfStep(rest).execute(kysely)
    const last = rows[0]
    yield stepOf(
      last ? sql`${rest} and (created_at_ms, id) >= (${last.created_at_ms}, ${last.id})` : rest,
      query,
    )
    if (last === undefined) return
    rest = sql`${scopeOf(query)} and (created_at_ms, id) < (${last.created_at_ms}, ${last.id})`
    await nextTurn()
  }
}

function scopeOf({ judgeId, since, before }: JudgmentPageQuery): RawBuilder<unknown> {
  return sql`judge_id = ${judgeId} and run_id is null
    ${since ? sql`and created_at_ms >= ${since.getTime()}` : sql``}
    ${before ? sql`and created_at_ms < ${before.getTime()}` : sql``}`
}

function lastOfStep(scope: RawBuilder<unknown>): RawBuilder<Place> {
  return sql<Place>`
    select created_at_ms, id from judgments where ${scope} ${newestFirst} limit 1 offset ${stepSize - 1}`
}

function stepOf(scope: RawBuilder<unknown>, { revisionId, outcomes, answers }: JudgmentPageQuery): Step {
  const wanted = sql`from judgments where ${scope}
    ${isAnyOf('revision_id', revisionId === undefined ? [] : [revisionId.toLowerCase()])}
    ${isAnyOf('outcome', outcomes)}
    ${isAnyOf(
      'answer',
      answers.map((answer) => JSON.stringify(answer)),
    )}`
  return {
    count: sql`select count(*) as count ${wanted}`,
    idsOf: (limit, offset) => sql`select id ${wanted} ${newestFirst} limit ${limit} offset ${offset}`,
  }
}

async function judgmentsOf(
  { kysely }: Pick<Database, 'kysely'>,
  ids: readonly string[],
): Promise<ListedJudgment[]> {
  if (ids.length === 0) return []
  const rows = await kysely
    .selectFrom('judgments')
    .select(listedColumns)
    .where('id', 'in', ids)
    .orderBy('created_at_ms', 'desc')
    .orderBy('id', 'desc')
    .execute()
  return rows.map(toListed)
}
