import type { KeyRecord } from './key-store.ts'

/** Someone who signed in with a key, in a browser; the key's end is the session's too. */
export interface SessionRecord {
  /** SHA-256 of what the browser keeps, as 64 hex digits. */
  readonly hash: string
  readonly keyId: string
  readonly createdAt: Date
  /** Moves on while it is used. */
  readonly expiresAt: Date
}

/** A link that signs in once, without the key itself. */
export interface SignInLink {
  /** SHA-256 of the link's token, as 64 hex digits. */
  readonly hash: string
  readonly keyId: string
  readonly expiresAt: Date
}

/** What the domain needs of storage for sessions. Each method is one transaction. */
export interface SessionStore {
  /** Expired sessions go at the same time. */
  insertSession(session: SessionRecord): Promise<void>
  /** A session with its key, whatever the state of both. */
  findSession(hash: string): Promise<{ readonly session: SessionRecord; readonly key: KeyRecord } | undefined>
  /** Moves its end forward, never back. */
  extendSession(hash: string, expiresAt: Date): Promise<void>
  deleteSession(hash: string): Promise<void>
  /** Expired links go at the same time. */
  insertLink(link: SignInLink, now: Date): Promise<void>
  /** Gives a link's key and removes the link, so that one of two who hold it gets it; undefined where it is not there or has expired. */
  takeLink(hash: string, now: Date): Promise<KeyRecord | undefined>
  findKey(id: string): Promise<KeyRecord | undefined>
  workspaceName(id: string): Promise<string | undefined>
}
