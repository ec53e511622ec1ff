import type { Generated } from 'kysely'
import type { Role } from '../access/role.ts'
import type { Output } from '../judges/definition.ts'
import type { Outcome } from '../judging/judgment.ts'
import type { Enforcement } from '../judging/model.ts'
import type { AuditEntryRow } from './audit-tables.ts'
import type {
  DatasetRecordRow,
  DatasetRow,
  DatasetTaskRow,
  ExportLinkRow,
  FileChunkRow,
  FileLinkRow,
  FileRow,
  ImportRefusalRow,
} from './dataset-tables.ts'
import type { RunAnswerRow, RunCountRow, RunItemRow, RunRow, RunWorkerRow } from './run-tables.ts'
import type { UsageCountRow } from './usage-tables.ts'

export interface WorkspaceRow {
  id: string
  name: string
  created_at_ms: number
}

export interface OwnerRow {
  id: string
  workspace_id: string
  name: string
  created_at_ms: number
}

export interface KeyRow {
  id: string
  workspace_id: string
  owner_id: string
  name: string
  role: Role
  hash: string
  hint: string
  created_at_ms: number
  expires_at_ms: number | null
  revoked_at_ms: number | null
  last_used_at_ms: number | null
}

export interface SessionRow {
  hash: string
  key_id: string
  created_at_ms: number
  expires_at_ms: number
}

export interface SignInLinkRow {
  hash: string
  key_id: string
  expires_at_ms: number
}

/** A judge with what lists and filters need of its latest revision. */
export interface JudgeRow {
  seq: Generated<number>
  id: string
  workspace_id: string
  owner_id: string
  base_revision_id: string
  latest_revision_id: string
  name: string
  model_name: string
  output_type: Output['type']
  /** What `toSearchText` makes of the latest name and description; empty once the judge is deleted. */
  search_text: string
  created_at_ms: number
  updated_at_ms: number
  deleted_at_ms: number | null
}

export interface RevisionRow {
  id: string
  judge_id: string
  /** From 1, without gaps: the place in the judge's chain. */
  number: number
  owner_id: string
  name: string
  description: string
  model_name: string
  /** JSON of an `Output`. */
  output: string
  instructions: string
  /** JSON of an array of strings. */
  tools: string
  created_at_ms: number
}

/** How many living judges a workspace has of one output type and model; a row of zero is removed. */
interface JudgeCountRow {
  workspace_id: string
  output_type: Output['type']
  model_name: string
  count: number
}

export interface JudgmentRow {
  id: string
  workspace_id: string
  judge_id: string
  revision_id: string
  outcome: Outcome
  /** JSON of a string or a number. */
  answer: string | null
  analysis: string | null
  reason: string | null
  conversation: string | null
  provider: string
  model_name: string
  enforcement: Enforcement | null
  attempts: number
  latency_ms: number
  input_tokens: number
  output_tokens: number
  created_at_ms: number
  /** JSON of an array of strings, like `left_out`. */
  flags: string
  left_out: string
  /** JSON of an array of `ToolUse`s. */
  tool_uses: string
  /** JSON of a `Distribution`. */
  distribution: string | null
  /** JSON of an array of `Vote`s. */
  votes: string | null
  agreement: number | null
  /** Of a judgment that a run made: the run, its item, and the item's record. */
  run_id: string | null
  item_number: number | null
  record_id: string | null
  /** In the currency of the configured prices; null without a price. */
  cost: number | null
}

export interface ModelLessonRow {
  provider: string
  model_name: string
  /** JSON, as the models write it. */
  lesson: string
  learnt_at_ms: number
}

/** What processes share of a provider's limits. */
export interface ProviderLimitRow {
  provider: string
  /** JSON of a `LimitState`. */
  state: string
}

export interface LabelRow {
  id: string
  workspace_id: string
  judge_id: string
  record_id: string
  author: string
  /** JSON of a string or a number; null: it can't be told. */
  value: string | null
  created_at_ms: number
}

export interface Tables {
  workspaces: WorkspaceRow
  owners: OwnerRow
  keys: KeyRow
  sessions: SessionRow
  sign_in_links: SignInLinkRow
  judges: JudgeRow
  judge_revisions: RevisionRow
  judge_counts: JudgeCountRow
  judgments: JudgmentRow
  model_lessons: ModelLessonRow
  provider_limits: ProviderLimitRow
  labels: LabelRow
  datasets: DatasetRow
  dataset_records: DatasetRecordRow
  export_links: ExportLinkRow
  files: FileRow
  file_chunks: FileChunkRow
  file_links: FileLinkRow
  dataset_tasks: DatasetTaskRow
  import_refusals: ImportRefusalRow
  runs: RunRow
  run_items: RunItemRow
  run_workers: RunWorkerRow
  run_counts: RunCountRow
  run_answers: RunAnswerRow
  usage_counts: UsageCountRow
  audit_entries: AuditEntryRow
}
