import { type CompiledQuery, sql, type Transaction } from 'kysely'
import type {
  FoundJudge,
  Judge,
  JudgeQuery,
  JudgeStore,
  NewJudge,
  NewRevision,
  Page,
} from '../judges/judge-store.ts'
import type { Revision } from '../judges/revision.ts'
import type { UniqueIndex } from './engines.ts'
import {
  type JudgeColumns,
  judgeColumns,
  type RevisionColumns,
  revisionColumns,
  toJudge,
  toNewJudgeRow,
  toRevision,
  toRevisionRow,
  toSummary,
} from './judge-columns.ts'
import { changeCounts, countedAs, recount } from './judge-counts.ts'
import { pageOfJudges } from './judge-page.ts'
import { noteChange } from './note-change.ts'
import { noteRevision } from './note-revision.ts'
import type { Database } from './open-database.ts'
import type { JudgeRow, Tables } from './tables.ts'
import { transact } from './transact.ts'

const livingName: UniqueIndex = { name: 'judges_living_name', columns: 'judges.workspace_id, judges.name' }

/** Judges and their revisions in the database. Ids are found whatever the case of their hex digits. */
export class JudgeRows implements JudgeStore {
  readonly #database: Database
  // Built once: to build such a query costs several times what it takes SQLite to run it.
  readonly #findByJudgeId: CompiledQuery<JudgeColumns>
  readonly #findByRevisionId: CompiledQuery<JudgeColumns>

