import { type RawBuilder, type Selectable, sql } from 'kysely'
import type { FileFacts, FileLink, FileQuery, FileStore, NewFile } from '../datasets/file-store.ts'
import type { StoredFile } from '../datasets/stored-file.ts'
import type { Page } from '../judges/judge-store.ts'
import type { FileRow } from './dataset-tables.ts'
import { finishFile } from './file-changes.ts'
import { keptText } from './kept-text.ts'
import { noteChange } from './note-change.ts'
import type { Database } from './open-database.ts'
import { purgeFiles } from './purge-files.ts'
import { transact } from './transact.ts'

/** Files in the database. Ids are found whatever the case of their hex digits. */
export class FileRows implements FileStore {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  async begin({ id, workspaceId, ownerId, createdAt, taskId }: NewFile): Promise<void> {
    await this.#database.kysely
      .insertInto('files')
      .values({
        id,
        workspace_id: workspaceId,
        owner_id: ownerId,
        name: '',
        purpose: '',
        media_type: null,
        size_bytes: 0,
        is_whole: 0,
        task_id: taskId,
        created_at_ms: createdAt.getTime(),
        touched_at_ms: createdAt.getTime(),
        expires_at_ms: null,
      })
      .execute()
  }

  async append(id: string, number: number, content: Uint8Array, now: Date): Promise<'added' | 'missing'> {
    return await transact(this.#database, async (transaction) => {
      const { numUpdatedRows } = await transaction
        .updateTable('files')
        .set(({ eb }) => ({
          size_bytes: eb('size_bytes', '+', content.length),
          touched_at_ms: now.getTime(),
        }))
        .where('id', '=', id)
        .where('is_whole', '=', 0)
        .where('touched_at_ms', '>', 0)
        .executeTakeFirstOrThrow()
      if (numUpdatedRows === 0n) return 'missing'
      await transaction.insertInto('file_chunks').values({ file_id: id, number, content }).execute()
      return 'added'
    })
  }

  async finish(id: string, facts: FileFacts): Promise<StoredFile | undefined> {
    return await transact(this.#database, async (transaction) => {
      const row = await finishFile(transaction, id, facts).executeTakeFirst()
      if (row === undefined) return undefined
      const change = { workspaceId: row.workspace_id, action: 'file.uploaded', subjectId: row.id } as const
      const detail = { name: row.name, bytes: row.size_bytes }
      await noteChange(this.#database, transaction, { ...change, detail })
      return toFile(row)
    })
  }

  async abandon(id: string): Promise<void> {
    await this.#database.kysely
      .updateTable('files')
      .set({ touched_at_ms: 0 })
      .where('id', '=', id)
      .where('is_whole', '=', 0)
      .execute()
  }

  async find(workspaceId: string, id: string): Promise<StoredFile | undefined> {
    const row = await this.#database.kysely
      .selectFrom('files')
      .selectAll()
      .where('id', '=', id.toLowerCase())
      .where('workspace_id', '=', workspaceId)
      .where('is_whole', '=', 1)
      .executeTakeFirst()
    return row && toFile(row)
  }

  async list(workspaceId: string, query: FileQuery, now: Date): Promise<Page<StoredFile>> {
    const listed = sql`
      from files where workspace_id = ${workspaceId} and is_whole = 1 and task_id is null
        and (expires_at_ms is null or expires_at_ms > ${now.getTime()}) ${conditions(query)}`
    const { page, pageSize } = query
    const { rows } = await sql<FileRow>`
      select * ${listed} order by created_at_ms desc, id desc
      limit ${pageSize} offset ${page * pageSize}`.execute(this.#database.kysely)
    const counted = await sql<{ count: number }>`select count(*) as count ${listed}`.execute(
      this.#database.kysely,
    )
    return { items: rows.map(toFile), count: counted.rows[0]?.count ?? 0 }
  }

  async remove(workspaceId: string, id: string): Promise<'removed' | 'missing'> {
    return await transact(this.#database, async (transaction) => {
      const row = await transaction
        .updateTable('files')
        .set({ is_whole: 0, touched_at_ms: 0 })
        .where('id', '=', id.toLowerCase())
        .where('workspace_id', '=', workspaceId)
        .where('is_whole', '=', 1)
        .returning('name')
        .executeTakeFirst()
      if (row === undefined) return 'missing'
      const change = { workspaceId, action: 'file.deleted', subjectId: id } as const
      await noteChange(this.#database, transaction, { ...change, detail: { name: row.name } })
      return 'removed'
    })
  }

  async readChunk(id: string, number: number): Promise<Uint8Array | undefined> {
    const row = await this.#database.kysely
      .selectFrom('file_chunks')
      .innerJoin('files', 'files.id', 'file_chunks.file_id')
      .select('content')
      .where('file_id', '=', id)
      .where('number', '=', number)
      .where('is_whole', '=', 1)
      .executeTakeFirst()
    return row?.content
  }

  async insertLink({ hash, fileId, expiresAt }: Omit<FileLink, 'workspaceId'>, now: Date): Promise<void> {
    await transact(this.#database, async (transaction) => {
      await transaction
        .deleteFrom('file_links')
        .where('file_id', '=', fileId)
        .where('expires_at_ms', '<=', now.getTime())
        .execute()
      await transaction
        .insertInto('file_links')
        .values({ hash, file_id: fileId, expires_at_ms: expiresAt.getTime() })
        .execute()
    })
  }

  async findLink(hash: string): Promise<FileLink | undefined> {
    const row = await this.#database.kysely
      .selectFrom('file_links')
      .innerJoin('files', 'files.id', 'file_links.file_id')
      .select(['file_id', 'workspace_id', 'file_links.expires_at_ms'])
      .where('hash', '=', hash)
      .executeTakeFirst()
    return (
      row && {
        hash,
        fileId: row.file_id,
        workspaceId: row.workspace_id,
        expiresAt: new Date(row.expires_at_ms),
      }
    )
  }

  purge(now: Date, cutOffBefore: Date): Promise<'removed' | 'nothing_left'> {
    return purgeFiles(this.#database, now, cutOffBefore)
  }
}

function conditions({ text, purpose, purposeIsNot, mediaTypes }: FileQuery): RawBuilder<unknown> {
  const parts = [sql``]
  if (text) {
    const pattern = `%${keptText(text).replaceAll(/[\\%_]/g, '\\$&')}%`
    parts.push(sql`and lower(name) like lower(${pattern}) escape '\\'`)
  }
  if (purpose !== undefined) parts.push(sql`and purpose = ${keptText(purpose)}`)
  if (purposeIsNot !== undefined) parts.push(sql`and purpose <> ${keptText(purposeIsNot)}`)
  if (mediaTypes !== undefined) parts.push(sql`and media_type in (${sql.join(mediaTypes.map(keptText))})`)
  return sql.join(parts, sql` `)
}

function toFile(row: Selectable<FileRow>): StoredFile {
  return {
    id: row.id,
    workspaceId: row.workspace_id,
    ownerId: row.owner_id,
    name: row.name,
    purpose: row.purpose,
    mediaType: row.media_type,
    sizeBytes: row.size_bytes,
    createdAt: new Date(row.created_at_ms),
    expiresAt: row.expires_at_ms === null ? null : new Date(row.expires_at_ms),
    taskId: row.task_id,
  }
}
