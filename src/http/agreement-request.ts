import { z } from 'zod'
import type { LabelChoice } from '../agreement/run-agreements.ts'
import { text } from '../judges/definition-document.ts'
import type { Run } from '../runs/run.ts'
import { uuid } from './ids.ts'

export const labelField = text(1, 500)
  .optional()
  .describe(
    'A field of the records that holds the label, in the payload or else among the properties; absent: the labels that people gave for the judge.',
  )

export const answersOf = uuid
  .optional()
  .describe(
    'Another run, whose answers stand in the place of labels: the estimate is what its judge would say of all records of this run.',
  )

export const runFields = {
  run_id: z.uuid(),
  judge_id: z.uuid(),
  revision_id: z.uuid(),
  outcomes: z
    .record(z.string(), z.int())
    .describe('Of all records of the run; only answered ones are compared.'),
  pending: z.int(),
}

/** Which run was measured. */
export function showRun(run: Run) {
  return {
    run_id: run.id,
    judge_id: run.judgeId,
    revision_id: run.revisionId,
    outcomes: { ...run.progress.outcomes },
    pending: run.progress.pending,
  }
}

interface ChosenLabels {
  readonly label_field?: string | undefined
  readonly answers_of?: string | undefined
}

export function choiceOf({ label_field: field, answers_of: answersOf }: ChosenLabels): LabelChoice {
  return { ...(field !== undefined && { field }), ...(answersOf !== undefined && { answersOf }) }
}
