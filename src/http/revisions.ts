import { z } from 'zod'
import { fromDefinition, shownDefinition } from '../judges/definition-document.ts'
import type { Judges } from '../judges/judges.ts'
import type { Revision } from '../judges/revision.ts'
import type { Access } from './authenticate.ts'
import { judgeParams } from './judges.ts'
import { neighbours, pageOf, pageQuery } from './pages.ts'
import { answers, type Server } from './server.ts'

const id = z.uuid()

const revisionBody = shownDefinition
  .extend({
    id,
    judge_id: id,
    created_at: z.iso.datetime(),
    owner_id: id.describe('Who wrote it.'),
    base_revision: id,
    down_revision: id.nullable(),
    up_revision: id.nullable(),
  })
  .meta({ id: 'Revision' })

function showRevision(revision: Revision): z.output<typeof revisionBody> {
  return {
    ...fromDefinition(revision.definition),
    id: revision.id,
    judge_id: revision.judgeId,
    created_at: revision.createdAt.toISOString(),
    owner_id: revision.ownerId,
    base_revision: revision.baseRevisionId,
    down_revision: revision.downRevisionId,
    up_revision: revision.upRevisionId,
  }
}

export function registerRevisions(
  server: Server,
  { access, judges }: { access: Access; judges: Judges },
): void {
  server.get(
    '/v1/observability/judges/:judge_id/revisions',
    {
      onRequest: access.requires('read'),
      schema: {
        operationId: 'listRevisions',
        summary: "List a judge's revisions, newest first",
        tags: ['judges'],
        params: judgeParams,
        querystring: z.object(pageQuery),
        response: { 200: z.object({ revisions: pageOf(revisionBody) }), ...answers(404) },
      },
    },
    async function listRevisions(request) {
      const { page, page_size: pageSize } = request.query
      const { items, count } = await judges.listRevisions(
        access.callerOf(request),
        request.params.judge_id,
        page,
        pageSize,
      )
      return {
        revisions: {
          results: items.map(showRevision),
          count,
          ...neighbours(request.url, { page, pageSize, count }),
        },
      }
    },
  )
}
