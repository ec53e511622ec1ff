import { sql, type Transaction } from 'kysely'
import type { JudgmentRecord } from '../judging/judgment.ts'
import type { Tables } from './tables.ts'

/**
 * Counts the options that a transaction's judgments answered. Call it after the run's other counts were changed: those
 * rows keep everybody else out of these.
 */
export async function addToAnswers(
  transaction: Transaction<Tables>,
  runId: string,
  records: readonly JudgmentRecord[],
): Promise<void> {
  const options = records.flatMap(({ answer }) =>
    typeof answer === 'string' ? [JSON.stringify(answer)] : [],
  )
  const rows = countsOf(options).map(([answer, judgments]) => ({ run_id: runId, answer, judgments }))
  if (rows.length === 0) return
  await transaction
    .insertInto('run_answers')
    .values(rows)
    .onConflict((conflict) =>
      conflict.columns(['run_id', 'answer']).doUpdateSet(({ eb, ref }) => ({
        judgments: eb('run_answers.judgments', '+', ref('excluded.judgments')),
      })),
    )
    .execute()
}

/**
 * Takes back what judgments counted that are to be made again.
 * @param answers as they were stored
 * @returns the sum of those that are numbers
 */
export async function takeFromAnswers(
  transaction: Transaction<Tables>,
  runId: string,
  answers: readonly (string | null)[],
): Promise<number> {
  const stored = answers.flatMap((answer) => answer ?? [])
  for (const [answer, count] of countsOf(stored.filter(isOption))) {
    await sql`update run_answers set judgments = judgments - ${count}
      where run_id = ${runId} and answer = ${answer}`.execute(transaction)
  }
  return stored.reduce((sum, answer) => (isOption(answer) ? sum : sum + Number(answer)), 0)
}

/** Numbers are stored without quotes. */
function isOption(stored: string): boolean {
  return stored.startsWith('"')
}

/** In the same order always, so that two transactions that change the same two rows never wait for each other. */
function countsOf(texts: readonly string[]): (readonly [string, number])[] {
  return [...Map.groupBy(texts, (text) => text)]
    .map(([text, same]) => [text, same.length] as const)
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
}
