import { type RawBuilder, sql, type Transaction } from 'kysely'
import type { Definition, Output } from '../judges/definition.ts'
import type { Tables } from './tables.ts'

/** What living judges are counted by. */
export interface CountedAs {
  readonly outputType: Output['type']
  readonly modelName: string
}

export function countedAs({ output, modelName }: Definition): CountedAs {
  return { outputType: output.type, modelName }
}

export interface CountChange extends CountedAs {
  readonly by: 1 | -1
}

/**
 * Counts judges that a transaction adds, takes away or changes. Counting them when a list is read would cost
 * more with each judge. Call it last in the transaction: the row of a busy model is locked until the commit.
 */
export async function changeCounts(
  transaction: Transaction<Tables>,
  workspaceId: string,
  changes: readonly CountChange[],
): Promise<void> {
  // Always in the same order, so that two transactions that change the same two rows never wait for each other.
  const ordered = changes.toSorted((one, other) => (sortKey(one) < sortKey(other) ? -1 : 1))
  for (const { outputType, modelName, by } of ordered) {
    await sql`
      insert into judge_counts (workspace_id, output_type, model_name, count)
      values (${workspaceId}, ${outputType}, ${modelName}, ${by})
      on conflict (workspace_id, output_type, model_name)
      do update set count = judge_counts.count + excluded.count`.execute(transaction)
    if (by === 1) continue
    await sql`
      delete from judge_counts
      where workspace_id = ${workspaceId} and output_type = ${outputType} and model_name = ${modelName}
        and count = 0`.execute(transaction)
  }
}

function sortKey({ outputType, modelName }: CountedAs): string {
  return `${outputType} ${modelName}`
}

/** A query for the number of living judges of any of these types and models, where none means all. */
export function countOf(
  workspaceId: string,
  outputTypes: readonly string[],
  modelNames: readonly string[],
): RawBuilder<unknown> {
  return sql`
    select cast(coalesce(sum(count), 0) as bigint) as count from judge_counts
    where workspace_id = ${workspaceId}
      ${isAnyOf('output_type', outputTypes)} ${isAnyOf('model_name', modelNames)}`
}

/** ` and column in (...)`, or nothing when there are no values. */
export function isAnyOf(column: string, values: readonly string[]): RawBuilder<unknown> {
  return values.length === 0 ? sql`` : sql`and ${sql.ref(column)} in (${sql.join(values)})`
}

/** Counts a judge as what it is now, and no more as what it was. */
export async function recount(
  transaction: Transaction<Tables>,
  workspaceId: string,
  was: CountedAs,
  is: CountedAs,
): Promise<void> {
  if (was.outputType === is.outputType && was.modelName === is.modelName) return
  await changeCounts(transaction, workspaceId, [
    { ...was, by: -1 },
    { ...is, by: 1 },
  ])
}
