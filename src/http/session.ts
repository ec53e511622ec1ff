import { z } from 'zod'
import { roles } from '../access/role.ts'
import type { Sessions } from '../access/sessions.ts'
import type { Access } from './authenticate.ts'
import type { RequestLimits } from './request-limits.ts'
import { answers, type Server } from './server.ts'
import { clearSessionCookie, refuseOtherSites, sessionTokenOf, setSessionCookie } from './session-cookie.ts'

const proofBody = z
  .union([z.object({ key: z.string().min(1) }), z.object({ token: z.string().min(1) })])
  .describe('A key, or the token of a link that signs in once.')

const meBody = z
  .object({
    key_id: z.string(),
    name: z.string().describe("The key's."),
    role: z.enum(roles),
    owner_id: z.string(),
    workspace: z.object({ id: z.string(), name: z.string() }),
    server: z.object({ version: z.string() }),
  })
  .meta({ id: 'Me' })

interface SessionServices {
  readonly access: Access
  readonly limits: RequestLimits
  readonly sessions: Sessions
  readonly version: string
}

/** Signing in and out, for the page, and who one is. */
export function registerSession(
  server: Server,
  { access, limits, sessions, version }: SessionServices,
): void {
  const tags = ['session']
  async function meOf(caller: Parameters<Sessions['describe']>[0]): Promise<z.infer<typeof meBody>> {
    const { keyId, ownerId, ...rest } = await sessions.describe(caller)
    return { key_id: keyId, owner_id: ownerId, ...rest, server: { version } }
  }
  server.post(
    '/session',
    {
      schema: {
        operationId: 'signIn',
        summary:
          'Sign a browser in with a key, or with a link of "assize link": sets a cookie that stands for the key',
        tags,
        security: [],
        body: proofBody,
        response: { 200: meBody, ...answers() },
      },
    },
    async function signIn(request, reply) {
      refuseOtherSites(request)
      const { body } = request
      const begun = await limits.signIn(request, () =>
        'key' in body ? sessions.beginWithKey(body.key) : sessions.beginWithLink(body.token),
      )
      setSessionCookie(request, reply, begun.token, begun.endsAt)
      return meOf(begun.caller)
    },
  )
  server.delete(
    '/session',
    {
      schema: {
        operationId: 'signOut',
        summary: "End the browser's session",
        tags,
        security: [],
        response: { 204: z.null(), ...answers() },
      },
    },
    async function signOut(request, reply) {
      const token = sessionTokenOf(request)
      if (token !== undefined) await sessions.end(token)
      clearSessionCookie(request, reply)
      return reply.status(204).send(null)
    },
  )
  server.get(
    '/v1/observability/me',
    {
      onRequest: access.requires('read'),
      schema: {
        operationId: 'fetchMe',
        summary: 'Tell whose key it is that calls',
        tags,
        response: { 200: meBody, ...answers() },
      },
    },
    async function fetchMe(request) {
      return meOf(access.callerOf(request))
    },
  )
}
