import type { Transaction } from 'kysely'
import type { JudgmentRecord } from '../judging/judgment.ts'
import { adding } from './adding.ts'
import type { RunCountRow } from './run-tables.ts'
import type { Tables } from './tables.ts'

const sums = [
  'judgments',
  'charged',
  'input_tokens',
  'output_tokens',
  'cost',
  'unpriced',
  'answer_sum',
] as const satisfies readonly (keyof RunCountRow)[]

/**
 * Counts judgments that a transaction adds to a run. To count them when the run is shown would cost more with each.
 * Call it last in the transaction: the rows are locked until the commit.
 */
export async function addToCounts(
  transaction: Transaction<Tables>,
  runId: string,
  records: readonly JudgmentRecord[],
): Promise<void> {
  await transaction
    .insertInto('run_counts')
    .values(countsOf(runId, records))
    .onConflict((conflict) => conflict.columns(['run_id', 'outcome']).doUpdateSet(adding('run_counts', sums)))
    .execute()
}

/** Always in the same order, so that two transactions that change the same two rows never wait for each other. */
function countsOf(runId: string, records: readonly JudgmentRecord[]): RunCountRow[] {
  const counts = new Map<string, RunCountRow>()
  for (const { outcome, answer, account, cost } of records) {
    const { inputTokens, outputTokens } = account
    const row = counts.get(outcome)
    counts.set(outcome, {
      run_id: runId,
      outcome,
      judgments: (row?.judgments ?? 0) + 1,
      charged: (row?.charged ?? 0) + (inputTokens + outputTokens > 0 ? 1 : 0),
      input_tokens: (row?.input_tokens ?? 0) + inputTokens,
      output_tokens: (row?.output_tokens ?? 0) + outputTokens,
      cost: (row?.cost ?? 0) + (cost ?? 0),
      unpriced: (row?.unpriced ?? 0) + (cost === null ? 1 : 0),
      answer_sum: (row?.answer_sum ?? 0) + (typeof answer === 'number' ? answer : 0),
    })
  }
  return [...counts.values()].sort((one, other) => (one.outcome < other.outcome ? -1 : 1))
}
