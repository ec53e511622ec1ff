import type { Distribution } from './distribution.ts'
import type { Flag } from './flags.ts'
import type { Enforcement } from './model.ts'
import type { ToolUse } from './tool-use.ts'

/** How a judgment can end. Only `answered` has an answer. */
export const outcomes = [
  'answered',
  'unreadable',
  /** Several judgments of the same conversation had no majority for one answer. */
  'undecided',
  'truncated',
  'refused',
  'filtered',
  'context_overflow',
  'rate_limited',
  'timed_out',
  'provider_failed',
  'tool_failed',
  'invalid_request',
] as const

export type Outcome = (typeof outcomes)[number]

/** How a judgment came about. */
export interface Account {
  readonly provider: string
  /** The provider's own name of the model. */
  readonly modelName: string
  /** How the answer's form was enforced; null when the model never replied. */
  readonly enforcement: Enforcement | null
  /** Names of parameters that were wanted and not sent, because the model refuses them. */
  readonly leftOut: readonly string[]
  /** Calls to the provider: retries and repairs included. */
  readonly attempts: number
  readonly latencyMs: number
  /** Of all attempts together. */
  readonly inputTokens: number
  readonly outputTokens: number
  /** In the order in which they ended. */
  readonly toolUses: readonly ToolUse[]
  /** Whether the model wanted tools more often than it may. */
  readonly isToolBudgetExhausted: boolean
}

export interface Answered extends Weighed {
  readonly outcome: 'answered'
  readonly analysis: string
  readonly answer: string | number
  readonly account: Account
}

export interface NotAnswered extends Weighed {
  readonly outcome: Exclude<Outcome, 'answered'>
  /** What went wrong, fit for the caller. */
  readonly reason: string
  /** How long the provider asked to wait. */
  readonly retryAfterMs?: number
  readonly account: Account
}

/** How sure a judgment is, as far as it was asked to say. */
interface Weighed {
  readonly distribution?: Distribution
  /** Where several judgments were made into this one. */
  readonly poll?: Poll
}

/** The judgments of one conversation that were made into one: samples of a model, or a panel's members. */
export interface Poll {
  /** How many could have been made; those that are not in `votes` could not have changed the answer. */
  readonly asked: number
  /** In the order in which they were asked, those without an answer included. */
  readonly votes: readonly Judgment[]
  /** See `agreementOf`. */
  readonly agreement: number | null
}

/** What a judge said of one conversation, or why it said nothing. */
export type Judgment = Answered | NotAnswered

/** A judgment, with what was seen in the conversation; that never changes the answer. */
export type FlaggedJudgment = Judgment & { readonly flags: readonly Flag[] }

/** What is kept of a judgment. */
export interface JudgmentRecord {
  readonly id: string
  readonly workspaceId: string
  readonly judgeId: string
  readonly revisionId: string
  readonly createdAt: Date
  readonly outcome: Outcome
  readonly answer: string | number | null
  /** Null when there is none, or when the settings keep none. */
  readonly analysis: string | null
  /** Why there is no answer. */
  readonly reason: string | null
  /** The request's messages and properties, as JSON; null when the settings keep none. */
  readonly conversation: string | null
  readonly flags: readonly Flag[]
  readonly distribution: Distribution | null
  readonly votes: readonly Vote[] | null
  /** How far the votes agree, see `agreementOf`; null where there are none, or fewer than two answers. */
  readonly agreement: number | null
  readonly account: Account
  /** In the currency of the configured prices; null where a model has no price. */
  readonly cost: number | null
  /** Where a run made it; null: it was made while the caller waited. */
  readonly run: RunPlace | null
}

/** Whose judgment it is in a run. */
export interface RunPlace {
  readonly runId: string
  /** From 1, in the order of the dataset. */
  readonly itemNumber: number
  readonly recordId: string
}

/** What is kept of a judgment that was one of several. */
export interface Vote {
  readonly provider: string
  readonly modelName: string
  readonly outcome: Outcome
  readonly answer: string | number | null
  /** Null when there is none, or when the settings keep none. */
  readonly analysis: string | null
  readonly reason: string | null
  /** Of a panel's member that was itself asked several times. */
  readonly votes?: readonly Vote[]
}
