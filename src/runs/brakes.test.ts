import { describe, expect, it } from 'vitest'
import { AssizeError } from '../errors.ts'
import type { FlaggedJudgment, Outcome } from '../judging/judgment.ts'
import { Brakes } from './brakes.ts'

function ended(outcome: Outcome, more: { retryAfterMs?: number } = {}): FlaggedJudgment {
  const account = { provider: 'p', modelName: 'm' } as FlaggedJudgment['account']
  return outcome === 'answered'
    ? { outcome, answer: 'yes', analysis: '', account, flags: [] }
    : { outcome, reason: `It ${outcome}.`, account, flags: [], ...more }
}

function pressed(outcomes: readonly Outcome[]): Brakes {
  const brakes = new Brakes(() => 0)
  for (const outcome of outcomes) brakes.judged(ended(outcome))
  return brakes
}

const many = <Item>(count: number, item: Item): Item[] => Array.from({ length: count }, () => item)

describe('brakes', () => {
  it('stop a run after a hundred failures of the provider in a row, with the last reason', () => {
    const failures = [...many(99, 'provider_failed' as const), 'invalid_request' as const]
    expect(pressed(failures.slice(1)).fault()).toBeUndefined()
    expect(pressed(failures).fault()).toBe('100 judgments in a row failed; the last one: It invalid_request.')
    expect(pressed(failures).areOn()).toBe(true)
  })

  it.each(['answered', 'refused', 'unreadable', 'undecided', 'truncated', 'filtered'] as const)(
    'begin to count anew after a reply, as %s',
    (outcome) => {
      expect(pressed([...many(99, 'timed_out' as const), outcome, 'timed_out']).fault()).toBeUndefined()
    },
  )

  it.each(['context_overflow', 'tool_failed'] as const)('take no notice of %s', (outcome) => {
    expect(pressed(many(200, outcome)).fault()).toBeUndefined()
    expect(pressed([...many(99, 'timed_out' as const), outcome, 'timed_out']).fault()).toBeDefined()
  })

  it('wait as long as a provider asks that limits the rate, for an hour at most', () => {
    let nowMs = 5000
    const brakes = new Brakes(() => nowMs)
    brakes.judged(ended('rate_limited', { retryAfterMs: 2000 }))
    brakes.judged(ended('rate_limited', { retryAfterMs: 500 }))
    brakes.judged(ended('rate_limited'))
    const isOnAt = (ms: number): boolean => {
      nowMs = ms
      return brakes.areOn()
    }
    expect([isOnAt(5000), isOnAt(6999), isOnAt(7000)]).toEqual([true, true, false])
    brakes.judged(ended('rate_limited', { retryAfterMs: 1e12 }))
    expect([isOnAt(7000 + 3_599_999), isOnAt(7000 + 3_600_000)]).toEqual([true, false])
    expect(brakes.fault()).toBeUndefined()
  })

  it('wait for storage, and stop for what no waiting helps', () => {
    let nowMs = 0
    const brakes = new Brakes(() => nowMs)
    brakes.stumbled(new AssizeError('database_unavailable', 'It is gone.'))
    expect([brakes.areOn(), brakes.fault()]).toEqual([true, undefined])
    nowMs = 1000
    expect(brakes.areOn()).toBe(false)
    brakes.stumbled(new AssizeError('model_not_served', 'Nobody serves it.'))
    brakes.stumbled(new Error('a slip'))
    expect(brakes.fault()).toBe('Nobody serves it.')
    const other = new Brakes(() => 0)
    other.stumbled(new Error('a slip'))
    expect(other.fault()).not.toContain('slip')
  })
})
