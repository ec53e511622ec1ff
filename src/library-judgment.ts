import type { Distribution } from './judging/distribution.ts'
import type { Flag } from './judging/flags.ts'
import type { Account, Outcome, Poll } from './judging/judgment.ts'
import type { JudgeOutput } from './library-definition.ts'

/** What a judge with this output answers: one of its options, or a number. */
export type AnswerOf<Output extends JudgeOutput> = Output extends {
  readonly options: readonly { readonly value: infer Value extends string }[]
}
  ? Value
  : number

/** How a judgment came about, and what was seen on the way. */
interface Told {
  readonly account: Account
  /** In the currency of the configured prices; null where a model has no price. */
  readonly cost: number | null
  /** What was seen in the conversation; docs/hostile-text.md says what each means. They never change an answer. */
  readonly flags: readonly Flag[]
  /** Where samples were asked for. */
  readonly distribution?: Distribution
  /** The single judgments, where several were made into this one. */
  readonly poll?: Poll
}

/** A judgment with an answer. */
export interface Answered<Answer extends string | number = string | number> extends Told {
  readonly outcome: 'answered'
  readonly analysis: string
  readonly answer: Answer
  readonly reason?: undefined
}

/** A judgment without an answer: nothing stands for one. */
export interface NotAnswered extends Told {
  readonly outcome: Exclude<Outcome, 'answered'>
  /** Why there is no answer. */
  readonly reason: string
  /** How long the provider asked to wait. */
  readonly retryAfterMs?: number
  readonly analysis?: undefined
  readonly answer?: undefined
}

/** What a judge says of one conversation, or why it said nothing. */
export type Judgment<Answer extends string | number = string | number> = Answered<Answer> | NotAnswered
