import { z } from 'zod'
import type { RunSettings } from '../runs/run.ts'
import { outcomeBody } from './judgment-record-body.ts'
import { maxCost, maxTokens, newRunBody, priority, toNewRun } from './new-run-body.ts'
import { type RunsServices, runBody, runParams, runsPath, showRun } from './runs.ts'
import { answers, type Server } from './server.ts'

const resumeBody = z
  .object({
    max_cost: maxCost.describe('In place of the cap that it has; null takes it away.'),
    max_tokens: maxTokens.describe('In place of the cap that it has; null takes it away.'),
    priority: priority.describe('In place of the priority that it has.'),
  })
  .nullish()

const retryBody = z
  .object({
    outcomes: z
      .array(outcomeBody)
      .nullish()
      .describe('Those whose records are judged again; every one but answered where it is left out.'),
  })
  .nullish()

function settingsOf({
  max_cost,
  max_tokens,
  priority,
}: NonNullable<z.output<typeof resumeBody>>): Partial<RunSettings> {
  return {
    ...(max_cost === undefined ? {} : { maxCost: max_cost }),
    ...(max_tokens === undefined ? {} : { maxTokens: max_tokens }),
    ...(priority && { priority }),
  }
}

export function registerRunChanges(server: Server, { access, runs }: RunsServices): void {
  server.post(
    runsPath,
    {
      onRequest: access.requires('judge'),
      schema: {
        operationId: 'createRun',
        summary: 'Run a judge over the records of a dataset, or over a list of records',
        tags: ['runs'],
        body: newRunBody,
        response: { 201: runBody, ...answers(400, 404) },
      },
    },
    async function createRun(request, reply) {
      const run = await runs.create(access.callerOf(request), toNewRun(request.body))
      return reply.status(201).send(showRun(run))
    },
  )

  server.post(
    `${runsPath}/:run_id/cancel`,
    {
      onRequest: access.requires('judge'),
      schema: {
        operationId: 'cancelRun',
        summary: 'Begin no more judgments of a run; those under way are finished and kept',
        tags: ['runs'],
        params: runParams,
        response: { 200: runBody, ...answers(404, 409) },
      },
    },
    async function cancelRun(request) {
      return showRun(await runs.cancel(access.callerOf(request), request.params.run_id))
    },
  )

  server.post(
    `${runsPath}/:run_id/resume`,
    {
      onRequest: access.requires('judge'),
      schema: {
        operationId: 'resumeRun',
        summary: 'Go on with a run that was cancelled, that is capped or failed',
        tags: ['runs'],
        params: runParams,
        body: resumeBody,
        response: { 200: runBody, ...answers(400, 404, 409) },
      },
    },
    async function resumeRun(request) {
      const settings = settingsOf(request.body ?? {})
      return showRun(await runs.resume(access.callerOf(request), request.params.run_id, settings))
    },
  )

  server.post(
    `${runsPath}/:run_id/retry`,
    {
      onRequest: access.requires('judge'),
      schema: {
        operationId: 'retryRun',
        summary: 'Judge the records of a run again that have no answer',
        tags: ['runs'],
        params: runParams,
        body: retryBody,
        response: { 200: runBody, ...answers(400, 404) },
      },
    },
    async function retryRun(request) {
      const outcomes = request.body?.outcomes ?? []
      return showRun(await runs.retry(access.callerOf(request), request.params.run_id, outcomes))
    },
  )
}
