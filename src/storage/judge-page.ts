import { type RawBuilder, sql } from 'kysely'
import type { JudgeQuery } from '../judges/judge-store.ts'
import type { Engine } from './engines.ts'
import { type JudgeColumns, judgeColumns } from './judge-columns.ts'
import { countOf, isAnyOf } from './judge-counts.ts'
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
export function pageOfJudges(engine: Engine, workspaceId: string, query: JudgeQuery): RawBuilder<PageRow> {
  // There are two types: to ask for both is to ask for all.
  const outputTypes = query.outputTypes.length === 2 ? [] : query.outputTypes
  const filter = { outputTypes: [...new Set(outputTypes)], modelNames: [...new Set(query.modelNames)] }
  const limit = query.pageSize
  const offset = (query.page - 1) * query.pageSize
  const { hits, count } = query.text
    ? searched(engine, workspaceId, withoutCase(query.text), filter)
    : newest(workspaceId, filter, limit + offset)
  return sql<PageRow>`
    with ${hits},
      page as (
        select created_at_ms, id from hits order by created_at_ms desc, id desc limit ${limit} offset ${offset}
      )
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

interface Hits {
  /** A common table expression named `hits`, of all matches or of as many as the page needs. */
  readonly hits: RawBuilder<unknown>
  /** A query for the number of all matches. */
  readonly count: RawBuilder<unknown>
}

/** Every match is needed to count them, so they are found once, and the page is sorted out of them. */
function searched(engine: Engine, workspaceId: string, text: string, filter: Filter): Hits {
  const { from, where } = engine.searchFor(text)
  const hits = sql`hits as materialized (
    select judges.created_at_ms, judges.id from ${from}
    where ${where} and judges.workspace_id = ${workspaceId} and judges.deleted_at_ms is null
      ${isAnyOf('judges.output_type', filter.outputTypes)} ${isAnyOf('judges.model_name', filter.modelNames)}
  )`
  return { hits, count: sql`select count(*) as count from hits` }
}

/** The newest of each group, as many as could be on the page. */
function newest(workspaceId: string, filter: Filter, limit: number): Hits {
  const groups = groupsOf(filter)
  const among =
    groups.length <= maxGroups ? groups.map(isInGroup) : [isAnyOf('model_name', filter.modelNames)]
  const queries = among.map(
    (condition) => sql`
      select * from (
        select created_at_ms, id from judges
        where workspace_id = ${workspaceId} and deleted_at_ms is null ${condition}
        order by created_at_ms desc, id desc limit ${limit}
      ) as newest_of_group`,
  )
  return {
    hits: sql`hits as (${sql.join(queries, sql` union all `)})`,
    count: countOf(workspaceId, filter.outputTypes, filter.modelNames),
  }
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
