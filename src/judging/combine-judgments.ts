import type { Output } from '../judges/definition.ts'
import { agreementOf, countAnswers, decide, type Rule } from './decide.ts'
import {
  type Distribution,
  type DistributionMethod,
  distributionOf,
  mixtureOf,
  type WeighedAnswer,
} from './distribution.ts'
import type { Account, Answered, Judgment, NotAnswered, Outcome, Poll } from './judgment.ts'
import { enforcements } from './model.ts'

/** The judgments that were asked for of one conversation, and how they become one. */
export interface Ballot {
  /** In the order in which they were asked; at least one. */
  readonly votes: readonly Judgment[]
  readonly asked: number
  /** Who was asked: the plural stands in messages. */
  readonly method: Exclude<DistributionMethod, 'token_probabilities'>
  readonly rule: Rule
}

/**
 * Makes one judgment of several. The answer is theirs by the rule, with the analysis of the first that gave it, or
 * for numbers of the one that came nearest. Where some answered and the rule gives none, the outcome is `undecided`;
 * where nobody did, it is the most frequent of theirs.
 * @param account who made it, and how long it took; tokens and attempts are added up here
 */
export function combineJudgments(
  ballot: Ballot,
  output: Output,
  account: Pick<Account, 'provider' | 'modelName' | 'latencyMs'>,
): Judgment {
  const answered = ballot.votes.filter((vote) => vote.outcome === 'answered')
  const answers = answered.map(({ answer }) => answer)
  const poll: Poll = {
    asked: ballot.asked,
    votes: ballot.votes,
    agreement: agreementOf(answers, output),
  }
  const whole = { account: sumOf(ballot.votes, account), poll }
  const [first] = answered
  if (first === undefined) return { ...allFailed(ballot), ...whole }
  const distribution = distributionOfVotes(answered, output, ballot.method)
  const answer = decide(answers, ballot.asked, output, ballot.rule)
  if (answer === undefined) {
    return { outcome: 'undecided', reason: tellOf(ballot, answers, output), distribution, ...whole }
  }
  const { analysis } = spokesman(answered, answer) ?? first
  return { outcome: 'answered', analysis, answer, distribution, ...whole }
}

/** Token probabilities of samples say more than the answers that were drawn by them; models differ in theirs. */
function distributionOfVotes(
  answered: readonly Answered[],
  output: Output,
  method: Ballot['method'],
): Distribution {
  const weighed = answered.flatMap(({ distribution }) =>
    distribution?.method === 'token_probabilities' ? [distribution] : [],
  )
  if (method === 'samples' && weighed.length === answered.length) {
    return mixtureOf(weighed, 'token_probabilities')
  }
  const answers = answered.map(({ answer }): WeighedAnswer => [answer, 1])
  return distributionOf(answers, output, method)
}

function spokesman(answered: readonly Answered[], answer: string | number): Answered | undefined {
  if (typeof answer === 'string') return answered.find((one) => one.answer === answer)
  const distance = (one: Answered): number => Math.abs(Number(one.answer) - answer)
  return answered.toSorted((one, other) => distance(one) - distance(other))[0]
}

function allFailed({
  votes,
  asked,
  method,
}: Ballot): Pick<NotAnswered, 'outcome' | 'reason' | 'retryAfterMs'> {
  const failed = votes.filter((vote) => vote.outcome !== 'answered')
  const [outcome] = mostFrequent(failed.map((vote) => vote.outcome))
  const first = failed.find((vote) => vote.outcome === outcome)
  const waits = failed.flatMap(({ retryAfterMs }) => retryAfterMs ?? [])
  return {
    outcome: outcome ?? 'provider_failed',
    reason: `None of ${asked} ${method} gave an answer. ${first?.reason ?? ''}`,
    ...(waits.length === 0 ? {} : { retryAfterMs: Math.max(...waits) }),
  }
}

/** The first among equals. */
function mostFrequent<Value>(values: readonly Value[]): readonly Value[] {
  const count = (value: Value): number => values.filter((one) => one === value).length
  return values.toSorted((one, other) => count(other) - count(one))
}

/** Why there is no answer, with the distribution in words. */
function tellOf(
  { votes, asked, method, rule }: Ballot,
  answers: readonly (string | number)[],
  output: Output,
) {
  const silent = asked - answers.length
  const failed: readonly Outcome[] = votes.map(({ outcome }) => outcome).filter((one) => one !== 'answered')
  const counts = [...countAnswers(answers)].map(([answer, count]) => `${JSON.stringify(answer)} ${count}`)
  if (silent > 0)
    counts.push(`no answer ${silent}${failed.length > 0 ? ` (${[...new Set(failed)].join(', ')})` : ''}`)
  const shares = `Of ${asked} ${method}: ${counts.join(', ')}.`
  if (output.type === 'REGRESSION') return `Too few ${method} gave a number: more than half must. ${shares}`
  if (rule.options === 'unanimous') return `The ${method} do not all give the same option. ${shares}`
  return `No option has a strict majority. ${shares}`
}

function sumOf(
  votes: readonly Judgment[],
  { provider, modelName, latencyMs }: Pick<Account, 'provider' | 'modelName' | 'latencyMs'>,
): Account {
  const accounts = votes.map(({ account }) => account)
  const add = (count: (account: Account) => number): number =>
    accounts.reduce((sum, account) => sum + count(account), 0)
  return {
    provider,
    modelName,
    // The least strict of them: no more can be said of all.
    enforcement:
      enforcements.findLast((one) => accounts.some((account) => account.enforcement === one)) ?? null,
    leftOut: [...new Set(accounts.flatMap(({ leftOut }) => leftOut))],
    attempts: add(({ attempts }) => attempts),
    latencyMs,
    inputTokens: add(({ inputTokens }) => inputTokens),
    outputTokens: add(({ outputTokens }) => outputTokens),
    toolUses: accounts.flatMap(({ toolUses }) => toolUses),
    isToolBudgetExhausted: accounts.some((account) => account.isToolBudgetExhausted),
  }
}
