import { AssizeError } from '../errors.ts'
import { type Caller, callerOfKey, lastAdminKey, notAuthenticated } from './caller.ts'
import { hashKey, hintOf, isSameHash, makeKey } from './key.ts'
import type { KeyRecord, KeyStore, Page, Workspace } from './key-store.ts'
import { KeyUses } from './key-uses.ts'
import type { Role } from './role.ts'

export interface KeysTools {
  readonly store: KeyStore
  readonly now: () => Date
  readonly newId: () => string
  /** `keyBytes` bytes of a cryptographic source. */
  readonly randomKeyBytes: () => Buffer
}

export interface KeyRequest {
  /** What the key is for. */
  readonly name: string
  readonly role: Role
  readonly workspaceName: string
  /** Made when the workspace has no owner of that name. */
  readonly ownerName: string
  readonly expiresAt: Date | null
}

type KeyFacts = Pick<KeyRecord, 'workspaceId' | 'ownerId' | 'name' | 'role' | 'expiresAt'>

export type NewKey = Pick<KeyRequest, 'name' | 'role' | 'expiresAt'>

export interface MadeKey {
  /** Known here and now only: what is stored is a hash. */
  readonly key: string
  readonly record: KeyRecord
}

export const firstWorkspaceName = 'default'
const firstOwnerName = 'admin'

/** The use cases of keys, workspaces and owners. */
export class Keys {
  readonly #tools: KeysTools
  readonly #uses: KeyUses

  constructor(tools: KeysTools) {
    this.#tools = tools
    this.#uses = new KeyUses(tools.store)
  }

  /**
   * Makes the first workspace, owner and admin key on an empty server.
   * @param givenKey the key to take, instead of a new one
   * @param beforeCommit gets the key while nothing is visible yet; when it throws, nothing is made
   * @returns the key and its record; undefined when the server is not empty
   */
  async found(
    givenKey: string | undefined,
    beforeCommit: (made: MadeKey) => Promise<void>,
  ): Promise<MadeKey | undefined> {
    const { store, now, newId, randomKeyBytes } = this.#tools
    const createdAt = now()
    const workspace = { id: newId(), name: firstWorkspaceName, createdAt }
    const owner = { id: newId(), workspaceId: workspace.id, name: firstOwnerName, createdAt }
    const key = givenKey ?? makeKey(randomKeyBytes())
    const record = this.#record(key, {
      workspaceId: workspace.id,
      ownerId: owner.id,
      name: 'first key',
      role: 'admin',
      expiresAt: null,
    })
    const made = { key, record }
    const result = await store.found({ workspace, owner, key: record }, () => beforeCommit(made))
    return result === 'founded' ? made : undefined
  }

  /**
   * Who a bearer is.
   * @throws AssizeError `not_authenticated` for a key that is unknown, revoked or expired
   */
  async authenticate(key: string): Promise<Caller> {
    const hash = hashKey(key)
    const record = await this.#tools.store.findByHash(hash)
    const now = this.#tools.now()
    if (record === undefined || !isSameHash(record.hash, hash))
      throw notAuthenticated('This key is not known')
    if (record.revokedAt !== null) throw notAuthenticated('This key was revoked')
    if (record.expiresAt !== null && record.expiresAt <= now) throw notAuthenticated('This key has expired')
    this.#uses.note(record.id, now)
    return callerOfKey(record)
  }

  async create(request: KeyRequest): Promise<MadeKey> {
    const owner = await this.findOwner(request.workspaceName, request.ownerName)
    const { name, role, expiresAt } = request
    return this.#insert({ ...owner, name, role, expiresAt })
  }

  /**
   * Who acts under a name, which is made when the workspace has no owner of that name.
   * @throws AssizeError `request_invalid` where there is no such workspace
   */
  async findOwner(
    workspaceName: string,
    ownerName: string,
  ): Promise<{ readonly workspaceId: string; readonly ownerId: string }> {
    const { store, now, newId } = this.#tools
    const { id: workspaceId } = await this.findWorkspace(workspaceName)
    const owner = { id: newId(), workspaceId, name: ownerName, createdAt: now() }
    return { workspaceId, ownerId: (await store.findOrInsertOwner(owner)).id }
  }

  async list(workspaceName: string): Promise<readonly KeyRecord[]> {
    return this.#tools.store.listKeys((await this.findWorkspace(workspaceName)).id)
  }

  /** Those of the caller's workspace, newest first. */
  listFor({ workspaceId }: Caller, page: number, pageSize: number): Promise<Page<KeyRecord>> {
    return this.#tools.store.pageOfKeys(workspaceId, page, pageSize)
  }

  /**
   * Makes a key of the caller's workspace, under the caller's own name.
   * @throws AssizeError `request_invalid` for an end that has passed
   */
  async createFor({ workspaceId, ownerId }: Caller, about: NewKey): Promise<MadeKey> {
    if (about.expiresAt !== null && about.expiresAt <= this.#tools.now())
      throw new AssizeError('request_invalid', 'expires_at: has passed; expected a time to come.')
    return this.#insert({ ...about, workspaceId, ownerId })
  }

  /**
   * Ends a key of the caller's workspace, and the sessions that began with it.
   * @throws AssizeError `key_not_found`; `last_admin_key` where nobody could manage the workspace's keys any more
   */
  async revokeFor({ workspaceId }: Caller, id: string): Promise<void> {
    const { store, now } = this.#tools
    const result = await store.revokeKey(workspaceId, id, now(), { sparesLastAdmin: true })
    if (result === 'last_admin') throw lastAdminKey(id)
    if (result === 'missing')
      throw new AssizeError('key_not_found', `There is no key ${id} in this workspace.`)
  }

  /** 'missing' when the workspace has no such key. */
  async revoke(workspaceName: string, keyId: string): Promise<'revoked' | 'missing'> {
    const { store, now } = this.#tools
    const result = await store.revokeKey((await this.findWorkspace(workspaceName)).id, keyId, now())
    return result === 'missing' ? result : 'revoked'
  }

  createWorkspace(name: string): Promise<'inserted' | 'name_taken'> {
    return this.#tools.store.insertWorkspace({ id: this.#tools.newId(), name, createdAt: this.#tools.now() })
  }

  listWorkspaces(): Promise<readonly Workspace[]> {
    return this.#tools.store.listWorkspaces()
  }

  /** Whether the server knows this key, whatever its state. */
  async knows(key: string): Promise<boolean> {
    return (await this.#tools.store.findByHash(hashKey(key))) !== undefined
  }

  /** Writes the uses that are not written yet. */
  writeUses(): Promise<void> {
    return this.#uses.write()
  }

  /** @throws AssizeError `request_invalid`, which lists the workspaces that there are */
  async findWorkspace(name: string): Promise<Workspace> {
    const workspace = await this.#tools.store.findWorkspace(name)
    if (workspace !== undefined) return workspace
    const names = (await this.listWorkspaces()).map((known) => known.name).join(', ') || 'none yet'
    throw new AssizeError(
      'request_invalid',
      `There is no workspace ${JSON.stringify(name)}; there are: ${names}.`,
    )
  }

  async #insert(about: KeyFacts): Promise<MadeKey> {
    const key = makeKey(this.#tools.randomKeyBytes())
    const record = this.#record(key, about)
    await this.#tools.store.insertKey(record)
    return { key, record }
  }

  #record(key: string, about: KeyFacts): KeyRecord {
    return {
      ...about,
      id: this.#tools.newId(),
      hash: hashKey(key),
      hint: hintOf(key),
      createdAt: this.#tools.now(),
      revokedAt: null,
      lastUsedAt: null,
    }
  }
}
