import { z } from 'zod'
import { outcomes } from '../judging/judgment.ts'
import { accountFields, answerBody, spreadFields } from './judgment-body.ts'

const id = z.uuid()

export const outcomeBody = z.enum(outcomes)

/** A kept judgment, as `judgmentDocument` spells it. */
export const judgmentRecordBody = z
  .object({
    id,
    judge_id: id,
    revision_id: id,
    run_id: id.nullable().describe('Null where it was made while the caller waited.'),
    item_number: z.int().nullable().describe("From 1, in the order of the run's records."),
    record_id: id.nullable().describe("The dataset's record that was judged."),
    created_at: z.iso.datetime(),
    outcome: outcomeBody.describe('How it ended. Only answered has an answer.'),
    answer: answerBody.nullable(),
    analysis: z.string().nullable().describe('Null without an answer, or where the settings keep none.'),
    reason: z.string().nullable().describe('Why there is no answer.'),
    ...spreadFields,
    ...accountFields,
  })
  .meta({ id: 'JudgmentRecord' })

/** One judgment by itself, with what was judged. */
export const judgmentWithConversationBody = judgmentRecordBody
  .extend({
    conversation: z
      .object({
        messages: z.array(z.unknown()),
        properties: z.record(z.string(), z.unknown()).nullish(),
      })
      .nullable()
      .describe('As it was sent; null where the settings keep none.'),
  })
  .meta({ id: 'JudgmentWithConversation' })
