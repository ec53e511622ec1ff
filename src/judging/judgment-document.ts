import { shownDistribution } from './distribution.ts'
import type { Vote } from './judgment.ts'
import type { ListedJudgment } from './judgment-store.ts'
import type { ToolUse } from './tool-use.ts'

/** A judgment as it is listed, downloaded and written to files. */
export type JudgmentDocument = ReturnType<typeof judgmentDocument>

/** Spells a kept judgment as the API, its downloads and the command line show it. */
export function judgmentDocument(record: ListedJudgment) {
  const { account, distribution, run, votes } = record
  return {
    id: record.id,
    judge_id: record.judgeId,
    revision_id: record.revisionId,
    run_id: run?.runId ?? null,
    item_number: run?.itemNumber ?? null,
    record_id: run?.recordId ?? null,
    created_at: record.createdAt.toISOString(),
    outcome: record.outcome,
    answer: record.answer,
    analysis: record.analysis,
    reason: record.reason,
    distribution: distribution && shownDistribution(distribution),
    distribution_method: distribution?.method ?? null,
    agreement: record.agreement,
    flags: [...record.flags],
    provider: account.provider,
    model_name: account.modelName,
    enforcement: account.enforcement,
    left_out: [...account.leftOut],
    attempts: account.attempts,
    latency_ms: account.latencyMs,
    input_tokens: account.inputTokens,
    output_tokens: account.outputTokens,
    cost: record.cost,
    tool_calls: account.toolUses.map(toolCallDocument),
    votes: votes?.map(voteDocument) ?? null,
  }
}

interface VoteDocument {
  readonly provider: string
  readonly model_name: string
  readonly outcome: Vote['outcome']
  readonly answer: Vote['answer']
  readonly analysis: string | null
  readonly reason: string | null
  /** Of a panel's member that was itself asked several times. */
  readonly votes?: VoteDocument[]
}

function voteDocument(vote: Vote): VoteDocument {
  const { modelName, votes, ...said } = vote
  return { ...said, model_name: modelName, ...(votes && { votes: votes.map(voteDocument) }) }
}

/** Spells one call of a tool. */
export function toolCallDocument(use: ToolUse) {
  return {
    name: use.name,
    arguments: use.arguments,
    result_bytes: use.resultBytes,
    latency_ms: use.latencyMs,
    outcome: use.outcome,
  }
}
