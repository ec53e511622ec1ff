import type { FastifyReply } from 'fastify'
import { z } from 'zod'
import {
  definitionDocument,
  fromDefinition,
  outputDocument,
  text,
  toDefinition,
} from '../judges/definition-document.ts'
import type { Judge } from '../judges/judge-store.ts'
import type { IsExpected, Judges } from '../judges/judges.ts'
import type { Access } from './authenticate.ts'
import { neighbours, pageOf, pageQuery, searchText } from './pages.ts'
import { answers, type Server } from './server.ts'

export const judgeParams = z.object({
  judge_id: z.guid('expected a UUID').describe("A judge's id, or the id of one of its revisions."),
})

const id = z.uuid()
const timestamp = z.iso.datetime()

const judgeBody = definitionDocument
  .extend({
    name: z.string(),
    description: z.string(),
    model_name: z.string(),
    output: outputDocument,
    instructions: z.string(),
    tools: z.array(z.string()),
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

function showJudge({ id, ownerId, workspaceId, createdAt, revision }: Judge): z.output<typeof judgeBody> {
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

/** A parameter that may be repeated; to say a value twice is to say it once. */
const anyOf = <Item extends z.ZodType>(item: Item) =>
  z
    .preprocess(
      (value) => (Array.isArray(value) ? value : [value]),
      z.array(item).max(100, 'expected at most 100 values, found more'),
    )
    .transform((values) => [...new Set(values)])
    .optional()

const listQuery = z.object({
  ...pageQuery,
  q: searchText.optional().describe('A part of the name or the description, whatever its case.'),
  type_filter: anyOf(z.enum(['CLASSIFICATION', 'REGRESSION'])),
  model_filter: anyOf(text(1, 500)),
})

const ifMatch = z.object({
  'if-match': z.string().optional().describe('The ETag of the revision that the change is meant for.'),
})

/** The revision's id is its tag: a judge's content changes with its latest revision and never otherwise. */
function tagOf(revisionId: string): string {
  return `"${revisionId}"`
}

/** Weak tags never match here, as RFC 9110 has it for If-Match. */
function expectationOf(header: string | undefined): IsExpected | undefined {
  if (header === undefined || header.trim() === '*') return undefined
  const tags = header.split(',').map((tag) => tag.trim())
  return (latestRevisionId) => tags.includes(tagOf(latestRevisionId))
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
        querystring: listQuery,
        response: { 200: z.object({ judges: pageOf(judgeBody) }), ...answers() },
      },
    },
    async function listJudges(request) {
      const caller = access.callerOf(request)
      const { page, page_size: pageSize, q, type_filter: types, model_filter: models } = request.query
      const { items, count } = await judges.list(caller, {
        page,
        pageSize,
        ...(q === undefined || q === '' ? {} : { text: q }),
        outputTypes: types ?? [],
        modelNames: models ?? [],
      })
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
