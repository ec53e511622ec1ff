/** How a judgment can end; only the first has an answer. */
export const outcomes = {
  answered: { label: 'answered', color: 'green', why: 'The judge gave an answer.' },
  unreadable: { label: 'unreadable', color: 'orange', why: 'The model gave no answer that could be read.' },
  undecided: { label: 'undecided', color: 'orange', why: 'Several answers, and none had a majority.' },
  truncated: { label: 'truncated', color: 'orange', why: 'The token limit cut the reply.' },
  refused: { label: 'refused', color: 'grape', why: 'The model would not judge it.' },
  filtered: { label: 'filtered', color: 'grape', why: 'The provider’s content filter stopped it.' },
  context_overflow: {
    label: 'too long',
    color: 'orange',
    why: 'The conversation does not fit into the model.',
  },
  rate_limited: { label: 'rate limited', color: 'red', why: 'The provider kept limiting the rate.' },
  timed_out: { label: 'timed out', color: 'red', why: 'The deadline passed.' },
  provider_failed: { label: 'provider failed', color: 'red', why: 'The provider kept failing.' },
  tool_failed: { label: 'tool failed', color: 'red', why: 'A tool that the judge needs failed.' },
  invalid_request: { label: 'invalid request', color: 'red', why: 'The provider refused the request.' },
} as const

export type Outcome = keyof typeof outcomes

export function isOutcome(name: string): name is Outcome {
  return Object.hasOwn(outcomes, name)
}
