import { z } from 'zod'
import type { LabelChoice, RunAgreements, TransferredAgreement } from '../agreement/run-agreements.ts'
import { text } from '../judges/definition-document.ts'
import { agreementFields, showAgreement } from './agreement-body.ts'
import type { Access } from './authenticate.ts'
import { estimateBody, showEstimate } from './estimate-body.ts'
import { answers, type Server } from './server.ts'

const uuid = z.guid('expected a UUID')
const params = z.object({ run_id: uuid })

const labelProperty = text(1, 500)
  .optional()
  .describe(
    'A property of the records that holds the label; absent: the labels that people gave for the judge.',
  )

const runFields = {
  run_id: z.uuid(),
  judge_id: z.uuid(),
  revision_id: z.uuid(),
  outcomes: z
    .record(z.string(), z.int())
    .describe('Of all records of the run; only answered ones are compared.'),
  pending: z.int(),
}

const agreementBody = z.object({ ...runFields, ...agreementFields }).meta({ id: 'Agreement' })

const transferredBody = z.object({
  ...runFields,
  labels_of: z.uuid(),
  warnings: z.array(z.string()),
  method: z.literal('rogan_gladen'),
  shares: z.array(
    z.object({
      option: z.string(),
      naive: z.number(),
      corrected: z
        .object({ share: z.number(), low: z.number(), high: z.number(), is_clipped: z.boolean() })
        .nullable(),
      refusal: z.string().nullable().describe('Why it can not be corrected.'),
      positives: z.int().describe('Labelled records with this label.'),
      true_positives: z.int(),
      negatives: z.int(),
      true_negatives: z.int(),
    }),
  ),
})

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

function showRun({ run }: Pick<TransferredAgreement, 'run'>) {
  return {
    run_id: run.id,
    judge_id: run.judgeId,
    revision_id: run.revisionId,
    outcomes: { ...run.progress.outcomes },
    pending: run.progress.pending,
  }
}

function choiceOf({ label_property: property }: { label_property?: string | undefined }): LabelChoice {
  return property === undefined ? {} : { property }
}

interface AgreementServices {
  readonly access: Access
  readonly agreements: RunAgreements
}

const path = '/v1/observability/runs/:run_id'

export function registerAgreement(server: Server, { access, agreements }: AgreementServices): void {
  server.get(
    `${path}/agreement`,
    {
      onRequest: access.requires('read'),
      schema: {
        operationId: 'fetchAgreement',
        summary: 'Compare a run with labels, and estimate what people would say of all of its records',
        tags: ['agreement'],
        params,
        querystring: z.object({ label_property: labelProperty }),
        response: { 200: agreementBody, ...answers(404) },
      },
    },
    async function fetchAgreement(request) {
      const caller = access.callerOf(request)
      const found = await agreements.report(caller, request.params.run_id, choiceOf(request.query))
      return { ...showRun(found), ...showAgreement(found.report) }
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
        params,
        querystring: z.object({
          n: z.coerce.number().int().min(0).max(1000).default(20),
          width: z.coerce.number().positive().optional().describe("The interval's width that is wanted."),
          label_property: labelProperty,
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

  registerTransfer(server, { access, agreements })
}

function registerTransfer(server: Server, { access, agreements }: AgreementServices): void {
  server.get(
    `${path}/corrected-shares`,
    {
      onRequest: access.requires('read'),
      schema: {
        operationId: 'fetchCorrectedShares',
        summary: "Correct a run's shares by another run whose records are labelled",
        tags: ['agreement'],
        params,
        querystring: z.object({
          labels_of: uuid.describe('The run with labels.'),
          label_property: labelProperty,
        }),
        response: { 200: transferredBody, ...answers(404) },
      },
    },
    async function fetchCorrectedShares(request) {
      const { labels_of: from, ...chosen } = request.query
      const caller = access.callerOf(request)
      const found = await agreements.transfer(caller, request.params.run_id, from, choiceOf(chosen))
      return {
        ...showRun(found),
        labels_of: found.from.id,
        warnings: [...found.warnings],
        method: 'rogan_gladen' as const,
        shares: found.shares.map(({ option, naive, corrected, refusal, calibration }) => ({
          option,
          naive,
          corrected: corrected
            ? {
                share: corrected.share,
                low: corrected.low,
                high: corrected.high,
                is_clipped: corrected.isClipped,
              }
            : null,
          refusal,
          positives: calibration.positives,
          true_positives: calibration.truePositives,
          negatives: calibration.negatives,
          true_negatives: calibration.trueNegatives,
        })),
      }
    },
  )
}
