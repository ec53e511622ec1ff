import type { Insertable, Transaction } from 'kysely'
import type { KeyRecord } from '../access/key-store.ts'
import type { SessionRecord, SessionStore, SignInLink } from '../access/session-store.ts'
import { toKeyRecord } from './key-columns.ts'
import { noteChange } from './note-change.ts'
import type { Database } from './open-database.ts'
import type { SessionRow, Tables } from './tables.ts'
import { transact } from './transact.ts'

/** Sessions and the links that begin them, in the database. */
export class SessionRows implements SessionStore {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  async insertSession(session: SessionRecord): Promise<void> {
    await transact(this.#database, async (transaction) => {
      await transaction
        .deleteFrom('sessions')
        .where('expires_at_ms', '<=', session.createdAt.getTime())
        .execute()
      await transaction.insertInto('sessions').values(toSessionRow(session)).execute()
      await this.#note(transaction, 'session.begun', session.keyId)
    })
  }

  async findSession(hash: string): Promise<{ session: SessionRecord; key: KeyRecord } | undefined> {
    const row = await this.#database.kysely
      .selectFrom('sessions')
      .innerJoin('keys', 'keys.id', 'sessions.key_id')
      .selectAll('keys')
      .select([
        'sessions.hash as session_hash',
        'sessions.created_at_ms as begun_at_ms',
        'sessions.expires_at_ms as ends_at_ms',
      ])
      .where('sessions.hash', '=', hash)
      .executeTakeFirst()
    if (row === undefined) return undefined
    const session = {
      hash: row.session_hash,
      keyId: row.id,
      createdAt: new Date(row.begun_at_ms),
      expiresAt: new Date(row.ends_at_ms),
    }
    return { session, key: toKeyRecord(row) }
  }

  async extendSession(hash: string, expiresAt: Date): Promise<void> {
    await this.#database.kysely
      .updateTable('sessions')
      .set({ expires_at_ms: expiresAt.getTime() })
      .where('hash', '=', hash)
      .where('expires_at_ms', '<', expiresAt.getTime())
      .execute()
  }

  async deleteSession(hash: string): Promise<void> {
    await transact(this.#database, async (transaction) => {
      const ended = await transaction
        .deleteFrom('sessions')
        .where('hash', '=', hash)
        .returning('key_id')
        .executeTakeFirst()
      if (ended !== undefined) await this.#note(transaction, 'session.ended', ended.key_id)
    })
  }

  async insertLink({ hash, keyId, expiresAt }: SignInLink, now: Date): Promise<void> {
    await transact(this.#database, async (transaction) => {
      await transaction.deleteFrom('sign_in_links').where('expires_at_ms', '<=', now.getTime()).execute()
      await transaction
        .insertInto('sign_in_links')
        .values({ hash, key_id: keyId, expires_at_ms: expiresAt.getTime() })
        .execute()
    })
  }

  async takeLink(hash: string, now: Date): Promise<KeyRecord | undefined> {
    const taken = await this.#database.kysely
      .deleteFrom('sign_in_links')
      .where('hash', '=', hash)
      .where('expires_at_ms', '>', now.getTime())
      .returning('key_id')
      .executeTakeFirst()
    return taken && (await this.findKey(taken.key_id))
  }

  async findKey(id: string): Promise<KeyRecord | undefined> {
    const row = await this.#database.kysely
      .selectFrom('keys')
      .selectAll()
      .where('id', '=', id)
      .executeTakeFirst()
    return row && toKeyRecord(row)
  }

  async workspaceName(id: string): Promise<string | undefined> {
    const row = await this.#database.kysely
      .selectFrom('workspaces')
      .select('name')
      .where('id', '=', id)
      .executeTakeFirst()
    return row?.name
  }

  /** A session is known by its key: its own hash says nothing to anybody. */
  async #note(
    transaction: Transaction<Tables>,
    action: 'session.begun' | 'session.ended',
    keyId: string,
  ): Promise<void> {
    const { workspace_id: workspaceId } = await transaction
      .selectFrom('keys')
      .select('workspace_id')
      .where('id', '=', keyId)
      .executeTakeFirstOrThrow()
    await noteChange(this.#database, transaction, { workspaceId, action, subjectId: keyId, keyId })
  }
}

function toSessionRow({ hash, keyId, createdAt, expiresAt }: SessionRecord): Insertable<SessionRow> {
  return {
    hash,
    key_id: keyId,
    created_at_ms: createdAt.getTime(),
    expires_at_ms: expiresAt.getTime(),
  }
}
