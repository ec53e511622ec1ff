import { setImmediate as nextTurn } from 'node:timers/promises'
import { type RawBuilder, sql } from 'kysely'
import type { Page } from '../judges/judge-store.ts'
import type { JudgmentPageQuery, ListedJudgment } from '../judging/judgment-store.ts'
import { isAnyOf } from './judge-counts.ts'
import { listedColumns, toListed } from './judgment-columns.ts'
import type { Database } from './open-database.ts'

type Condition = RawBuilder<unknown>

/** Judgments that one statement goes through: SQLite works in the process and keeps everything else waiting. */
const stretchLength = 4_000

/** One page of the judgments that callers waited for, and how many there are on all pages. */
export async function pageOfJudgments(
  { kysely }: Pick<Database, 'kysely'>,
  query: JudgmentPageQuery,
): Promise<Page<ListedJudgment>> {
  const isWanted = isWantedBy(query)
  const offset = (query.page - 1) * query.pageSize
  const ids: string[] = []
  let count = 0
  for await (const { where, isFull } of stretchesOf({ kysely }, query)) {
    const before = count
    if (isFull && isWanted === undefined) count += stretchLength
    else count += (await countOf(where, isWanted).execute(kysely)).rows[0]?.count ?? 0
    const skipped = Math.max(0, offset - before)
    const missing = query.pageSize - ids.length
    if (missing === 0 || count <= before + skipped) continue
    const found = await idsOf(where, isWanted, missing, skipped).execute(kysely)
    ids.push(...found.rows.map(({ id }) => id))
  }
  return { items: await judgmentsOf({ kysely }, ids), count }
}

interface Stretch {
  readonly where: Condition
  /** Whether it has `stretchLength` judgments; the last has fewer. */
  readonly isFull: boolean
}

/** All of the judge's judgments in the time that is asked for, from the newest on. */
async function* stretchesOf(
  { kysely }: Pick<Database, 'kysely'>,
  query: JudgmentPageQuery,
): AsyncGenerator<Stretch> {
  const all = isInScope(query)
  for (let rest = all; ; ) {
    const { rows } = await lastOfStretch(rest).execute(kysely)
    const last = rows[0] && sql`(${rows[0].created_at_ms}, ${rows[0].id})`
    if (last === undefined) return yield { where: rest, isFull: false }
    yield { where: sql`${rest} and (created_at_ms, id) >= ${last}`, isFull: true }
    rest = sql`${all} and (created_at_ms, id) < ${last}`
    // A promise of SQLite's resolves without a turn of the event loop.
    await nextTurn()
  }
}

const newestFirst = sql`order by created_at_ms desc, id desc`

function isInScope({ judgeId, since, before }: JudgmentPageQuery): Condition {
  return sql`judge_id = ${judgeId} and run_id is null
    ${since ? sql`and created_at_ms >= ${since.getTime()}` : sql``}
    ${before ? sql`and created_at_ms < ${before.getTime()}` : sql``}`
}

/** Undefined where nothing is left out. */
function isWantedBy({ revisionId, outcomes, answers }: JudgmentPageQuery): Condition | undefined {
  if (revisionId === undefined && outcomes.length === 0 && answers.length === 0) return undefined
  const revisionIds = revisionId === undefined ? [] : [revisionId.toLowerCase()]
  const texts = answers.map((answer) => JSON.stringify(answer))
  return sql`
    ${isAnyOf('revision_id', revisionIds)} ${isAnyOf('outcome', outcomes)} ${isAnyOf('answer', texts)}`
}

function lastOfStretch(
  where: Condition,
): RawBuilder<{ readonly created_at_ms: number; readonly id: string }> {
  return sql`
    select created_at_ms, id from judgments where ${where} ${newestFirst} limit 1 offset ${stretchLength - 1}`
}

function countOf(where: Condition, isWanted: Condition | undefined): RawBuilder<{ readonly count: number }> {
  return sql`select count(*) as count from judgments where ${where} ${isWanted ?? sql``}`
}

function idsOf(
  where: Condition,
  isWanted: Condition | undefined,
  limit: number,
  offset: number,
): RawBuilder<{ readonly id: string }> {
  return sql`
    select id from judgments where ${where} ${isWanted ?? sql``} ${newestFirst} limit ${limit} offset ${offset}`
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
