import { type RawBuilder, sql } from 'kysely'
import type { JudgeQuery } from '../judges/judge-store.ts'
import type { Search } from './engines.ts'
import { type JudgeColumns, judgeColumns } from './judge-columns.ts'
import { countOf, isAnyOf } from './judge-counts.ts'
import { searchFor } from './judge-search.ts'
import type { Database } from './open-database.ts'
import { withoutCase } from './search-text.ts'

/** One row for each judge of the page, or a single row without a judge when the page is empty. */
export type PageRow = { readonly count: number } & (
  | JudgeColumns
  | { readonly [Column in keyof JudgeColumns]: null }
)

/** Columns and their values; a page of one such group is read from an index and needs no sorting. */
type Group = Readonly<Record<string, string>>

/** SQLite joins at most 500 queries to one; so many models at once are looked for among all judges. */
const maxGroups = 100

/**
 * The query for one page of living judges and for how many there are on all pages. A page finds its ids in an
 * index first, newest first, and only then reads judges and revisions, so that its cost depends on how far it
 * is from the first page and not on how many judges there are.
 */
export async function pageOfJudges(
  { kysely, engine }: Pick<Database, 'kysely' | 'engine'>,
  workspaceId: string,
  query: JudgeQuery,
): Promise<RawBuilder<PageRow>> {
  // There are two types: to ask for both is to ask for all.
  const types = [...new Set(query.outputTypes)]
  const filter = { outputTypes: types.length === 2 ? [] : types, modelNames: [...new Set(query.modelNames)] }
  const cut = sql`limit ${query.pageSize} offset ${(query.page - 1) * query.pageSize}`
  const { page, count } = query.text
    ? searched(await searchFor(engine, kysely, withoutCase(query.text)), workspaceId, filter, cut)
    : newest(workspaceId, filter, query.page * query.pageSize, cut)
  return sql<PageRow>`
    with ${page}
    select counted.count, ${judgeColumns}
    from (${count}) as counted
    left join page on true
    left join judges on judges.id = page.id
    left join judge_revisions as revision on revision.id = judges.latest_revision_id
    order by page.created_at_ms desc, page.id desc`
}

interface Filter {
  readonly outputTypes: readonly string[]
  readonly modelNames: readonly string[]
}

interface PageParts {
  /** Common table expressions, of which `page` has the page's ids and times. */
  readonly page: RawBuilder<unknown>
  /** A query for the number of all matches. */
  readonly count: RawBuilder<unknown>
}

const newestFirst = sql`order by created_at_ms desc, id desc`

/** Every match is needed to count them, so they are found once, and the page is sorted out of them. */
function searched(
  { from, where }: Search,
  workspaceId: string,
  filter: Filter,
  cut: RawBuilder<unknown>,
): PageParts {
  const page = sql`
    hits as materialized (
      select judges.created_at_ms, judges.id from ${from}
      where ${where} and judges.workspace_id = ${workspaceId} and judges.deleted_at_ms is null
        ${isAnyOf('judges.output_type', filter.outputTypes)} ${isAnyOf('judges.model_name', filter.modelNames)}
    ),
    page as (select * from hits ${newestFirst} ${cut})`
  return { page, count: sql`select count(*) as count from hits` }
}

/** The newest of each group, as many as could be on the page, and of those the page. */
function newest(workspaceId: string, filter: Filter, limit: number, cut: RawBuilder<unknown>): PageParts {
  const groups = groupsOf(filter)
  const among =
    groups.length <= maxGroups ? groups.map(isInGroup) : [isAnyOf('model_name', filter.modelNames)]
  const newestOf = (condition: RawBuilder<unknown>) => sql`
    select created_at_ms, id from judges
    where workspace_id = ${workspaceId} and deleted_at_ms is null ${condition} ${newestFirst}`
  const [only, ...others] = among
  const ofEach = among.map(
    (condition) => sql`select * from (${newestOf(condition)} limit ${limit}) as newest`,
  )
  const page =
    only !== undefined && others.length === 0
      ? sql`page as (${newestOf(only)} ${cut})`
      : sql`page as (select * from (${sql.join(ofEach, sql` union all `)}) as hits ${newestFirst} ${cut})`
  return { page, count: countOf(workspaceId, filter.outputTypes, filter.modelNames) }
}

/** Pairs of a type and a model when models are asked for, each of both types when no type is. */
function groupsOf({ outputTypes, modelNames }: Filter): Group[] {
  if (modelNames.length === 0) {
    return outputTypes.length === 0 ? [{}] : outputTypes.map((type) => ({ output_type: type }))
  }
  const types = outputTypes.length === 0 ? ['CLASSIFICATION', 'REGRESSION'] : outputTypes
  return modelNames.flatMap((model) => types.map((type) => ({ model_name: model, output_type: type })))
}

function isInGroup(group: Group): RawBuilder<unknown> {
  const conditions = Object.entries(group).map(([column, value]) => sql`and ${sql.ref(column)} = ${value}`)
  return sql.join(conditions, sql` `)
}
