import type { CompiledQuery } from 'kysely'
import type { Founding, KeyRecord, KeyStore, Owner, Page, Workspace } from '../access/key-store.ts'
import { toKeyRecord, toKeyRow } from './key-columns.ts'
import { noteChange } from './note-change.ts'
import type { Database } from './open-database.ts'
import { revokeKey } from './revoke-key.ts'
import type { KeyRow, OwnerRow, WorkspaceRow } from './tables.ts'
import { transact } from './transact.ts'

/** Workspaces, owners and keys in the database. */
export class KeyRows implements KeyStore {
  readonly #database: Database
  // Built once: each call is authenticated, and to build the query costs more than to run it.
  readonly #findByHash: CompiledQuery<KeyRow>

  constructor(database: Database) {
    this.#database = database
    this.#findByHash = database.kysely.selectFrom('keys').selectAll().where('hash', '=', '').compile()
  }

  async found(founding: Founding, beforeCommit: () => Promise<void>): Promise<'founded' | 'exists'> {
    // Not `transact`, whose second try would call `beforeCommit` twice.
    return await this.#database.kysely.transaction().execute(async (transaction) => {
      await this.#database.engine.lockWorkspaces(transaction)
      const existing = await transaction.selectFrom('workspaces').select('id').limit(1).executeTakeFirst()
      if (existing !== undefined) return 'exists'
      await transaction.insertInto('workspaces').values(toWorkspaceRow(founding.workspace)).execute()
      await transaction.insertInto('owners').values(toOwnerRow(founding.owner)).execute()
      await transaction.insertInto('keys').values(toKeyRow(founding.key)).execute()
      await noteChange(this.#database, transaction, madeKey(founding.key))
      await beforeCommit()
      return 'founded'
    })
  }

  async findByHash(hash: string): Promise<KeyRecord | undefined> {
    const { rows } = await this.#database.kysely.executeQuery<KeyRow>({
      ...this.#findByHash,
      parameters: [hash],
    })
    return rows[0] && toKeyRecord(rows[0])
  }

  async insertWorkspace(workspace: Workspace): Promise<'inserted' | 'name_taken'> {
    const result = await this.#database.kysely
      .insertInto('workspaces')
      .values(toWorkspaceRow(workspace))
      .onConflict((conflict) => conflict.column('name').doNothing())
      .executeTakeFirstOrThrow()
    return result.numInsertedOrUpdatedRows === 1n ? 'inserted' : 'name_taken'
  }

  async listWorkspaces(): Promise<readonly Workspace[]> {
    const rows = await this.#database.kysely
      .selectFrom('workspaces')
      .selectAll()
      .orderBy('created_at_ms')
      .orderBy('id')
      .execute()
    return rows.map(toWorkspace)
  }

  async findWorkspace(name: string): Promise<Workspace | undefined> {
    const row = await this.#database.kysely
      .selectFrom('workspaces')
      .selectAll()
      .where('name', '=', name)
      .executeTakeFirst()
    return row && toWorkspace(row)
  }

  async findOrInsertOwner(owner: Owner): Promise<Owner> {
    return await transact(this.#database, async (transaction) => {
      // When another transaction inserts the same owner, this waits for its end, and the query after it sees it.
      await transaction
        .insertInto('owners')
        .values(toOwnerRow(owner))
        .onConflict((conflict) => conflict.columns(['workspace_id', 'name']).doNothing())
        .execute()
      const row = await transaction
        .selectFrom('owners')
        .selectAll()
        .where('workspace_id', '=', owner.workspaceId)
        .where('name', '=', owner.name)
        .executeTakeFirstOrThrow()
      return toOwner(row)
    })
  }

  async insertKey(key: KeyRecord): Promise<'inserted' | 'known'> {
    return await transact(this.#database, async (transaction) => {
      const result = await transaction
        .insertInto('keys')
        .values(toKeyRow(key))
        .onConflict((conflict) => conflict.column('hash').doNothing())
        .executeTakeFirstOrThrow()
      if (result.numInsertedOrUpdatedRows !== 1n) return 'known'
      await noteChange(this.#database, transaction, madeKey(key))
      return 'inserted'
    })
  }

  async listKeys(workspaceId: string): Promise<readonly KeyRecord[]> {
    const rows = await this.#newestFirst(workspaceId).selectAll().execute()
    return rows.map(toKeyRecord)
  }

  async pageOfKeys(workspaceId: string, page: number, pageSize: number): Promise<Page<KeyRecord>> {
    const { count } = await this.#database.kysely
      .selectFrom('keys')
      .select(({ fn }) => fn.countAll<number>().as('count'))
      .where('workspace_id', '=', workspaceId)
      .executeTakeFirstOrThrow()
    const rows = await this.#newestFirst(workspaceId)
      .selectAll()
      .limit(pageSize)
      .offset((page - 1) * pageSize)
      .execute()
    return { items: rows.map(toKeyRecord), count }
  }

  #newestFirst(workspaceId: string) {
    return this.#database.kysely
      .selectFrom('keys')
      .where('workspace_id', '=', workspaceId)
      .orderBy('created_at_ms', 'desc')
      .orderBy('id', 'desc')
  }

  revokeKey(
    workspaceId: string,
    keyId: string,
    revokedAt: Date,
    { sparesLastAdmin } = { sparesLastAdmin: false },
  ): Promise<'revoked' | 'missing' | 'last_admin'> {
    const key = { workspaceId, id: keyId.toLowerCase() }
    return transact(this.#database, (transaction) =>
      revokeKey(this.#database, transaction, key, { revokedAt, sparesLastAdmin }),
    )
  }

  async markUsed(uses: ReadonlyMap<string, Date>): Promise<void> {
    if (uses.size === 0) return
    // Always in the same order, so that two processes that mark the same keys never wait for each other.
    const ordered = [...uses].toSorted(([one], [other]) => (one < other ? -1 : 1))
    await transact(this.#database, async (transaction) => {
      for (const [keyId, usedAt] of ordered) {
        const usedAtMs = usedAt.getTime()
        await transaction
          .updateTable('keys')
          .set({ last_used_at_ms: usedAtMs })
          .where('id', '=', keyId)
          .where((is) => is.or([is('last_used_at_ms', 'is', null), is('last_used_at_ms', '<', usedAtMs)]))
          .execute()
      }
    })
  }
}

function madeKey({ id: subjectId, workspaceId, name, role, expiresAt }: KeyRecord) {
  const detail = { name, role, expires_at: expiresAt?.toISOString() ?? null }
  return { workspaceId, action: 'key.made', subjectId, detail } as const
}

function toWorkspaceRow({ id, name, createdAt }: Workspace): WorkspaceRow {
  return { id, name, created_at_ms: createdAt.getTime() }
}

function toWorkspace(row: WorkspaceRow): Workspace {
  return { id: row.id, name: row.name, createdAt: new Date(row.created_at_ms) }
}

function toOwnerRow({ id, workspaceId, name, createdAt }: Owner): OwnerRow {
  return { id, workspace_id: workspaceId, name, created_at_ms: createdAt.getTime() }
}

function toOwner(row: OwnerRow): Owner {
  return { id: row.id, workspaceId: row.workspace_id, name: row.name, createdAt: new Date(row.created_at_ms) }
}
