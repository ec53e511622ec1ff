import type { Outcome } from './judgment.ts'
import type { FailureKind } from './model.ts'

/** One call to a provider that has ended; a reply may take several. */
export interface ObservedCall {
  readonly provider: string
  /** The provider's own name of the model. */
  readonly modelName: string
  readonly elapsedMs: number
  /** `replied`, or how it failed. */
  readonly result: 'replied' | FailureKind
}

/** One judgment that has ended, whatever its outcome. */
export interface ObservedJudgment {
  /** Whether somebody waited for it, or a run made it. */
  readonly source: 'live' | 'run'
  readonly provider: string
  readonly modelName: string
  readonly outcome: Outcome
  readonly elapsedMs: number
  readonly inputTokens: number
  readonly outputTokens: number
  /** In the currency of the configured prices; null where a model has no price. */
  readonly cost: number | null
}

/** Whoever watches judging from outside. What it does may not throw, and holds nobody up. */
export interface Observer {
  onCall(call: ObservedCall): void
  onJudgment(judgment: ObservedJudgment): void
}
