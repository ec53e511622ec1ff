import { z } from 'zod'
import type { KeyRecord } from '../access/key-store.ts'
import type { Keys } from '../access/keys.ts'
import { roles } from '../access/role.ts'
import { text } from '../judges/definition-document.ts'
import type { Access } from './authenticate.ts'
import { uuid } from './ids.ts'
import { neighbours, pageOf, pageQuery } from './pages.ts'
import { answers, type Server } from './server.ts'

const time = z.iso.datetime()

const keyBody = z
  .object({
    id: z.uuid(),
    name: z.string().describe('What the key is for.'),
    role: z.enum(roles),
    hint: z.string().describe("The key's first characters, to tell keys apart."),
    owner_id: z.uuid(),
    created_at: time,
    expires_at: time.nullable(),
    revoked_at: time.nullable(),
    last_used_at: time.nullable().describe('To the minute.'),
  })
  .meta({ id: 'Key' })

const newKeyBody = z.object({
  name: text(1, 100).describe('What the key is for.'),
  role: z.enum(roles).default('editor'),
  expires_at: z.iso
    .datetime({ offset: true, error: 'expected a time like 2027-01-31T12:00:00Z' })
    .transform((value) => new Date(value))
    .nullish()
    .describe('Never, where it is left out.'),
})

interface KeysServices {
  readonly access: Access
  readonly keys: Keys
}

const path = '/v1/observability/keys'

/** The keys of a workspace, for who manages them. */
export function registerKeys(server: Server, { access, keys }: KeysServices): void {
  const onRequest = access.requires('manage_keys')
  const tags = ['keys']
  server.get(
    path,
    {
      onRequest,
      schema: {
        operationId: 'listKeys',
        summary: "List the workspace's keys, newest first; those that are revoked too",
        tags,
        querystring: z.object(pageQuery),
        response: { 200: z.object({ keys: pageOf(keyBody) }), ...answers() },
      },
    },
    async function listKeys(request) {
      const { page, page_size: pageSize } = request.query
      const { items, count } = await keys.listFor(access.callerOf(request), page, pageSize)
      const beside = neighbours(request.url, { page, pageSize, count })
      return { keys: { results: items.map(showKey), count, ...beside } }
    },
  )
  server.post(
    path,
    {
      onRequest,
      schema: {
        operationId: 'createKey',
        summary: 'Make a key of the workspace; it is told here and now only',
        tags,
        body: newKeyBody,
        response: {
          201: keyBody.extend({ key: z.string().describe('Shown only now: what is kept is a hash.') }),
          ...answers(),
        },
      },
    },
    async function createKey(request, reply) {
      const { name, role, expires_at: expiresAt = null } = request.body
      const made = await keys.createFor(access.callerOf(request), { name, role, expiresAt })
      reply.header('cache-control', 'no-store')
      return reply.status(201).send({ ...showKey(made.record), key: made.key })
    },
  )
  server.delete(
    `${path}/:key_id`,
    {
      onRequest,
      schema: {
        operationId: 'revokeKey',
        summary: 'Revoke a key, and end the sessions that began with it',
        tags,
        params: z.object({ key_id: uuid }),
        response: { 204: z.null(), ...answers(404, 409) },
      },
    },
    async function revokeKey(request, reply) {
      await keys.revokeFor(access.callerOf(request), request.params.key_id)
      return reply.status(204).send(null)
    },
  )
}

function showKey(record: KeyRecord): z.output<typeof keyBody> {
  const { id, name, role, hint, ownerId, createdAt, expiresAt, revokedAt, lastUsedAt } = record
  return {
    id,
    name,
    role,
    hint,
    owner_id: ownerId,
    created_at: createdAt.toISOString(),
    expires_at: expiresAt?.toISOString() ?? null,
    revoked_at: revokedAt?.toISOString() ?? null,
    last_used_at: lastUsedAt?.toISOString() ?? null,
  }
}
