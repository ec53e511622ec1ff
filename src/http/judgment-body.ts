import { z } from 'zod'
import { shownDistribution } from '../judging/distribution.ts'
import type { Judgment } from '../judging/judgment.ts'
import { toolCallDocument } from '../judging/judgment-document.ts'
import type { LiveJudgment } from '../judging/live-judging.ts'

export const answerBody = z
  .union([z.string(), z.number()])
  .describe("One of the judge's options, or a number from its min to its max.")

const pollBody = z.object({
  asked: z.int().describe('How many judgments could be made: samples, or members of a panel.'),
  made: z.int().describe('How many were: sampling stops once the others could not change the answer.'),
  answered: z
    .int()
    .describe('How many of those gave an answer. The others abstain; they are never an answer.'),
})

const voteBody = z.object({
  provider: z.string(),
  model_name: z.string(),
  outcome: z.string(),
  answer: answerBody.nullable(),
  analysis: z.string().nullable(),
  reason: z.string().nullable().describe('Why there is no answer.'),
})

const enforcementBody = z
  .string()
  .nullable()
  .describe(
    'How the answer was held to its form: grammar, json_schema, tool_call, json_object or text. Null where no model replied.',
  )

/** How a judgment came about: what is told of it in details, and in lists. */
export const accountFields = {
  provider: z.string(),
  model_name: z.string().describe("The provider's own name of the model."),
  enforcement: enforcementBody,
  left_out: z.array(z.string()).describe('Parameters that were wanted and not sent: the model refuses them.'),
  attempts: z.int().describe('Calls to the provider, repairs and retries included.'),
  input_tokens: z.int(),
  output_tokens: z.int(),
  cost: z
    .number()
    .nullable()
    .describe('What its tokens cost, in the currency of the configured prices; null where a model has none.'),
  latency_ms: z.number(),
  flags: z.array(z.string()).describe('What was seen in the conversation; it never changes the answer.'),
  tool_calls: z.array(
    z.object({
      name: z.string(),
      arguments: z.string().describe('JSON as the model wrote it, cut.'),
      result_bytes: z.int(),
      latency_ms: z.number(),
      outcome: z.enum(['done', 'failed', 'refused']).describe('refused: the call could not be made.'),
    }),
  ),
  votes: z
    .array(voteBody.extend({ votes: z.array(voteBody).optional() }))
    .nullable()
    .describe('The judgments that this one was made of; null where it was made alone.'),
}

const detailsBody = z.object({
  judgment_id: z.string().nullable().describe('Null where the judgment is not kept.'),
  revision_id: z.string().nullable().describe('Null where the definition is not saved.'),
  ...accountFields,
})

/** How several answers became one. */
export const spreadFields = {
  distribution: z
    .record(z.string(), z.number())
    .nullable()
    .describe('The share of each option; of numbers mean and standard_deviation. Null without any answer.'),
  distribution_method: z.enum(['token_probabilities', 'samples', 'members']).nullable(),
  agreement: z
    .number()
    .nullable()
    .describe(
      'How far several answers agree, from 0 to 1: the share of the most frequent option; of numbers 1 less the standard deviation over half the width of the scale. Null for fewer than two.',
    ),
}

/** What can be told of a judgment beside its analysis and its answer. */
const weighedFields = {
  outcome: z.string(),
  ...spreadFields,
  poll: pollBody.nullable().describe('Null where one judgment was made.'),
  details: detailsBody.optional(),
}

/** The contract's two fields; the others only where they are asked for. */
export const judgmentBody = z
  .object({ analysis: z.string(), answer: answerBody, ...z.object(weighedFields).partial().shape })
  .meta({ id: 'Judgment' })

/** A judgment without an answer, where more of it was asked for. */
export const unansweredBody = z.object(weighedFields)

/** What a judgment says of itself beside its analysis and its answer. */
export function showWeighed(
  live: LiveJudgment,
  { withDetails }: { withDetails: boolean },
): z.output<typeof unansweredBody> {
  const { outcome, distribution, poll } = live.judgment
  return {
    outcome,
    distribution: distribution ? shownDistribution(distribution) : null,
    distribution_method: distribution?.method ?? null,
    agreement: poll?.agreement ?? null,
    poll: poll
      ? {
          asked: poll.asked,
          made: poll.votes.length,
          answered: poll.votes.filter((vote) => vote.outcome === 'answered').length,
        }
      : null,
    ...(withDetails && { details: showDetails(live) }),
  }
}

function showDetails({ id, revisionId, judgment, cost }: LiveJudgment): z.output<typeof detailsBody> {
  const { account, flags, poll } = judgment
  return {
    judgment_id: id,
    revision_id: revisionId,
    provider: account.provider,
    model_name: account.modelName,
    enforcement: account.enforcement,
    left_out: [...account.leftOut],
    attempts: account.attempts,
    input_tokens: account.inputTokens,
    output_tokens: account.outputTokens,
    cost,
    latency_ms: account.latencyMs,
    flags: [...flags],
    tool_calls: account.toolUses.map(toolCallDocument),
    votes:
      poll?.votes.map((vote) => ({
        ...showVote(vote),
        ...(vote.poll && { votes: vote.poll.votes.map(showVote) }),
      })) ?? null,
  }
}

function showVote(vote: Judgment): z.output<typeof voteBody> {
  const isAnswered = vote.outcome === 'answered'
  return {
    provider: vote.account.provider,
    model_name: vote.account.modelName,
    outcome: vote.outcome,
    answer: isAnswered ? vote.answer : null,
    analysis: isAnswered ? vote.analysis : null,
    reason: isAnswered ? null : vote.reason,
  }
}
