import type { Outcome } from '../judging/judgment.ts'
import type { RunPriority, RunState } from '../runs/run.ts'

/** Nobody sees a run whose items are still being chosen, or one that is being taken away. */
export type StoredRunState = RunState | 'making' | 'removed'

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
  priority: RunPriority
  max_cost: number | null
  max_tokens: number | null
  state: StoredRunState
  reason: string | null
  total: number
  created_at_ms: number
  started_at_ms: number | null
  ended_at_ms: number | null
  /** Until when whoever makes it is believed to. */
  made_until_ms: number | null
  /** See `TraceContexts`. */
  trace_context: string | null
}

export interface RunItemRow {
  run_id: string
  /** From 1, in the order of the dataset. */
  number: number
  record_id: string
  /** Null while it is pending. */
  judgment_id: string | null
  /** Who has it judged, a row of `run_workers`: that row's lease is the claim's. */
  claimed_by: string | null
}

/** Somebody who works on a run: one turn of one process. */
export interface RunWorkerRow {
  run_id: string
  id: string
  /** Until when it is believed to be alive. */
  lease_until_ms: number
}

export interface RunCountRow {
  run_id: string
  outcome: Outcome
  judgments: number
  /** Judgments that used tokens, those that were made again included, like all that follows. */
  charged: number
  input_tokens: number
  output_tokens: number
  cost: number
  /** Judgments of a model without a price. */
  unpriced: number
  /** Of the answers that are numbers, without those that were made again. */
  answer_sum: number
}

/** How often a run answered one option. */
export interface RunAnswerRow {
  run_id: string
  /** JSON of a string. */
  answer: string
  judgments: number
}
