import { z } from 'zod'
import { judgmentDocument } from '../judging/judgment-document.ts'
import type { Judgments } from '../judging/judgments.ts'
import type { Access } from './authenticate.ts'
import { uuid } from './ids.ts'
import { judgeParams } from './judges.ts'
import { answersOf, judgmentFilters, timeText } from './judgment-filters.ts'
import { judgmentRecordBody, judgmentWithConversationBody } from './judgment-record-body.ts'
import { neighbours, pageOf, pageQuery } from './pages.ts'
import { answers, type Server } from './server.ts'

const listQuery = z.object({
  ...pageQuery,
  ...judgmentFilters,
  revision_id: uuid.optional(),
  since: timeText.optional().describe('Made at this time or later.'),
  before: timeText.optional().describe('Made earlier than this.'),
})

const judgmentParams = judgeParams.extend({ judgment_id: uuid })

const deleteQuery = z.object({
  before: timeText.describe('Those that were made earlier than this are deleted.'),
})

interface JudgmentsServices {
  readonly access: Access
  readonly judgments: Judgments
}

const path = '/v1/observability/judges/:judge_id/judgments'

export function registerJudgments(server: Server, { access, judgments }: JudgmentsServices): void {
  server.get(
    path,
    {
      onRequest: access.requires('read'),
      schema: {
        operationId: 'listJudgments',
        summary:
          'List the kept judgments of live judging by a judge, or by one of its revisions, newest first',
        tags: ['judgments'],
        params: judgeParams,
        querystring: listQuery,
        response: { 200: z.object({ judgments: pageOf(judgmentRecordBody) }), ...answers(404) },
      },
    },
    async function listJudgments(request) {
      const {
        page,
        page_size: pageSize,
        outcome,
        answer,
        revision_id: revisionId,
        since,
        before,
      } = request.query
      const { items, count } = await judgments.list(access.callerOf(request), request.params.judge_id, {
        page,
        pageSize,
        outcomes: outcome ?? [],
        answers: answersOf(answer ?? []),
        ...(revisionId && { revisionId }),
        ...(since && { since }),
        ...(before && { before }),
      })
      const beside = neighbours(request.url, { page, pageSize, count })
      return { judgments: { results: items.map(judgmentDocument), count, ...beside } }
    },
  )

  server.get(
    `${path}/:judgment_id`,
    {
      onRequest: access.requires('read'),
      schema: {
        operationId: 'fetchJudgment',
        summary: 'Fetch a kept judgment, with its conversation where the settings keep it',
        tags: ['judgments'],
        params: judgmentParams,
        response: { 200: judgmentWithConversationBody, ...answers(404) },
      },
    },
    async function fetchJudgment(request) {
      const { judge_id: judgeId, judgment_id: judgmentId } = request.params
      const judgment = await judgments.find(access.callerOf(request), judgeId, judgmentId)
      const { conversation } = judgment
      return {
        ...judgmentDocument(judgment),
        conversation: conversation === null ? null : JSON.parse(conversation),
      }
    },
  )

  registerDeletions(server, { access, judgments })
}

function registerDeletions(server: Server, { access, judgments }: JudgmentsServices): void {
  server.delete(
    `${path}/:judgment_id`,
    {
      onRequest: access.requires('write'),
      schema: {
        operationId: 'deleteJudgment',
        summary: 'Delete a kept judgment',
        tags: ['judgments'],
        params: judgmentParams,
        response: { 204: z.null().describe('Deleted'), ...answers(404) },
      },
    },
    async function deleteJudgment(request, reply) {
      const { judge_id: judgeId, judgment_id: judgmentId } = request.params
      await judgments.remove(access.callerOf(request), judgeId, judgmentId)
      return reply.status(204).send(null)
    },
  )

  server.delete(
    path,
    {
      onRequest: access.requires('write'),
      schema: {
        operationId: 'deleteJudgments',
        summary: 'Delete the kept judgments of live judging that were made before a time',
        tags: ['judgments'],
        params: judgeParams,
        querystring: deleteQuery,
        response: {
          200: z.object({ deleted: z.int().describe('How many there were.') }),
          ...answers(404),
        },
      },
    },
    async function deleteJudgments(request) {
      const { judge_id: judgeId } = request.params
      return { deleted: await judgments.removeOlder(access.callerOf(request), judgeId, request.query.before) }
    },
  )
}
