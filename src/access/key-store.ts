import type { Role } from './role.ts'

export interface Workspace {
  readonly id: string
  /** Unique on the server. */
  readonly name: string
  readonly createdAt: Date
}

export interface Owner {
  readonly id: string
  readonly workspaceId: string
  /** Unique in its workspace. */
  readonly name: string
  readonly createdAt: Date
}

/** A key as it is kept: its hash, never the key. */
export interface KeyRecord {
  readonly id: string
  readonly workspaceId: string
  readonly ownerId: string
  readonly name: string
  readonly role: Role
  /** SHA-256 of the key, as 64 hex digits. */
  readonly hash: string
  /** The key's first characters, to tell keys apart in a list. */
  readonly hint: string
  readonly createdAt: Date
  readonly expiresAt: Date | null
  readonly revokedAt: Date | null
  readonly lastUsedAt: Date | null
}

/** What the first start makes. */
export interface Founding {
  readonly workspace: Workspace
  readonly owner: Owner
  readonly key: KeyRecord
}

/** Some of many. */
export interface Page<Item> {
  readonly items: readonly Item[]
  /** How many there are on all pages together. */
  readonly count: number
}

/** What the domain needs of storage for access. Each method is one transaction. */
export interface KeyStore {
  /**
   * Makes the first workspace, owner and key, unless the server has a workspace already. `beforeCommit` runs
   * while nothing is visible to others yet; when it throws, nothing is made.
   */
  found(founding: Founding, beforeCommit: () => Promise<void>): Promise<'founded' | 'exists'>
  findByHash(hash: string): Promise<KeyRecord | undefined>
  insertWorkspace(workspace: Workspace): Promise<'inserted' | 'name_taken'>
  listWorkspaces(): Promise<readonly Workspace[]>
  findWorkspace(name: string): Promise<Workspace | undefined>
  /** The owner of this name in its workspace, made from `owner` when there is none. */
  findOrInsertOwner(owner: Owner): Promise<Owner>
  /** Refuses a hash that is known. */
  insertKey(key: KeyRecord): Promise<'inserted' | 'known'>
  /** Newest first. */
  listKeys(workspaceId: string): Promise<readonly KeyRecord[]>
  /**
   * The same, a page at a time.
   * @param page from 1
   */
  pageOfKeys(workspaceId: string, page: number, pageSize: number): Promise<Page<KeyRecord>>
  /**
   * 'missing' when the workspace has no such key; revoking twice keeps the first time. With `sparesLastAdmin`,
   * 'last_admin' instead where it is the workspace's only admin key that lives, though others be revoked at the same time.
   */
  revokeKey(
    workspaceId: string,
    keyId: string,
    revokedAt: Date,
    options?: { readonly sparesLastAdmin: boolean },
  ): Promise<'revoked' | 'missing' | 'last_admin'>
  /** Moves `lastUsedAt` forward, never back. */
  markUsed(uses: ReadonlyMap<string, Date>): Promise<void>
}