  constructor(database: Database) {
    this.#database = database
    const isFound = sql`= ${''} and judges.workspace_id = ${''} and judges.deleted_at_ms is null`
    this.#findByJudgeId = sql<JudgeColumns>`
      select ${judgeColumns} from judges
      join judge_revisions as revision on revision.id = judges.latest_revision_id
      where judges.id ${isFound}`.compile(database.kysely)
    this.#findByRevisionId = sql<JudgeColumns>`
      select ${judgeColumns} from judge_revisions as revision
      join judges on judges.id = revision.judge_id
      where revision.id ${isFound}`.compile(database.kysely)
  }

  async insert(judge: NewJudge): Promise<'inserted' | 'name_taken'> {
    return await this.#unlessNameTaken(async (transaction) => {
      const revision = toRevisionRow({ ...judge, judgeId: judge.id }, 1)
      await transaction.insertInto('judge_revisions').values(revision).execute()
      await transaction.insertInto('judges').values(toNewJudgeRow(judge)).execute()
      await changeCounts(transaction, judge.workspaceId, [{ ...countedAs(judge.definition), by: 1 }])
      await noteRevision(this.#database, transaction, 'judge.created', { ...judge, judgeId: judge.id })
      return 'inserted'
    })
  }

  async find(workspaceId: string, id: string): Promise<FoundJudge | undefined> {
    const latest = await this.#findWith(this.#findByJudgeId, workspaceId, id)
    if (latest !== undefined) return { judge: latest, isPinned: false }
    const pinned = await this.#findWith(this.#findByRevisionId, workspaceId, id)
    return pinned && { judge: pinned, isPinned: true }
  }

  async list(workspaceId: string, query: JudgeQuery): Promise<Page<Judge>> {
    const pageRows = await pageOfJudges(this.#database, workspaceId, query)
    const { rows } = await pageRows.execute(this.#database.kysely)
    return {
      items: rows.flatMap((row) => (row.judge_id === null ? [] : [toJudge(row)])),
      count: rows[0]?.count ?? 0,
    }
  }

  async addRevision(revision: NewRevision): Promise<'added' | 'name_taken' | 'not_latest'> {
    const { workspaceId, judgeId, followsRevisionId, definition } = revision
    return await this.#unlessNameTaken(async (transaction) => {
      const followed = await transaction
        .selectFrom('judge_revisions')
        .select(['number', 'output', 'model_name'])
        .where('id', '=', followsRevisionId)
        .executeTakeFirst()
      // The judge first: its lock keeps out whoever else follows the same revision.
      const changed = await changeLatest(transaction, workspaceId, judgeId, followsRevisionId, {
        ...toSummary(definition),
        updated_at_ms: revision.createdAt.getTime(),
      })
      if (followed === undefined || changed === undefined) return 'not_latest'
      const row = toRevisionRow(revision, followed.number + 1)
      await transaction.insertInto('judge_revisions').values(row).execute()
      await transaction
        .updateTable('judges')
        .set({ latest_revision_id: row.id })
        .where('id', '=', row.judge_id)
        .execute()
      const was = { outputType: JSON.parse(followed.output).type, modelName: followed.model_name }
      await recount(transaction, workspaceId, was, countedAs(definition))
      await noteRevision(this.#database, transaction, 'judge.changed', revision)
      return 'added'
    })
  }

  async remove(
    workspaceId: string,
    judgeId: string,
    latestRevisionId: string,
    deletedAt: Date,
  ): Promise<'removed' | 'not_latest'> {
    return await transact(this.#database, async (transaction) => {
      const removed = await changeLatest(transaction, workspaceId, judgeId, latestRevisionId, {
        deleted_at_ms: deletedAt.getTime(),
        // So that it leaves the index of trigrams.
        search_text: '',
      })
      if (removed === undefined) return 'not_latest'
      const was = { outputType: removed.output_type, modelName: removed.model_name }
      await changeCounts(transaction, workspaceId, [{ ...was, by: -1 }])
      await noteChange(this.#database, transaction, {
        workspaceId,
        action: 'judge.deleted',
        subjectId: judgeId,
      })
      return 'removed'
    })
  }

  async listRevisions(
    workspaceId: string,
    judgeId: string,
    page: number,
    pageSize: number,
  ): Promise<Page<Revision>> {
    // Numbers have no gaps, so the latest one is the count, and a page is a range of numbers.
    const offset = (page - 1) * pageSize
    const { rows } = await sql<{ count: number } & (RevisionColumns | { revision_id: null })>`
      select latest.number as count, ${revisionColumns} from judges
      join judge_revisions as latest on latest.id = judges.latest_revision_id
      left join judge_revisions as revision on revision.judge_id = judges.id
        and revision.number <= latest.number - ${offset}
        and revision.number > latest.number - ${offset + pageSize}
      where judges.id = ${judgeId.toLowerCase()} and judges.workspace_id = ${workspaceId}
        and judges.deleted_at_ms is null
      order by revision.number desc`.execute(this.#database.kysely)
    return {
      items: rows.flatMap((row) => (row.revision_id === null ? [] : [toRevision(row)])),
      count: rows[0]?.count ?? 0,
    }
  }

  async #findWith(
    query: CompiledQuery<JudgeColumns>,
    workspaceId: string,
    id: string,
  ): Promise<Judge | undefined> {
    const parameters = [id.toLowerCase(), workspaceId]
    const { rows } = await this.#database.kysely.executeQuery<JudgeColumns>({ ...query, parameters })
    return rows[0] && toJudge(rows[0])
  }

  async #unlessNameTaken<Result extends string>(
    work: (transaction: Transaction<Tables>) => Promise<Result>,
  ): Promise<Result | 'name_taken'> {
    try {
      return await transact(this.#database, work)
    } catch (error) {
      if (this.#database.engine.violates(error, livingName)) return 'name_taken'
      throw error
    }
  }
}

/** Changes a living judge if this still is its latest revision; gives what it is counted as, or undefined. */
async function changeLatest(
  transaction: Transaction<Tables>,
  workspaceId: string,
  judgeId: string,
  latestRevisionId: string,
  change: Partial<Omit<JudgeRow, 'seq'>>,
): Promise<Pick<JudgeRow, 'output_type' | 'model_name'> | undefined> {
  return await transaction
    .updateTable('judges')
    .set(change)
    .where('id', '=', judgeId)
    .where('workspace_id', '=', workspaceId)
    .where('latest_revision_id', '=', latestRevisionId)
    .where('deleted_at_ms', 'is', null)
    .returning(['output_type', 'model_name'])
    .executeTakeFirst()
}
