import type { FastifyRequest } from 'fastify'
import type { Caller } from '../access/caller.ts'
import type { Keys } from '../access/keys.ts'
import { type Action, roleAllows } from '../access/role.ts'
import type { Sessions } from '../access/sessions.ts'
import { AssizeError } from '../errors.ts'
import type { RequestLimits } from './request-limits.ts'
import { sessionTokenOf } from './session-cookie.ts'

/** Who calls, and whether they may. */
export interface Access {
  /**
   * A hook that lets a request through only with a key whose role allows the action, before its body is read. It counts
   * for what the key may ask for in a minute, unless the options say otherwise.
   */
  requires(
    action: Action,
    options?: { readonly isCounted: boolean },
  ): (request: FastifyRequest) => Promise<void>
  /** Who calls, on a route that requires something. */
  callerOf(request: FastifyRequest): Caller
  /** The key that calls; null on a route that requires nothing. */
  keyIdOf(request: FastifyRequest): string | null
}

const bearer = /^Bearer +([\x21-\x7e]+) *$/i

/** A key says who calls; without one, the cookie of a browser that is signed in. */
export function createAccess(keys: Keys, sessions: Sessions, limits: RequestLimits): Access {
  const callers = new WeakMap<FastifyRequest, Caller>()
  async function identify(request: FastifyRequest): Promise<Caller> {
    const key = bearer.exec(request.headers.authorization ?? '')?.[1]
    if (key !== undefined) return limits.whose(request, () => keys.authenticate(key))
    const token = sessionTokenOf(request)
    if (token !== undefined) return sessions.authenticate(token)
    throw new AssizeError('not_authenticated', 'There is no key; expected "Authorization: Bearer KEY".')
  }
  return {
    requires: (action, { isCounted } = { isCounted: true }) =>
      async function authenticate(request) {
        const caller = await identify(request)
        if (isCounted) await limits.count(request, caller)
        if (!roleAllows(caller.role, action)) {
          throw new AssizeError(
            'role_forbids',
            `A key with the role ${caller.role} may not ${actionNames[action]}.`,
          )
        }
        callers.set(request, caller)
      },
    keyIdOf: (request) => callers.get(request)?.keyId ?? null,
    callerOf(request) {
      const caller = callers.get(request)
      if (caller === undefined)
        throw new Error(`${request.routeOptions.url} requires no key, so that nobody calls it.`)
      return caller
    },
  }
}

const actionNames: Readonly<Record<Action, string>> = {
  read: 'read',
  write: 'create, change or delete anything; expected the role editor or admin',
  judge: 'run judges; expected the role editor or admin',
  manage_keys: 'manage keys; expected the role admin',
}
