import { z } from 'zod'
import { outcomes } from '../judging/judgment.ts'
import { type Run, runStates } from '../runs/run.ts'

const id = z.uuid()
const timestamp = z.iso.datetime()
const propertyValue = z.union([z.string(), z.number(), z.boolean(), z.null()])

const filterBody = z
  .record(z.string(), z.union([propertyValue, z.array(propertyValue)]))
  .describe('Records whose properties equal the value, or any of the values.')

const outcomesBody = z
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
