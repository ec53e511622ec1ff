import { z } from 'zod'
import type { RunAgreements } from '../agreement/run-agreements.ts'
import { choiceOf, labelField, runFields, showRun } from './agreement-request.ts'
import type { Access } from './authenticate.ts'
import { uuid } from './ids.ts'
import { runParams, runsPath } from './runs.ts'
import { answers, type Server } from './server.ts'

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

interface CorrectedSharesServices {
  readonly access: Access
  readonly agreements: RunAgreements
}

export function registerCorrectedShares(
  server: Server,
  { access, agreements }: CorrectedSharesServices,
): void {
  server.get(
    `${runsPath}/:run_id/corrected-shares`,
    {
      onRequest: access.requires('read'),
      schema: {
        operationId: 'fetchCorrectedShares',
        summary: "Correct a run's shares by another run whose records are labelled",
        tags: ['agreement'],
        params: runParams,
        querystring: z.object({
          labels_of: uuid.describe('The run with labels.'),
          label_field: labelField,
        }),
        response: { 200: transferredBody, ...answers(404) },
      },
    },
    async function fetchCorrectedShares(request) {
      const { labels_of: from, ...chosen } = request.query
      const caller = access.callerOf(request)
      const found = await agreements.transfer(caller, request.params.run_id, from, choiceOf(chosen))
      return {
        ...showRun(found.run),
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
