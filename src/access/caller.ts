import { AssizeError } from '../errors.ts'
import type { KeyRecord } from './key-store.ts'
import type { Role } from './role.ts'

/** Who calls: what a key stands for. */
export interface Caller {
  readonly keyId: string
  readonly workspaceId: string
  readonly ownerId: string
  readonly role: Role
}

/** Who a key stands for; whether it still does is asked elsewhere. */
export function callerOfKey({ id, workspaceId, ownerId, role }: KeyRecord): Caller {
  return { keyId: id, workspaceId, ownerId, role }
}

/** What a key that can't be taken is told. */
export function notAuthenticated(what: string): AssizeError {
  return new AssizeError(
    'not_authenticated',
    `${what}; expected a living key as "Authorization: Bearer KEY".`,
  )
}

/** What is said of a key that has to stay. */
export function lastAdminKey(id: string): AssizeError {
  return new AssizeError(
    'last_admin_key',
    `Key ${id} is the workspace's last admin key that lives: without it nobody could manage keys here. Make another admin key first, or revoke this one with "assize keys revoke" on the server's machine.`,
  )
}
