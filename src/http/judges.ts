import type { FastifyReply } from 'fastify'
import { z } from 'zod'
import {
  definitionDocument,
  fromDefinition,
  shownDefinition,
  text,
  toDefinition,
} from '../judges/definition-document.ts'
import type { Judge, JudgeQuery } from '../judges/judge-store.ts'
import type { Judges } from '../judges/judges.ts'
import type { Access } from './authenticate.ts'
import { expectationOf, ifMatch, tagOf } from './etag.ts'
import { uuid } from './ids.ts'
import { anyOf, neighbours, pageOf, pageQuery, searchText } from './pages.ts'
import { answers, type Server } from './server.ts'

export const judgeParams = z.object({
  judge_id: uuid.describe("A judge's id, or the id of one of its revisions."),
})

const id = z.uuid()
const timestamp = z.iso.datetime()

export const judgeBody = shownDefinition
  .extend({
    id,
    created_at: timestamp,
    updated_at: timestamp,
    deleted_at: z.null(),
    owner_id: id,
    workspace_id: id,
    base_revision: id.nullable(),
    down_revision: id.nullable(),
    up_revision: id.nullable(),
  })
  .meta({ id: 'Judge' })

export function showJudge({
  id,
  ownerId,
  workspaceId,
  createdAt,
  revision,
}: Judge): z.output<typeof judgeBody> {
  return {
    ...fromDefinition(revision.definition),
    id,
    created_at: createdAt.toISOString(),
    updated_at: revision.createdAt.toISOString(),
    deleted_at: null,
    owner_id: ownerId,
    workspace_id: workspaceId,
    base_revision: revision.baseRevisionId,
    down_revision: revision.downRevisionId,
    up_revision: revision.upRevisionId,
  }
}

export const judgesQuery = z.object({
  ...pageQuery,
  q: searchText.optional().describe('A part of the name or the description, whatever its case.'),
  type_filter: anyOf(z.enum(['CLASSIFICATION', 'REGRESSION'])),
  model_filter: anyOf(text(1, 500)),
})

/** What a query asks for of a list of judges. */
export function listedBy(query: z.output<typeof judgesQuery>): JudgeQuery {
  const { page, page_size: pageSize, q, type_filter: types, model_filter: models } = query
  return {
    page,
    pageSize,
    ...(q === undefined || q === '' ? {} : { text: q }),
    outputTypes: types ?? [],
    modelNames: models ?? [],
  }
}

interface JudgesServices {
  readonly access: Access
  readonly judges: Judges
}

const path = '/v1/observability/judges'

export function registerJudges(server: Server, { access, judges }: JudgesServices): void {
  server.post(
    path,
    {
      onRequest: access.requires('write'),
      schema: {
        operationId: 'createJudge',
        summary: 'Create a judge',
        tags: ['judges'],
        body: definitionDocument,
        response: { 201: judgeBody, ...answers(400, 409) },
      },
    },
    async function createJudge(request, reply) {
      const caller = access.callerOf(request)
      const judge = await judges.create(caller, toDefinition(request.body))
      return tagged(reply, judge).status(201).send(showJudge(judge))
    },
  )

  server.get(
    path,
    {
      onRequest: access.requires('read'),
      schema: {
        operationId: 'listJudges',
        summary: 'List judges, newest first',
        tags: ['judges'],
        querystring: judgesQuery,
        response: { 200: z.object({ judges: pageOf(judgeBody) }), ...answers() },
      },
    },
    async function listJudges(request) {
      const caller = access.callerOf(request)
      const { page, page_size: pageSize } = request.query
      const { items, count } = await judges.list(caller, listedBy(request.query))
      return {
        judges: {
          results: items.map(showJudge),
          count,
          ...neighbours(request.url, { page, pageSize, count }),
        },
      }
    },
  )

  server.get(
    `${path}/:judge_id`,
    {
      onRequest: access.requires('read'),
      schema: {
        operationId: 'fetchJudge',
        summary: 'Fetch a judge, or one of its revisions',
        tags: ['judges'],
        params: judgeParams,
        response: { 200: judgeBody, ...answers(404) },
      },
    },
    async function fetchJudge(request, reply) {
      const caller = access.callerOf(request)
      const { judge } = await judges.find(caller, request.params.judge_id)
      return tagged(reply, judge).send(showJudge(judge))
    },
  )

  registerChanges(server, { access, judges })
}

function registerChanges(server: Server, { access, judges }: JudgesServices): void {
  server.put(
    `${path}/:judge_id`,
    {
      onRequest: access.requires('write'),
      schema: {
        operationId: 'updateJudge',
        summary: "Replace a judge's definition, which adds a revision",
        tags: ['judges'],
        params: judgeParams,
        headers: ifMatch,
        body: definitionDocument,
        response: { 204: z.null().describe('Updated'), ...answers(400, 404, 409, 412) },
      },
    },
    async function updateJudge(request, reply) {
      const caller = access.callerOf(request)
      const expectation = expectationOf(request.headers['if-match'])
      await judges.replace(caller, request.params.judge_id, toDefinition(request.body), expectation)
      return reply.status(204).send(null)
    },
  )

  server.delete(
    `${path}/:judge_id`,
    {
      onRequest: access.requires('write'),
      schema: {
        operationId: 'deleteJudge',
        summary: 'Delete a judge',
        tags: ['judges'],
        params: judgeParams,
        headers: ifMatch,
        response: { 204: z.null().describe('Deleted'), ...answers(404, 409, 412) },
      },
    },
    async function deleteJudge(request, reply) {
      const caller = access.callerOf(request)
      await judges.remove(caller, request.params.judge_id, expectationOf(request.headers['if-match']))
      return reply.status(204).send(null)
    },
  )
}

function tagged(reply: FastifyReply, judge: Judge): FastifyReply {
  return reply.header('etag', tagOf(judge.revision.id))
}
