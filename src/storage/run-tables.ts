import type { Outcome } from '../judging/judgment.ts'
import type { RunState } from '../runs/run.ts'

export interface RunRow {
  id: string
  workspace_id: string
  owner_id: string
  judge_id: string
  revision_id: string
  dataset_id: string | null
  name: string
  /** JSON of a `PropertyFilter`. */
  filter: string | null
  samples: number
  concurrency: number
  max_cost: number | null
  max_tokens: number | null
  state: RunState
  reason: string | null
  total: number
  created_at_ms: number
  started_at_ms: number | null
  ended_at_ms: number | null
}

export interface RunItemRow {
  run_id: string
  /** From 1, in the order of the dataset. */
  number: number
  record_id: string
  /** Null while it is pending. */
  judgment_id: string | null
  /** A process that is judging it, and until when it is believed to. */
  claimed_by: string | null
  claimed_until_ms: number | null
}

export interface RunCountRow {
  run_id: string
  outcome: Outcome
  judgments: number
  input_tokens: number
  output_tokens: number
  cost: number
  /** Judgments of a model without a price. */
  unpriced: number
}
