import { z } from 'zod'
import { text } from '../judges/definition-document.ts'
import { mostSamples } from '../judging/judging.ts'
import { runPriorities } from '../runs/run.ts'
import type { NewRun, Selection } from '../runs/runs.ts'
import { uuid } from './ids.ts'
import { filterBody } from './runs.ts'

const most = { recordIds: 100_000, properties: 20, values: 100, concurrency: 1000 }

export const maxCost = z
  .number()
  .positive('expected a number over 0')
  .nullish()
  .describe('Stops the run before it costs more, in the currency of the prices; its model has to have one.')
export const maxTokens = z
  .int()
  .positive('expected a whole number from 1')
  .nullish()
  .describe('Stops the run before it takes more, of input and output together.')

export const priority = z.enum(runPriorities, `expected one of ${runPriorities.join(', ')}`).nullish()

const newFilter = filterBody
  .refine(
    (filter) => Object.keys(filter).length <= most.properties,
    `expected at most ${most.properties} properties, found more`,
  )
  .refine(
    (filter) => Object.values(filter).every((value) => !Array.isArray(value) || isInRange(value.length)),
    `expected lists of 1 to ${most.values} values, found another length`,
  )

function isInRange(length: number): boolean {
  return length >= 1 && length <= most.values
}

/** What a run is asked for with. */
export const newRunBody = z
  .object({
    judge_id: z
      .guid('expected a UUID')
      .describe("A judge's id, or the id of one of its revisions: the run keeps to one revision."),
    dataset_id: uuid.nullish(),
    record_ids: z
      .array(uuid)
      .min(1, 'expected at least one id')
      .max(most.recordIds, `expected at most ${most.recordIds} ids, found more`)
      .nullish()
      .describe('Records to judge, in this order, instead of those of a dataset.'),
    filter: newFilter.nullish(),
    samples: z
      .int()
      .min(1, `expected a whole number from 1 to ${mostSamples}`)
      .max(mostSamples, `expected a whole number from 1 to ${mostSamples}`)
      .nullish()
      .describe('Judgments of each record, which become one; 1 where it is left out.'),
    concurrency: z
      .int()
      .min(1, `expected a whole number from 1 to ${most.concurrency}`)
      .max(most.concurrency, `expected a whole number from 1 to ${most.concurrency}`)
      .nullish()
      .describe('Judgments at the same time; what the settings say where it is left out.'),
    priority: priority.describe(
      'Of the runs of one workspace, those of a higher priority have their turns first; normal where it is left out.',
    ),
    max_cost: maxCost,
    max_tokens: maxTokens,
    name: text(1, 200).nullish().describe('After the judge and the dataset where it is left out.'),
  })
  .superRefine(({ dataset_id, record_ids, filter }, context) => {
    const refuse = (path: string, message: string): void =>
      context.addIssue({ code: 'custom', path: [path], message })
    const isOfDataset = dataset_id !== undefined && dataset_id !== null
    const isOfRecords = record_ids !== undefined && record_ids !== null
    if (isOfDataset === isOfRecords) {
      refuse(
        'dataset_id',
        `expected either dataset_id or record_ids, found ${isOfDataset ? 'both' : 'neither'}`,
      )
    }
    if (isOfRecords && filter)
      refuse('filter', 'expected a filter beside a dataset_id alone, found record_ids')
  })
  .meta({ id: 'NewRun' })

export function toNewRun(body: z.output<typeof newRunBody>): NewRun {
  return {
    judgeId: body.judge_id,
    selection: selectionOf(body),
    name: body.name ?? undefined,
    samples: body.samples ?? 1,
    concurrency: body.concurrency ?? undefined,
    priority: body.priority ?? undefined,
    maxCost: body.max_cost ?? null,
    maxTokens: body.max_tokens ?? null,
  }
}

function selectionOf({ dataset_id, record_ids, filter }: z.output<typeof newRunBody>): Selection {
  if (record_ids) return { recordIds: record_ids }
  const isNarrowed = filter !== undefined && filter !== null && Object.keys(filter).length > 0
  return { datasetId: dataset_id ?? '', filter: isNarrowed ? filter : null }
}
