import type { Transaction } from 'kysely'
import type { Label } from '../agreement/label.ts'
import type { LabelQuery, LabelStore } from '../agreement/label-store.ts'
import type { Page } from '../judges/judge-store.ts'
import { keptJson, keptText } from './kept-text.ts'
import { noteChange } from './note-change.ts'
import type { Database } from './open-database.ts'
import type { LabelRow, Tables } from './tables.ts'
import { transact } from './transact.ts'

/** Of 7 columns each: SQLite takes up to 32,766 values in a statement. */
const maxRowsPerInsert = 200

/** What people say of records, in the database. Ids are found whatever the case of their hex digits. */
export class LabelRows implements LabelStore {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  put(labels: readonly Label[]): Promise<number> {
    return transact(this.#database, async (transaction) => {
      const there = await recordsOf(transaction, labels)
      const rows = labels.filter(({ recordId }) => there.has(recordId)).map(toRow)
      for (let from = 0; from < rows.length; from += maxRowsPerInsert) {
        await upsert(transaction, rows.slice(from, from + maxRowsPerInsert))
      }
      for (const [judgeId, given] of Map.groupBy(rows, (row) => row.judge_id)) {
        const { workspace_id: workspaceId = '', id = '', record_id } = given[0] ?? {}
        const one = given.length === 1 && { record_id }
        const detail = { judge_id: judgeId, count: given.length, ...one }
        const change = { workspaceId, action: 'label.given', subjectId: one ? id : null, detail } as const
        await noteChange(this.#database, transaction, change)
      }
      return rows.length
    })
  }

  async list(workspaceId: string, recordId: string, query: LabelQuery): Promise<Page<Label>> {
    const { page, pageSize, judgeId } = query
    const all = this.#database.kysely
      .selectFrom('labels')
      .where('workspace_id', '=', workspaceId)
      .where('record_id', '=', recordId.toLowerCase())
      .$if(judgeId !== undefined, (rows) => rows.where('judge_id', '=', judgeId?.toLowerCase() ?? ''))
    const counted = await all.select(({ fn }) => fn.countAll<number>().as('count')).executeTakeFirstOrThrow()
    const rows = await all
      .selectAll()
      .orderBy('created_at_ms', 'desc')
      .orderBy('id', 'desc')
      .limit(pageSize)
      .offset((page - 1) * pageSize)
      .execute()
    return { items: rows.map(toLabel), count: counted.count }
  }

  async remove(workspaceId: string, recordId: string, id: string): Promise<'removed' | 'missing'> {
    return await transact(this.#database, async (transaction) => {
      const row = await transaction
        .deleteFrom('labels')
        .where('id', '=', id.toLowerCase())
        .where('record_id', '=', recordId.toLowerCase())
        .where('workspace_id', '=', workspaceId)
        .returning(['judge_id', 'record_id'])
        .executeTakeFirst()
      if (row === undefined) return 'missing'
      const change = { workspaceId, action: 'label.deleted', subjectId: id, detail: row } as const
      await noteChange(this.#database, transaction, change)
      return 'removed'
    })
  }
}

async function recordsOf(
  transaction: Transaction<Tables>,
  labels: readonly Label[],
): Promise<ReadonlySet<string>> {
  if (labels.length === 0) return new Set()
  const ids = labels.map(({ recordId }) => recordId)
  const rows = await transaction.selectFrom('dataset_records').select('id').where('id', 'in', ids).execute()
  return new Set(rows.map(({ id }) => id))
}

async function upsert(transaction: Transaction<Tables>, rows: readonly LabelRow[]): Promise<void> {
  await transaction
    .insertInto('labels')
    .values(rows)
    .onConflict((conflict) =>
      conflict.columns(['record_id', 'judge_id', 'author']).doUpdateSet(({ ref }) => ({
        id: ref('excluded.id'),
        value: ref('excluded.value'),
        created_at_ms: ref('excluded.created_at_ms'),
      })),
    )
    .execute()
}

function toRow(label: Label): LabelRow {
  return {
    id: label.id,
    workspace_id: label.workspaceId,
    judge_id: label.judgeId,
    record_id: label.recordId,
    author: keptText(label.author),
    value: label.value === null ? null : keptJson(label.value),
    created_at_ms: label.createdAt.getTime(),
  }
}

function toLabel(row: LabelRow): Label {
  return {
    id: row.id,
    workspaceId: row.workspace_id,
    judgeId: row.judge_id,
    recordId: row.record_id,
    author: row.author,
    value: row.value === null ? null : (JSON.parse(row.value) as string | number),
    createdAt: new Date(row.created_at_ms),
  }
}
