import { z } from 'zod'
import { outcomes } from '../judging/judgment.ts'
import { answerBody } from './judgment-body.ts'
import { runBody } from './runs.ts'

const count = z.int()
const share = z.number().describe('From 0 to 1.')
const pValue = z.number().describe('Two-sided; from 0 to 1.')

const outcomeCounts = z
  .partialRecord(z.enum([...outcomes, 'pending']), count)
  .describe('Records by what became of them; what there is none of is left out.')

const recordsBody = z.object({
  in_both: count,
  only_in_first: outcomeCounts,
  only_in_second: outcomeCounts,
  answered_by_both: count.describe('Everything below is about these.'),
  answered_by_first_only: outcomeCounts.describe('Of the records in both: their outcomes in the second run.'),
  answered_by_second_only: outcomeCounts.describe('Of the records in both: their outcomes in the first run.'),
  answered_by_neither: count,
})

const differenceBody = z
  .object({ difference: z.number(), low: z.number(), high: z.number() })
  .describe("Of the shares, the second less the first, with Tango's 95% interval.")

const optionBody = z.object({
  option: z.string(),
  first: z.object({ count, share: share.nullable() }),
  second: z.object({ count, share: share.nullable() }),
  gained: count.describe('Records for which it is the answer of the second run only.'),
  lost: count.describe('Records for which it is the answer of the first run only.'),
  difference: differenceBody.nullable(),
  p_value: pValue.describe("McNemar's exact test: whether as many were gained as lost."),
  adjusted_p_value: pValue.describe("Holm's, for there being as many tests as options."),
  mid_p_value: pValue,
})

const numbersBody = z.object({
  records: count,
  first_mean: z.number(),
  second_mean: z.number(),
  difference: z.number().describe('Of the means, the second less the first.'),
  low: z
    .number()
    .nullable()
    .describe("Student's 95% interval; null where nothing tells how far differences vary."),
  high: z.number().nullable(),
  p_value: pValue.nullable().describe('Of the paired t-test.'),
  standard_deviation: z.number().nullable().describe('Of the differences.'),
  mean_absolute_change: z.number(),
  correlation: z.number().nullable().describe("Pearson's."),
})

const flippedBody = z.object({
  judgment_id: z.string().nullable(),
  answer: answerBody,
  analysis: z.string().nullable().describe('Null where the settings keep none.'),
})

/** A record that the two runs answered differently. */
export const flipBody = z
  .object({
    record_id: z.string(),
    item_number: z.int().describe('Its place in the first run.'),
    change: z.number().nullable().describe('The second number less the first; null for options.'),
    first: flippedBody,
    second: flippedBody,
  })
  .meta({ id: 'Flip' })

const flipsBody = z.object({
  count,
  share: z.object({ share, low: share, high: share }).nullable().describe("With Wilson's 95% interval."),
  largest: z.array(flipBody).describe('The largest changes first, equal ones in the order of the first run.'),
})

/** Two runs side by side, as `comparisonDocument` spells it. */
export const comparisonBody = z
  .object({
    first: runBody,
    second: runBody,
    is_comparable: z.boolean().describe('False where options or scales differ: then all but counts is null.'),
    reason: z.string().nullable().describe("Why answers can't be compared."),
    differences: z
      .array(z.object({ what: z.string(), first: z.string().nullable(), second: z.string().nullable() }))
      .describe('What is not the same in both; null where it is none, or longer than 200 characters.'),
    records: recordsBody,
    flips: flipsBody.nullable(),
    options: z.array(optionBody).nullable().describe('Null for judges that answer with a number.'),
    cross_table: z
      .object({ options: z.array(z.string()), counts: z.array(z.array(count)) })
      .nullable()
      .describe("Rows are the first run's answers, columns the second's."),
    kappa: z.number().nullable().describe("Cohen's, of the two runs' answers."),
    numbers: numbersBody.nullable().describe('Null for judges with options.'),
  })
  .meta({ id: 'RunComparison' })
