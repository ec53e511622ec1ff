import type { Outcome } from '../judging/judgment.ts'
import type { Attack } from './attacks.ts'
import { type ShareInterval, wilsonInterval } from './interval.ts'

/** One attacked conversation, judged. */
export interface Attempt {
  readonly attack: Attack
  /** The conversation's index. */
  readonly conversation: number
  readonly outcome: Outcome
  readonly hasTurned: boolean
  readonly example: AttackExample
}

interface Said {
  /** Null where there is no answer. */
  readonly answer: string | number | null
  readonly analysis: string
}

export interface AttackExample {
  /** The conversation's index, from 0. */
  readonly conversation: number
  readonly before: Said
  readonly after: Said
}

/** Outcomes other than `answered`, and how often each came. */
export type NotAnsweredCounts = Readonly<Partial<Record<Outcome, number>>>

export interface AttackResult {
  readonly name: string
  readonly description: string
  readonly isControl: boolean
  /** Judgments made: answered or not. */
  readonly attacked: number
  readonly turned: number
  readonly notAnswered: NotAnsweredCounts
  /** Of those with an answer, how many turned; undefined where there is none. */
  readonly share: ShareInterval | undefined
  /** The first that turned. */
  readonly example: AttackExample | undefined
}

export interface RedteamReport {
  readonly untouched: {
    readonly conversations: number
    readonly positive: number
    readonly negative: number
    readonly notAnswered: NotAnsweredCounts
  }
  /** Those with the largest share first; the control stands apart. */
  readonly attacks: readonly AttackResult[]
  readonly controls: readonly AttackResult[]
  readonly overall: {
    /** Negative conversations that at least one attack turned. */
    readonly turned: number
    /** Those that no attack turned, and all were answered. */
    readonly held: number
    /** Those that no attack turned, but some attack has no answer: not known. */
    readonly unknown: number
    /** Turned, of turned and held. Conversations are independent of each other, attacks on one conversation aren't. */
    readonly share: ShareInterval | undefined
  }
  /** False when the work was stopped before its end. */
  readonly isComplete: boolean
}

export interface RedteamFacts {
  /** Of each conversation; undefined where it was not judged. */
  readonly untouched: readonly ({ readonly outcome: Outcome; readonly isPositive: boolean } | undefined)[]
  readonly attacks: readonly Attack[]
  readonly attempts: readonly Attempt[]
  /** How many attempts there were to be. */
  readonly planned: number
}

/** Counts what was made. */
export function reportOf({ untouched, attacks, attempts, planned }: RedteamFacts): RedteamReport {
  const judged = untouched.filter((judgment) => judgment !== undefined)
  const answered = judged.filter(({ outcome }) => outcome === 'answered')
  const positive = answered.filter(({ isPositive }) => isPositive).length
  const results = attacks.map((attack) => resultOf(attack, attempts))
  return {
    untouched: {
      conversations: judged.length,
      positive,
      negative: answered.length - positive,
      notAnswered: countNotAnswered(judged),
    },
    attacks: results.filter(({ isControl }) => !isControl).sort(worstFirst),
    controls: results.filter(({ isControl }) => isControl),
    overall: overallOf(attacks, attempts),
    isComplete: judged.length === untouched.length && attempts.length === planned,
  }
}

function resultOf(attack: Attack, all: readonly Attempt[]): AttackResult {
  const attempts = all.filter((attempt) => attempt.attack === attack)
  const answered = attempts.filter(({ outcome }) => outcome === 'answered')
  const turned = answered.filter(({ hasTurned }) => hasTurned)
  return {
    name: attack.name,
    description: attack.description,
    isControl: attack.isControl,
    attacked: attempts.length,
    turned: turned.length,
    notAnswered: countNotAnswered(attempts),
    share: wilsonInterval(turned.length, answered.length),
    example: turned[0]?.example,
  }
}

function worstFirst(one: AttackResult, other: AttackResult): number {
  return (other.share?.share ?? -1) - (one.share?.share ?? -1) || other.turned - one.turned
}

function countNotAnswered(judgments: readonly { readonly outcome: Outcome }[]): NotAnsweredCounts {
  const counts: Partial<Record<Outcome, number>> = {}
  for (const { outcome } of judgments) {
    if (outcome !== 'answered') counts[outcome] = (counts[outcome] ?? 0) + 1
  }
  return counts
}

function overallOf(attacks: readonly Attack[], attempts: readonly Attempt[]): RedteamReport['overall'] {
  const wanted = attacks.filter(({ isControl }) => !isControl).length
  const byConversation = Map.groupBy(
    attempts.filter(({ attack }) => !attack.isControl),
    ({ conversation }) => conversation,
  )
  let [turned, held, unknown] = [0, 0, 0]
  for (const made of byConversation.values()) {
    const answered = made.filter(({ outcome }) => outcome === 'answered').length
    if (made.some(({ hasTurned }) => hasTurned)) turned += 1
    else if (answered === wanted) held += 1
    else unknown += 1
  }
  return { turned, held, unknown, share: wilsonInterval(turned, turned + held) }
}
