import type { Material } from './judging.ts'
import type { FlaggedJudgment, Judgment, JudgmentRecord, Vote } from './judgment.ts'
import { costOf, type PriceOf } from './price.ts'

/** What the settings keep of a judgment beside its answer and its account. */
export interface KeptParts {
  readonly keepAnalysis: boolean
  readonly keepConversation: boolean
}

type Made = Pick<JudgmentRecord, 'id' | 'workspaceId' | 'judgeId' | 'revisionId' | 'createdAt' | 'run'> & {
  readonly material: Material
  readonly judgment: FlaggedJudgment
}

/** What is kept of a judgment, whatever its outcome. */
export function toJudgmentRecord(
  { material, judgment, ...made }: Made,
  { keepAnalysis, keepConversation }: KeptParts,
  priceOf: PriceOf,
): JudgmentRecord {
  return {
    ...made,
    ...whatWasSaid(judgment, keepAnalysis),
    conversation: keepConversation ? JSON.stringify(material) : null,
    flags: judgment.flags,
    distribution: judgment.distribution ?? null,
    votes: judgment.poll?.votes.map((vote) => voteOf(vote, keepAnalysis)) ?? null,
    agreement: judgment.poll?.agreement ?? null,
    account: judgment.account,
    cost: costOf(judgment, priceOf),
  }
}

function whatWasSaid(judgment: Judgment, keepAnalysis: boolean) {
  const isAnswered = judgment.outcome === 'answered'
  return {
    outcome: judgment.outcome,
    answer: isAnswered ? judgment.answer : null,
    analysis: isAnswered && keepAnalysis ? judgment.analysis : null,
    reason: isAnswered ? null : judgment.reason,
  }
}

function voteOf(judgment: Judgment, keepAnalysis: boolean): Vote {
  const { account, poll } = judgment
  return {
    provider: account.provider,
    modelName: account.modelName,
    ...whatWasSaid(judgment, keepAnalysis),
    ...(poll && { votes: poll.votes.map((vote) => voteOf(vote, keepAnalysis)) }),
  }
}
