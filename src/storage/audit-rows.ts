import type { Selectable } from 'kysely'
import type { Audit, AuditEntry, AuditQuery } from '../access/audit.ts'
import type { Page } from '../access/key-store.ts'
import type { AuditEntryRow } from './audit-tables.ts'
import type { Database } from './open-database.ts'

/** Who changed what, in the database; see `noteChange`. */
export class AuditRows implements Audit {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  async list(workspaceId: string, query: AuditQuery): Promise<Page<AuditEntry>> {
    const { page, pageSize, actions, subjectId, keyId, since, until } = query
    const found = this.#database.kysely
      .selectFrom('audit_entries')
      .where('workspace_id', '=', workspaceId)
      .$if(actions.length > 0, (rows) => rows.where('action', 'in', actions))
      .$if(subjectId !== undefined, (rows) => rows.where('subject_id', '=', subjectId?.toLowerCase() ?? ''))
      .$if(keyId !== undefined, (rows) => rows.where('key_id', '=', keyId?.toLowerCase() ?? ''))
      .$if(since !== undefined, (rows) => rows.where('at_ms', '>=', since?.getTime() ?? 0))
      .$if(until !== undefined, (rows) => rows.where('at_ms', '<', until?.getTime() ?? 0))
    const { count } = await found
      .select(({ fn }) => fn.countAll<number>().as('count'))
      .executeTakeFirstOrThrow()
    const rows = await found
      .selectAll()
      .orderBy('at_ms', 'desc')
      .orderBy('seq', 'desc')
      .limit(pageSize)
      .offset((page - 1) * pageSize)
      .execute()
    return { items: rows.map(toEntry), count }
  }
}

function toEntry(row: Selectable<AuditEntryRow>): AuditEntry {
  return {
    id: row.seq,
    at: new Date(row.at_ms),
    keyId: row.key_id,
    requestId: row.request_id,
    action: row.action,
    subjectId: row.subject_id,
    detail: JSON.parse(row.detail) as AuditEntry['detail'],
  }
}
