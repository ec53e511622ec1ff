import type { Distribution } from '../judging/distribution.ts'
import type { Flag } from '../judging/flags.ts'
import type { JudgmentRecord, Vote } from '../judging/judgment.ts'
import type { ListedJudgment } from '../judging/judgment-store.ts'
import type { ToolUse } from '../judging/tool-use.ts'
import { keptText } from './kept-text.ts'
import type { JudgmentRow } from './tables.ts'

type ListedRow = Omit<JudgmentRow, 'conversation'>

/** All but the conversation, which may be long. */
export const listedColumns = [
  'id',
  'workspace_id',
  'judge_id',
  'revision_id',
  'outcome',
  'answer',
  'analysis',
  'reason',
  'provider',
  'model_name',
  'enforcement',
  'attempts',
  'latency_ms',
  'input_tokens',
  'output_tokens',
  'created_at_ms',
  'flags',
  'left_out',
  'tool_uses',
  'distribution',
  'votes',
  'agreement',
  'run_id',
  'item_number',
  'record_id',
  'cost',
] as const satisfies readonly (keyof ListedRow)[]

export function toRow(record: JudgmentRecord): JudgmentRow {
  const { account } = record
  return {
    id: record.id,
    workspace_id: record.workspaceId,
    judge_id: record.judgeId,
    revision_id: record.revisionId,
    outcome: record.outcome,
    answer: record.answer === null ? null : JSON.stringify(record.answer),
    analysis: record.analysis && keptText(record.analysis),
    reason: record.reason && keptText(record.reason),
    conversation: record.conversation,
    provider: account.provider,
    model_name: account.modelName,
    enforcement: account.enforcement,
    attempts: account.attempts,
    latency_ms: account.latencyMs,
    input_tokens: account.inputTokens,
    output_tokens: account.outputTokens,
    created_at_ms: record.createdAt.getTime(),
    flags: JSON.stringify(record.flags),
    left_out: JSON.stringify(account.leftOut),
    tool_uses: JSON.stringify(account.toolUses),
    distribution: record.distribution && JSON.stringify(record.distribution, mapsAsEntries),
    votes: record.votes && JSON.stringify(record.votes),
    agreement: record.agreement,
    run_id: record.run?.runId ?? null,
    item_number: record.run?.itemNumber ?? null,
    record_id: record.run?.recordId ?? null,
    cost: record.cost,
  }
}

export function toRecord(row: JudgmentRow): JudgmentRecord {
  return { ...toListed(row), conversation: row.conversation }
}

export function toListed(row: ListedRow): ListedJudgment {
  const flags = JSON.parse(row.flags) as Flag[]
  return {
    id: row.id,
    workspaceId: row.workspace_id,
    judgeId: row.judge_id,
    revisionId: row.revision_id,
    createdAt: new Date(row.created_at_ms),
    outcome: row.outcome,
    answer: row.answer === null ? null : (JSON.parse(row.answer) as string | number),
    analysis: row.analysis,
    reason: row.reason,
    flags,
    distribution: row.distribution === null ? null : readDistribution(row.distribution),
    votes: row.votes === null ? null : (JSON.parse(row.votes) as Vote[]),
    agreement: row.agreement,
    account: {
      provider: row.provider,
      modelName: row.model_name,
      enforcement: row.enforcement,
      leftOut: JSON.parse(row.left_out) as string[],
      attempts: row.attempts,
      latencyMs: row.latency_ms,
      inputTokens: row.input_tokens,
      outputTokens: row.output_tokens,
      toolUses: JSON.parse(row.tool_uses) as ToolUse[],
      isToolBudgetExhausted: flags.includes('tool_budget_exhausted'),
    },
    cost: row.cost,
    run: placeOf(row),
  }
}

function placeOf({ run_id, item_number, record_id }: ListedRow): JudgmentRecord['run'] {
  if (run_id === null || item_number === null || record_id === null) return null
  return { runId: run_id, itemNumber: item_number, recordId: record_id }
}

function mapsAsEntries(_key: string, value: unknown): unknown {
  return value instanceof Map ? [...value] : value
}

function readDistribution(json: string): Distribution {
  const stored = JSON.parse(json) as Distribution
  return stored.type === 'CLASSIFICATION' ? { ...stored, shares: new Map(stored.shares) } : stored
}
