import { sql } from 'kysely'
import type {
  Days,
  FailingJudge,
  LimitedProvider,
  OverviewStore,
  ThingCounts,
} from '../runs/overview-store.ts'
import { countOf } from './judge-counts.ts'
import type { Database } from './open-database.ts'

/** What a workspace has and how its judging goes, in the database: out of what is counted as it happens. */
export class OverviewRows implements OverviewStore {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  async countThings(workspaceId: string): Promise<ThingCounts> {
    const { rows } = await sql<ThingCounts>`
      select (${countOf(workspaceId, [], [])}) as judges, of_datasets.datasets, of_datasets.records,
        (select count(*) from labels where workspace_id = ${workspaceId}) as labels
      from (
        select count(*) as datasets, cast(coalesce(sum(record_count), 0) as bigint) as records
        from datasets where workspace_id = ${workspaceId} and deleted_at_ms is null
      ) as of_datasets`.execute(this.#database.kysely)
    return rows[0] ?? { judges: 0, datasets: 0, records: 0, labels: 0 }
  }

  async failingJudges(
    workspaceId: string,
    { fromDay, toDay }: Days,
    limit: number,
  ): Promise<readonly FailingJudge[]> {
    const { rows } = await sql<FailingJudge>`
      select judges.id as "judgeId", judges.name, used.judgments, used.unanswered
      from (
        select judge_id, cast(sum(judgments) as bigint) as judgments,
          cast(sum(case when outcome = 'answered' then 0 else judgments end) as bigint) as unanswered
        from usage_counts where workspace_id = ${workspaceId} and day between ${fromDay} and ${toDay}
        group by judge_id
      ) as used
      join judges on judges.id = used.judge_id and judges.deleted_at_ms is null
      where used.unanswered > 0
      order by used.unanswered desc, judges.id limit ${limit}`.execute(this.#database.kysely)
    return rows
  }

  async limitedProviders(
    workspaceId: string,
    { fromDay, toDay }: Days,
    limit: number,
  ): Promise<readonly LimitedProvider[]> {
    const { rows } = await sql<LimitedProvider>`
      select provider, cast(sum(judgments) as bigint) as judgments
      from usage_counts
      where workspace_id = ${workspaceId} and day between ${fromDay} and ${toDay} and outcome = 'rate_limited'
      group by provider order by 2 desc, provider limit ${limit}`.execute(this.#database.kysely)
    return rows
  }
}
