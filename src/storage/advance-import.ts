import type { Transaction } from 'kysely'
import type { Claim, ImportStep } from '../datasets/task-store.ts'
import { insertRecords } from './insert-records.ts'
import { keptText } from './kept-text.ts'
import type { Database } from './open-database.ts'
import type { Tables } from './tables.ts'
import { transact } from './transact.ts'

/** Undoes what its transaction did. */
class Undo extends Error {
  override readonly name = 'Undo'
  readonly result: 'lost' | 'dataset_missing'

  constructor(result: 'lost' | 'dataset_missing') {
    super(result)
    this.result = result
  }
}

/** Stores what was made of the next lines of an import, and how far it is by that, in one transaction. */
export async function advanceImport(
  database: Database,
  step: ImportStep,
  claim: Claim,
): Promise<'stored' | 'lost' | 'dataset_missing'> {
  try {
    return await transact<'stored'>(database, async (transaction) => {
      const { workspaceId, datasetId } = step.task
      // The dataset first, which whoever removes it has locked first too.
      const into = await insertRecords(transaction, workspaceId, datasetId, step.records)
      if (into === 'dataset_missing') throw new Undo(into)
      if (!(await count(transaction, step, claim))) throw new Undo('lost')
      if (step.refusals.length > 0) {
        const rows = step.refusals.map(({ line, reason }) => ({
          task_id: step.task.id,
          line,
          reason: keptText(reason),
        }))
        await transaction.insertInto('import_refusals').values(rows).execute()
      }
      return 'stored'
    })
  } catch (error) {
    if (error instanceof Undo) return error.result
    throw error
  }
}

/** @returns whether the task stands where the step begins, and is the worker's */
async function count(transaction: Transaction<Tables>, step: ImportStep, claim: Claim): Promise<boolean> {
  const { records, refusals, linesBefore, end } = step
  const { numUpdatedRows } = await transaction
    .updateTable('dataset_tasks')
    .set(({ eb }) => ({
      lines_read: linesBefore + records.length + refusals.length,
      lines_taken: eb('lines_taken', '+', records.length),
      lines_refused: eb('lines_refused', '+', refusals.length),
      progress: step.progress,
      message: keptText(step.message),
      updated_at_ms: claim.now.getTime(),
      status: end ?? 'RUNNING',
      claimed_by: end === undefined ? claim.workerId : null,
      claimed_until_ms: end === undefined ? claim.until.getTime() : null,
    }))
    .where('id', '=', step.task.id)
    .where('claimed_by', '=', claim.workerId)
    .where('status', '=', 'RUNNING')
    .where('lines_read', '=', linesBefore)
    .executeTakeFirstOrThrow()
  return numUpdatedRows > 0n
}
