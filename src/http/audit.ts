import { z } from 'zod'
import { type Audit, type AuditEntry, auditActions } from '../access/audit.ts'
import type { Access } from './authenticate.ts'
import { uuid } from './ids.ts'
import { anyOf, neighbours, pageOf, pageQuery } from './pages.ts'
import { answers, type Server } from './server.ts'

const entryBody = z
  .object({
    id: z.int(),
    at: z.iso.datetime().describe("By the database's clock."),
    action: z.enum(auditActions),
    subject_type: z.string().describe('What was changed: the first part of the action.'),
    subject_id: z.uuid().nullable().describe('Its id; null where several were changed at once.'),
    key_id: z
      .uuid()
      .nullable()
      .describe("Who changed it; null where no key did: the command line on the server's machine."),
    request_id: z.string().nullable().describe('The `x-request-id` of the call.'),
    detail: z
      .record(z.string(), z.unknown())
      .describe('Names, counts and ids that tell it from others; never a secret or text of a conversation.'),
  })
  .meta({ id: 'AuditEntry' })

const time = z.iso
  .datetime({ offset: true, error: 'expected a time like 2027-01-31T12:00:00Z' })
  .transform((value) => new Date(value))
  .optional()

const listQuery = z.object({
  ...pageQuery,
  action: anyOf(z.enum(auditActions)),
  subject_id: uuid.optional(),
  key_id: uuid.optional(),
  since: time.describe('From this time on.'),
  until: time.describe('Before this time.'),
})

interface AuditServices {
  readonly access: Access
  readonly audit: Audit
}

/** Who changed what in a workspace. */
export function registerAudit(server: Server, { access, audit }: AuditServices): void {
  server.get(
    '/v1/observability/audit',
    {
      onRequest: access.requires('manage_keys'),
      schema: {
        operationId: 'listAudit',
        summary: 'List who changed what in the workspace, newest first',
        tags: ['audit'],
        querystring: listQuery,
        response: { 200: z.object({ audit: pageOf(entryBody) }), ...answers() },
      },
    },
    async function listAudit(request) {
      const { page, page_size: pageSize, action, subject_id, key_id, since, until } = request.query
      const query = { actions: action ?? [], subjectId: subject_id, keyId: key_id, since, until }
      const { workspaceId } = access.callerOf(request)
      const { items, count } = await audit.list(workspaceId, { page, pageSize, ...query })
      const beside = neighbours(request.url, { page, pageSize, count })
      return { audit: { results: items.map(showEntry), count, ...beside } }
    },
  )
}

function showEntry(entry: AuditEntry): z.output<typeof entryBody> {
  return {
    id: entry.id,
    at: entry.at.toISOString(),
    action: entry.action,
    subject_type: entry.action.split('.', 1)[0] ?? '',
    subject_id: entry.subjectId,
    key_id: entry.keyId,
    request_id: entry.requestId,
    detail: { ...entry.detail },
  }
}
