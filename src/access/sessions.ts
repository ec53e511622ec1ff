import { AssizeError } from '../errors.ts'
import { type Caller, callerOfKey } from './caller.ts'
import { hashKey, isSameHash, makeSecret } from './key.ts'
import type { KeyRecord } from './key-store.ts'
import type { Keys } from './keys.ts'
import type { SessionStore } from './session-store.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs

/** A session ends when it was not used for so long, and whatever its use at most so long after it began. */
const idleMs = 7 * dayMs
const longestMs = 30 * dayMs
/** Its end is written this seldom, so that a call seldom costs a write. */
const extendedEveryMs = hourMs
/** How long a link that signs in once is good for. */
export const linkMinutes = 15

export interface SessionsTools {
  readonly store: SessionStore
  readonly keys: Keys
  readonly now: () => Date
  /** `keyBytes` bytes of a cryptographic source. */
  readonly randomKeyBytes: () => Buffer
}

/** A session that has begun; the token is known here and to the browser only. */
export interface BegunSession {
  readonly token: string
  readonly caller: Caller
  readonly endsAt: Date
}

/** Who is signed in. */
export interface SignedIn {
  readonly keyId: string
  readonly name: string
  readonly role: Caller['role']
  readonly ownerId: string
  readonly workspace: { readonly id: string; readonly name: string }
}

/** The use cases of signing in: a browser keeps a session's token, never the key. */
export class Sessions {
  readonly #tools: SessionsTools

  constructor(tools: SessionsTools) {
    this.#tools = tools
  }

  /** @throws AssizeError `not_authenticated` for a key that is unknown, revoked or expired */
  async beginWithKey(key: string): Promise<BegunSession> {
    return this.#begin(await this.#tools.keys.authenticate(key))
  }

  /** @throws AssizeError `not_authenticated` for a link that is unknown, used or expired, or whose key is */
  async beginWithLink(token: string): Promise<BegunSession> {
    const now = this.#tools.now()
    const key = await this.#tools.store.takeLink(hashKey(token), now)
    if (key === undefined)
      throw notSignedIn(
        'This link is not known, was used or has expired',
        'a new one from "assize link", or a key',
      )
    return this.#begin(callerOfLiving(key, now))
  }

  /**
   * Who a browser is.
   * @throws AssizeError `not_authenticated` for a session that is unknown or over, or whose key is revoked or expired
   */
  async authenticate(token: string): Promise<Caller> {
    const { store, now } = this.#tools
    const hash = hashKey(token)
    const found = await store.findSession(hash)
    const at = now()
    if (found === undefined || !isSameHash(found.session.hash, hash) || found.session.expiresAt <= at)
      throw notSignedIn('This session is over', 'to sign in again')
    const caller = callerOfLiving(found.key, at)
    const { createdAt, expiresAt } = found.session
    const endsAt = endOf(createdAt, at)
    if (endsAt.getTime() - expiresAt.getTime() >= extendedEveryMs) await store.extendSession(hash, endsAt)
    return caller
  }

  /** Ends a session, where there is one. */
  end(token: string): Promise<void> {
    return this.#tools.store.deleteSession(hashKey(token))
  }

  /** A token for a link that signs in once, as the bearer of this key. */
  async makeLinkToken(keyId: string): Promise<string> {
    const { store, now, randomKeyBytes } = this.#tools
    const token = makeSecret(randomKeyBytes())
    const at = now()
    const expiresAt = new Date(at.getTime() + linkMinutes * 60_000)
    await store.insertLink({ hash: hashKey(token), keyId, expiresAt }, at)
    return token
  }

  /** What there is to say of a caller. */
  async describe({ keyId, role, ownerId, workspaceId }: Caller): Promise<SignedIn> {
    const { store } = this.#tools
    const [key, workspaceName] = await Promise.all([store.findKey(keyId), store.workspaceName(workspaceId)])
    return {
      keyId,
      name: key?.name ?? '',
      role,
      ownerId,
      workspace: { id: workspaceId, name: workspaceName ?? '' },
    }
  }

  async #begin(caller: Caller): Promise<BegunSession> {
    const { store, now, randomKeyBytes } = this.#tools
    const token = makeSecret(randomKeyBytes())
    const createdAt = now()
    const expiresAt = endOf(createdAt, createdAt)
    await store.insertSession({ hash: hashKey(token), keyId: caller.keyId, createdAt, expiresAt })
    return { token, caller, endsAt: new Date(createdAt.getTime() + longestMs) }
  }
}

function endOf(createdAt: Date, usedAt: Date): Date {
  return new Date(Math.min(usedAt.getTime() + idleMs, createdAt.getTime() + longestMs))
}

function callerOfLiving(key: KeyRecord, now: Date): Caller {
  if (key.revokedAt !== null)
    throw notSignedIn('The key of this session was revoked', 'to sign in with another')
  if (key.expiresAt !== null && key.expiresAt <= now)
    throw notSignedIn('The key of this session has expired', 'to sign in with another')
  return callerOfKey(key)
}

function notSignedIn(what: string, expected: string): AssizeError {
  return new AssizeError('not_authenticated', `${what}; expected ${expected}.`)
}
