import { setImmediate as nextTurn } from 'node:timers/promises'
import { type RawBuilder, sql } from 'kysely'
import type { Page } from '../judges/judge-store.ts'
import type { JudgmentRecord } from '../judging/judgment.ts'
import type {
  JudgmentPageQuery,
  JudgmentStore,
  JudgmentsOf,
  ListedJudgment,
} from '../judging/judgment-store.ts'
import { GroupCommit } from './group-commit.ts'
import { toRecord, toRow } from './judgment-columns.ts'
import { pageOfJudgments } from './judgment-page.ts'
import { noteChange } from './note-change.ts'
import type { Database } from './open-database.ts'
import { transact } from './transact.ts'
import { addToUsage } from './usage-rows.ts'

/** Of 28 columns each: SQLite takes up to 32,766 values in a statement, PostgreSQL 65,535. */
const maxRowsPerInsert = 200

/** What is deleted in one transaction: SQLite works in the process and keeps everything else waiting meanwhile. */
const most = { judgments: 200, bytes: 250_000 }

/** A judgment that adds to usage, whether or not it is kept itself. */
interface Made {
  readonly record: JudgmentRecord
  readonly isKept: boolean
}

/** Judgments in the database. Ids are found whatever the case of their hex digits. */
export class JudgmentRows implements JudgmentStore {
  readonly #database: Database
  readonly #commits: GroupCommit<Made>

  constructor(database: Database) {
    this.#database = database
    this.#commits = new GroupCommit((made) => this.#addAll(made), maxRowsPerInsert)
  }

  insert(record: JudgmentRecord): Promise<void> {
    return this.#commits.add({ record, isKept: true })
  }

  count(record: JudgmentRecord): Promise<void> {
    return this.#commits.add({ record, isKept: false })
  }

  async find(workspaceId: string, id: string): Promise<JudgmentRecord | undefined> {
    const row = await this.#database.kysely
      .selectFrom('judgments')
      .selectAll()
      .where('id', '=', id.toLowerCase())
      .where('workspace_id', '=', workspaceId)
      .executeTakeFirst()
    return row && toRecord(row)
  }

  list(query: JudgmentPageQuery): Promise<Page<ListedJudgment>> {
    return pageOfJudgments(this.#database, query)
  }

  async findOf({ judgeId, revisionId }: JudgmentsOf, id: string): Promise<JudgmentRecord | undefined> {
    const row = await this.#database.kysely
      .selectFrom('judgments')
      .selectAll()
      .where('id', '=', id.toLowerCase())
      .where('judge_id', '=', judgeId)
      .where('run_id', 'is', null)
      .$if(revisionId !== undefined, (query) => query.where('revision_id', '=', revisionId ?? ''))
      .executeTakeFirst()
    return row && toRecord(row)
  }

  async remove({ judgeId, revisionId }: JudgmentsOf, id: string): Promise<'removed' | 'missing'> {
    return await transact(this.#database, async (transaction) => {
      const row = await transaction
        .deleteFrom('judgments')
        .where('id', '=', id.toLowerCase())
        .where('judge_id', '=', judgeId)
        .where('run_id', 'is', null)
        .$if(revisionId !== undefined, (query) => query.where('revision_id', '=', revisionId ?? ''))
        .returning('workspace_id')
        .executeTakeFirst()
      if (row === undefined) return 'missing'
      const change = { workspaceId: row.workspace_id, action: 'judgment.deleted', subjectId: id } as const
      await noteChange(this.#database, transaction, { ...change, detail: { judge_id: judgeId } })
      return 'removed'
    })
  }

  async removeOlder(before: Date, of?: JudgmentsOf, stop?: AbortSignal): Promise<number> {
    let removed = 0
    while (!stop?.aborted) {
      const part = await this.#removePart(before, of)
      if (part === undefined) break
      removed += part
      // A promise of SQLite's resolves without a turn of the event loop.
      await nextTurn()
    }
    return removed
  }

  /** Undefined once there is nothing left. Another process may take away what this one has found; then it is 0. */
  async #removePart(before: Date, of: JudgmentsOf | undefined): Promise<number | undefined> {
    return await transact(this.#database, async (transaction) => {
      const { rows } = await oldestOf(before, of).execute(transaction)
      if (rows.length === 0) return undefined
      const deleted = await transaction
        .deleteFrom('judgments')
        .where(
          'id',
          'in',
          rows.map(({ id }) => id),
        )
        .returning('workspace_id')
        .execute()
      // What nobody asked for was kept for as long as the settings say.
      if (of !== undefined && deleted[0] !== undefined) {
        const detail = { judge_id: of.judgeId, count: deleted.length }
        const change = { workspaceId: deleted[0].workspace_id, action: 'judgment.deleted' } as const
        await noteChange(this.#database, transaction, { ...change, subjectId: null, detail })
      }
      return deleted.length
    })
  }

  async #addAll(made: readonly Made[]): Promise<void> {
    const rows = made.filter(({ isKept }) => isKept).map(({ record }) => toRow(record))
    await transact(this.#database, async (transaction) => {
      if (rows.length > 0) await transaction.insertInto('judgments').values(rows).execute()
      await addToUsage(
        transaction,
        made.map(({ record }) => record),
      )
    })
  }
}

/** A query for the oldest judgments, as many as make little work together, and at least one. It reads sizes, no text. */
function oldestOf(before: Date, of: JudgmentsOf | undefined): RawBuilder<{ readonly id: string }> {
  const ofJudge = of ? sql`and judge_id = ${of.judgeId}` : sql``
  const ofRevision = of?.revisionId === undefined ? sql`` : sql`and revision_id = ${of.revisionId}`
  return sql`
    select id from (
      select id, sum(bytes) over (order by created_at_ms, id rows unbounded preceding) - bytes as bytes_before
      from (
        select id, created_at_ms, coalesce(octet_length(conversation), 0) + coalesce(octet_length(analysis), 0)
          + coalesce(octet_length(votes), 0) as bytes
        from judgments
        where run_id is null and created_at_ms < ${before.getTime()} ${ofJudge} ${ofRevision}
        order by created_at_ms ${of ? sql`, id` : sql``} limit ${most.judgments}
      ) as sized
    ) as summed
    where bytes_before < ${most.bytes}`
}
