import { sql, type Transaction } from 'kysely'
import type { JudgmentRecord } from '../judging/judgment.ts'
import type { UsageGroup, UsageQuery, UsageRow, UsageStore } from '../judging/usage-store.ts'
import { adding } from './adding.ts'
import type { Database } from './open-database.ts'
import type { Tables } from './tables.ts'
import type { UsageCountRow } from './usage-tables.ts'

/** Of 12 columns each: SQLite takes up to 32,766 values in a statement. */
const maxRowsPerInsert = 200

const dayMs = 86_400_000

const sums = [
  'judgments',
  'unpriced',
  'input_tokens',
  'output_tokens',
  'cost',
] as const satisfies readonly (keyof UsageCountRow)[]

/**
 * Adds judgments to what their workspaces used, by the UTC day on which they were made. Call it last in the
 * transaction: the rows are locked until the commit.
 */
export async function addToUsage(
  transaction: Transaction<Tables>,
  records: readonly JudgmentRecord[],
): Promise<void> {
  const rows = countsOf(records)
  for (let from = 0; from < rows.length; from += maxRowsPerInsert) {
    await upsert(transaction, rows.slice(from, from + maxRowsPerInsert))
  }
}

async function upsert(transaction: Transaction<Tables>, rows: readonly UsageCountRow[]): Promise<void> {
  await transaction
    .insertInto('usage_counts')
    .values(rows)
    .onConflict((conflict) =>
      conflict
        .columns(['workspace_id', 'day', 'judge_id', 'provider', 'model_name', 'source', 'outcome'])
        .doUpdateSet(adding('usage_counts', sums)),
    )
    .execute()
}

/** Always in the same order, so that two transactions that change the same two rows never wait for each other. */
function countsOf(records: readonly JudgmentRecord[]): UsageCountRow[] {
  const counts = new Map<string, UsageCountRow>()
  for (const record of records) {
    const { account, cost } = record
    const of = {
      workspace_id: record.workspaceId,
      day: Math.floor(record.createdAt.getTime() / dayMs),
      judge_id: record.judgeId,
      provider: account.provider,
      model_name: account.modelName,
      source: record.run ? 'run' : 'live',
      outcome: record.outcome,
    } as const
    const key = JSON.stringify(Object.values(of))
    const row = counts.get(key)
    counts.set(key, {
      ...of,
      judgments: (row?.judgments ?? 0) + 1,
      unpriced: (row?.unpriced ?? 0) + (cost === null ? 1 : 0),
      input_tokens: (row?.input_tokens ?? 0) + account.inputTokens,
      output_tokens: (row?.output_tokens ?? 0) + account.outputTokens,
      cost: (row?.cost ?? 0) + (cost ?? 0),
    })
  }
  return [...counts].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, row]) => row)
}

const columns = {
  day: ['day', 'day'],
  judge: ['judge_id', 'judgeId'],
  provider: ['provider', 'provider'],
  model: ['model_name', 'modelName'],
  source: ['source', 'source'],
  outcome: ['outcome', 'outcome'],
} as const satisfies Record<UsageGroup, readonly [keyof UsageCountRow, keyof UsageRow]>

/** What workspaces used, in the database. */
export class UsageRows implements UsageStore {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  async sum(workspaceId: string, query: UsageQuery, limit: number): Promise<readonly UsageRow[]> {
    const names = query.groups.map((group) => sql.ref(columns[group][0]))
    const shown = query.groups.map(
      (group) => sql`${sql.ref(columns[group][0])} as ${sql.ref(columns[group][1])},`,
    )
    const grouped = names.length > 0 ? sql`group by ${sql.join(names)} order by ${sql.join(names)}` : sql``
    const { rows } = await sql<UsageRow>`
      select ${sql.join(shown, sql` `)}
        cast(coalesce(sum(judgments), 0) as bigint) as judgments,
        cast(coalesce(sum(unpriced), 0) as bigint) as unpriced,
        cast(coalesce(sum(input_tokens), 0) as bigint) as "inputTokens",
        cast(coalesce(sum(output_tokens), 0) as bigint) as "outputTokens",
        coalesce(sum(cost), 0) as cost
      from usage_counts
      where workspace_id = ${workspaceId} and day between ${query.fromDay} and ${query.toDay}
      ${grouped} limit ${limit}`.execute(this.#database.kysely)
    return rows
  }
}
