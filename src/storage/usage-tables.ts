import type { Outcome } from '../judging/judgment.ts'
import type { UsageSource } from '../judging/usage-store.ts'

/** What judging of one kind used on one day. */
export interface UsageCountRow {
  workspace_id: string
  /** Days since 1970-01-01 UTC. */
  day: number
  judge_id: string
  provider: string
  model_name: string
  source: UsageSource
  outcome: Outcome
  judgments: number
  /** Of these, how many have no known cost. */
  unpriced: number
  input_tokens: number
  output_tokens: number
  /** Of those with a known cost. */
  cost: number
}
