import { z } from 'zod'
import type { RunAgreements } from '../agreement/run-agreements.ts'
import { agreementFields, showAgreement } from './agreement-body.ts'
import { answersOf, choiceOf, labelField, runFields, showRun } from './agreement-request.ts'
import type { Access } from './authenticate.ts'
import { estimateBody, showEstimate } from './estimate-body.ts'
import { runParams, runsPath } from './runs.ts'
import { answers, type Server } from './server.ts'

const agreementBody = z.object({ ...runFields, ...agreementFields }).meta({ id: 'Agreement' })

const queueBody = z
  .object({
    run_id: z.uuid(),
    picks: z.array(
      z.object({
        record_id: z.uuid(),
        item_number: z.int(),
        answer: z.union([z.string(), z.number()]),
        is_split: z.boolean().describe('Whether samples, or members of a panel, disagreed.'),
      }),
    ),
    estimate: estimateBody,
    more_labels: z
      .int()
      .nullable()
      .describe('How many more labels bring the interval to `width`; null without one, or where none do.'),
  })
  .meta({ id: 'LabelQueue' })

interface AgreementServices {
  readonly access: Access
  readonly agreements: RunAgreements
}

const path = `${runsPath}/:run_id`

export function registerAgreement(server: Server, { access, agreements }: AgreementServices): void {
  server.get(
    `${path}/agreement`,
    {
      onRequest: access.requires('read'),
      schema: {
        operationId: 'fetchAgreement',
        summary: 'Compare a run with labels, and estimate what people would say of all of its records',
        tags: ['agreement'],
        params: runParams,
        querystring: z.object({ label_field: labelField, answers_of: answersOf }),
        response: { 200: agreementBody, ...answers(404) },
      },
    },
    async function fetchAgreement(request) {
      const caller = access.callerOf(request)
      const found = await agreements.report(caller, request.params.run_id, choiceOf(request.query))
      return { ...showRun(found.run), ...showAgreement(found.report) }
    },
  )

  server.get(
    `${path}/label-queue`,
    {
      onRequest: access.requires('read'),
      schema: {
        operationId: 'fetchLabelQueue',
        summary: 'Pick the records to label next',
        tags: ['agreement'],
        params: runParams,
        querystring: z.object({
          n: z.coerce.number().int().min(0).max(1000).default(20),
          width: z.coerce.number().positive().optional().describe("The interval's width that is wanted."),
          label_field: labelField,
        }),
        response: { 200: queueBody, ...answers(404) },
      },
    },
    async function fetchLabelQueue(request) {
      const { n, width, ...chosen } = request.query
      const caller = access.callerOf(request)
      const queue = await agreements.queue(caller, request.params.run_id, n, width, choiceOf(chosen))
      return {
        run_id: queue.run.id,
        picks: queue.picks.map((pick) => ({
          record_id: pick.recordId,
          item_number: pick.itemNumber,
          answer: pick.answer,
          is_split: pick.isSplit,
        })),
        estimate: showEstimate(queue.estimate),
        more_labels: queue.moreLabels,
      }
    },
  )
}
