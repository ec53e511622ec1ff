import { z } from 'zod'
import type { Estimate } from '../agreement/estimate.ts'

const interval = { low: z.number(), high: z.number() }

const strata = z.array(
  z.object({
    name: z.string(),
    records: z.int(),
    labelled: z.int(),
    weight: z.number().nullable().describe('How many records each labelled one stands for.'),
  }),
)

export const estimateBody = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('shares'),
    method: z.literal('judge_stratified'),
    labels: z.int().describe('How many labelled records it rests on.'),
    strata,
    shares: z.array(
      z.object({
        option: z.string(),
        naive: z.object({ share: z.number(), ...interval }).describe("The share of the judge's answers."),
        corrected: z.object({ share: z.number(), ...interval }).describe('What people would say.'),
      }),
    ),
  }),
  z.object({
    kind: z.literal('mean'),
    method: z.literal('prediction_powered'),
    labels: z.int(),
    strata,
    naive: z.number(),
    corrected: z.object({ mean: z.number(), ...interval, error: z.number(), power: z.number() }),
  }),
  z.object({ kind: z.literal('refused'), reason: z.string(), labels: z.int(), strata }),
])

/** Spells an estimate as the API does. */
export function showEstimate(estimate: Estimate): z.output<typeof estimateBody> {
  const about = { labels: estimate.labels, strata: estimate.strata.map((stratum) => ({ ...stratum })) }
  if (estimate.kind === 'refused') return { ...about, kind: estimate.kind, reason: estimate.reason }
  if (estimate.kind === 'mean') {
    const { kind, method, naive, corrected } = estimate
    return { ...about, kind, method, naive, corrected: { ...corrected } }
  }
  return {
    ...about,
    kind: estimate.kind,
    method: estimate.method,
    shares: estimate.shares.map(({ option, naive, corrected }) => ({
      option,
      naive: { share: naive.share, low: naive.low, high: naive.high },
      corrected: { share: corrected.share, low: corrected.low, high: corrected.high },
    })),
  }
}
