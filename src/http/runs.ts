import { z } from 'zod'
import { outcomes } from '../judging/judgment.ts'
import { type Run, runPriorities, runStates } from '../runs/run.ts'
import type { Runs } from '../runs/runs.ts'
import type { Access } from './authenticate.ts'
import { uuid } from './ids.ts'
import { anyOf, neighbours, pageOf, pageQuery } from './pages.ts'
import { answers, type Server } from './server.ts'

const id = z.uuid()
const timestamp = z.iso.datetime()
const propertyValue = z.union([z.string(), z.number(), z.boolean(), z.null()])

export const filterBody = z
  .record(
    z.string(),
    z.union([propertyValue, z.array(propertyValue)], {
      error: 'expected text, a number, true, false, null, or a list of these',
    }),
  )
  .describe(
    'Records whose properties equal the value, or any of the values: as text, as a number, as true, false or null.',
  )

export const outcomesBody = z
  .object(
    Object.fromEntries(outcomes.map((outcome) => [outcome, z.int()])) as Record<
      (typeof outcomes)[number],
      z.ZodInt
    >,
  )
  .describe('How many judgments ended so.')

/** A run as it is shown. */
export const runBody = z
  .object({
    id,
    name: z.string(),
    state: z.enum(runStates),
    reason: z.string().nullable().describe('Why it is in its state, where that needs one.'),
    judge_id: id,
    revision_id: id.describe("The judge's revision that judges every record of the run."),
    judge_name: z.string().describe('As the revision has it.'),
    model_name: z.string().describe('As the revision has it.'),
    dataset_id: id.nullable().describe('Null for a run over a list of records.'),
    filter: filterBody.nullable(),
    samples: z.int(),
    concurrency: z.int(),
    priority: z.enum(runPriorities),
    max_cost: z.number().nullable(),
    max_tokens: z.int().nullable(),
    total: z.int().describe('How many records it has: the sum of the outcomes and what is pending.'),
    pending: z.int(),
    outcomes: outcomesBody,
    input_tokens: z.int().describe('Of all judgments, those that were made again included.'),
    output_tokens: z.int(),
    cost: z.number().nullable().describe('In the currency of the prices; null where a model has no price.'),
    created_at: timestamp,
    started_at: timestamp.nullable(),
    ended_at: timestamp.nullable(),
    owner_id: id,
    workspace_id: id,
  })
  .meta({ id: 'Run' })

export function showRun(run: Run): z.output<typeof runBody> {
  const { progress } = run
  return {
    id: run.id,
    name: run.name,
    state: run.state,
    reason: run.reason,
    judge_id: run.judgeId,
    revision_id: run.revisionId,
    judge_name: run.judgeName,
    model_name: run.modelName,
    dataset_id: run.datasetId,
    filter: run.filter && ({ ...run.filter } as z.output<typeof filterBody>),
    samples: run.samples,
    concurrency: run.concurrency,
    priority: run.priority,
    max_cost: run.maxCost,
    max_tokens: run.maxTokens,
    total: progress.total,
    pending: progress.pending,
    outcomes: { ...progress.outcomes },
    input_tokens: progress.inputTokens,
    output_tokens: progress.outputTokens,
    cost: progress.cost,
    created_at: run.createdAt.toISOString(),
    started_at: run.startedAt?.toISOString() ?? null,
    ended_at: run.endedAt?.toISOString() ?? null,
    owner_id: run.ownerId,
    workspace_id: run.workspaceId,
  }
}

export const runsPath = '/v1/observability/runs'

export const runParams = z.object({ run_id: uuid.describe("A run's id.") })

const listQuery = z.object({
  ...pageQuery,
  judge_id: uuid.optional().describe("A judge's id, or the id of one of its revisions."),
  dataset_id: uuid.optional(),
  state: anyOf(z.enum(runStates)),
})

export interface RunsServices {
  readonly access: Access
  readonly runs: Runs
}

export function registerRuns(server: Server, { access, runs }: RunsServices): void {
  server.get(
    runsPath,
    {
      onRequest: access.requires('read'),
      schema: {
        operationId: 'listRuns',
        summary: 'List runs, newest first',
        tags: ['runs'],
        querystring: listQuery,
        response: { 200: z.object({ runs: pageOf(runBody) }), ...answers() },
      },
    },
    async function listRuns(request) {
      const { page, page_size: pageSize, judge_id: judgeId, dataset_id: datasetId, state } = request.query
      const { items, count } = await runs.list(access.callerOf(request), {
        page,
        pageSize,
        ...(judgeId && { judgeId }),
        ...(datasetId && { datasetId }),
        states: state ?? [],
      })
      const beside = neighbours(request.url, { page, pageSize, count })
      return { runs: { results: items.map(showRun), count, ...beside } }
    },
  )

  server.get(
    `${runsPath}/:run_id`,
    {
      onRequest: access.requires('read'),
      schema: {
        operationId: 'fetchRun',
        summary: 'Fetch a run as it stands',
        tags: ['runs'],
        params: runParams,
        response: { 200: runBody, ...answers(404) },
      },
    },
    async function fetchRun(request) {
      return showRun(await runs.find(access.callerOf(request), request.params.run_id))
    },
  )

  server.delete(
    `${runsPath}/:run_id`,
    {
      onRequest: access.requires('write'),
      schema: {
        operationId: 'deleteRun',
        summary: 'Delete a run and its judgments; what is under way is broken off',
        tags: ['runs'],
        params: runParams,
        response: { 204: z.null().describe('Deleted'), ...answers(404) },
      },
    },
    async function deleteRun(request, reply) {
      await runs.remove(access.callerOf(request), request.params.run_id)
      return reply.status(204).send(null)
    },
  )
}
