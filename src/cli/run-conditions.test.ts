import { describe, expect, it } from 'vitest'
import type { Output } from '../judges/definition.ts'
import { checkConditions, judgeConditions, parseConditions } from './run-conditions.ts'
import { type Counted, RunTotals } from './run-totals.ts'

const options: Output = {
  type: 'CLASSIFICATION',
  options: [
    { value: 'approved', description: '' },
    { value: 'rejected', description: '' },
  ],
}
const scale: Output = { type: 'REGRESSION', min: 0, minDescription: '', max: 5, maxDescription: '' }

const result: Counted = {
  outcome: 'answered',
  answer: 'approved',
  input_tokens: 100,
  output_tokens: 10,
  cost: 0.5,
}
const silent: Counted = { ...result, outcome: 'timed_out', answer: null, cost: 0 }

function totalsOf(output: Output, ...results: readonly Counted[]): RunTotals {
  const totals = new RunTotals(output)
  for (const one of results) totals.add(one)
  return totals
}

function verdicts(totals: RunTotals, ...texts: readonly string[]) {
  return judgeConditions(parseConditions(texts), totals).map(({ figure, holds }) => [figure, holds])
}

describe('conditions on a run', () => {
  it('are on what was answered, and on what was not', () => {
    const totals = totalsOf(options, result, result, { ...result, answer: 'rejected' }, silent)
    totals.read = 6
    totals.refused = 2
    expect(
      verdicts(
        totals,
        'share(rejected) > 1%',
        'share(approved) < 0.5',
        'answered < 0.75',
        'outcome(timed_out) > 0',
        'outcome(refused) > 0',
        'judged != 4',
        'refused >= 2',
        'tokens > 440',
        'cost == 1.5',
      ),
    ).toEqual([
      [1 / 3, true],
      [2 / 3, false],
      [0.75, false],
      [1, true],
      [0, false],
      [4, false],
      [2, true],
      [440, false],
      [1.5, true],
    ])
  })

  it('are on the ends of intervals', () => {
    const totals = totalsOf(options, result, result, { ...result, answer: 'rejected' }, silent)
    const [low, high] = verdicts(totals, 'low(share(rejected)) > 0.05', 'high(share(rejected)) > 0.9')
    // Wilson's interval of 1 in 3.
    expect(low?.[0]).toBeCloseTo(0.0615, 4)
    expect(high?.[0]).toBeCloseTo(0.7923, 4)
    expect([low?.[1], high?.[1]]).toEqual([true, false])
  })

  it('are on the mean of numbers', () => {
    const totals = totalsOf(scale, { ...result, answer: 2 }, { ...result, answer: 4 }, silent)
    // The interval of two numbers is wider than the scale.
    expect(verdicts(totals, 'mean < 3.5', 'low(mean) > 0', 'high(mean) < 5')).toEqual([
      [3, true],
      [0, false],
      [5, false],
    ])
  })

  it('hold where there is nothing to measure', () => {
    expect(verdicts(totalsOf(options, silent), 'share(approved) < 0.1', 'low(share(approved)) < 0')).toEqual([
      [undefined, true],
      [undefined, true],
    ])
    expect(verdicts(totalsOf(scale, { ...result, answer: 2 }), 'mean > 4', 'low(mean) > 4')).toEqual([
      [2, false],
      [undefined, true],
    ])
    expect(verdicts(totalsOf(options), 'answered < 0.5', 'judged > 5')).toEqual([
      [undefined, true],
      [0, false],
    ])
    expect(verdicts(totalsOf(options, { ...result, cost: null }), 'cost > 1')).toEqual([[undefined, true]])
  })

  it('take back what is judged again', () => {
    const totals = totalsOf(options, silent, { ...silent, cost: null })
    totals.remove({ ...silent, cost: null })
    totals.add(result)
    expect(totals).toMatchObject({ judged: 2, answered: 1, inputTokens: 200, outputTokens: 20, cost: 0.5 })
  })

  it.each([
    ['share(maybe) > 0.1', options, 'there is no "maybe"; expected one of "approved", "rejected".'],
    ['outcome(lost) > 0', options, 'there is no "lost"; expected one of "answered", "unreadable"'],
    ['mean > 1', options, 'this judge answers with options, which have no mean; expected share(OPTION).'],
    [
      'low(share(approved)) > 0',
      scale,
      'this judge answers with a number, which has no options; expected mean.',
    ],
  ])('do not fit every judge: %s', (text, output, message) => {
    expect(() => checkConditions(parseConditions([text]), output)).toThrow(
      `--fail-if ${JSON.stringify(text)}: ${message}`,
    )
  })
})
