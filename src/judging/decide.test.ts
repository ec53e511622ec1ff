import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Output } from '../judges/definition.ts'
import { agreementOf, decide, samplesNeeded } from './decide.ts'

const options: Output = {
  type: 'CLASSIFICATION',
  options: ['a', 'b', 'c'].map((value) => ({ value, description: value })),
}
const scale: Output = { type: 'REGRESSION', min: 1, minDescription: 'bad', max: 5, maxDescription: 'good' }
const unanimous = { options: 'unanimous', numbers: 'median' } as const

describe('options are decided', () => {
  it.each([
    { answers: ['a', 'a', 'b'], asked: 3, is: 'a' },
    { answers: ['a', 'b', 'c'], asked: 3, is: undefined },
    { answers: ['a', 'a', 'b', 'b'], asked: 4, is: undefined },
    // Those who give no answer stay in the denominator.
    { answers: ['a', 'a'], asked: 3, is: 'a' },
    { answers: ['a', 'a'], asked: 4, is: undefined },
    { answers: ['a'], asked: 1, is: 'a' },
    { answers: [], asked: 3, is: undefined },
  ])('by a strict majority of those asked: $answers of $asked', ({ answers, asked, is }) => {
    expect(decide(answers, asked, options)).toBe(is)
  })

  it.each([
    { answers: ['a', 'a', 'a'], asked: 3, is: 'a' },
    { answers: ['a', 'a', 'b'], asked: 3, is: undefined },
    { answers: ['a', 'a'], asked: 3, is: undefined },
  ])('by all, where the rule says so: $answers of $asked', ({ answers, asked, is }) => {
    expect(decide(answers, asked, options, unanimous)).toBe(is)
  })
})

describe('numbers are decided', () => {
  it.each([
    { answers: [1, 2, 4.5], asked: 3, is: 2.5 },
    { answers: [2, 4], asked: 3, is: 3 },
    { answers: [2], asked: 3, is: undefined },
    { answers: [2], asked: 2, is: undefined },
    { answers: [0.1, 0.1, 0.1], asked: 3, is: 0.1 },
  ])('by the mean, where most gave one: $answers of $asked', ({ answers, asked, is }) => {
    expect(decide(answers, asked, scale)).toBe(is)
  })

  it.each([
    { answers: [5, 1, 2], asked: 3, is: 2 },
    { answers: [5, 1, 2, 3], asked: 4, is: 2.5 },
  ])('by the median, where the rule says so: $answers', ({ answers, asked, is }) => {
    expect(decide(answers, asked, scale, unanimous)).toBe(is)
  })

  it('never outside of what was answered', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 1, max: 5, noNaN: true }), { minLength: 1 }), (answers) => {
        const mean = Number(decide(answers, answers.length, scale))
        expect(mean).toBeGreaterThanOrEqual(Math.min(...answers))
        expect(mean).toBeLessThanOrEqual(Math.max(...answers))
      }),
    )
  })
})

describe('sampling', () => {
  it.each([
    { answers: [], drawn: 0, asked: 5, is: 3 },
    { answers: ['a', 'a'], drawn: 2, asked: 5, is: 1 },
    { answers: ['a', 'a', 'a'], drawn: 3, asked: 5, is: 0 },
    { answers: ['a', 'b', 'c'], drawn: 3, asked: 5, is: 2 },
    { answers: ['a', 'b', 'c', 'a'], drawn: 4, asked: 5, is: 1 },
    // Nobody can reach three any more.
    { answers: ['a', 'b', 'c'], drawn: 4, asked: 5, is: 0 },
    { answers: ['a'], drawn: 4, asked: 5, is: 0 },
  ])('needs $is more after $answers of $asked, $drawn drawn', ({ answers, drawn, asked, is }) => {
    expect(samplesNeeded(answers, drawn, asked, options)).toBe(is)
  })

  it('of numbers needs them all', () => {
    expect(samplesNeeded([3, 3, 3], 3, 5, scale)).toBe(2)
  })

  it('that stops early decides as all samples would have', () => {
    const answer = fc.option(fc.constantFrom('a', 'b', 'c'), { freq: 5, nil: undefined })
    fc.assert(
      fc.property(fc.array(answer, { minLength: 1, maxLength: 32 }), (all) => {
        let drawn = 0
        const given = () => all.slice(0, drawn).filter((one) => one !== undefined)
        for (;;) {
          const needed = samplesNeeded(given(), drawn, all.length, options)
          expect(needed).toBeLessThanOrEqual(all.length - drawn)
          if (needed === 0) break
          drawn += needed
        }
        const whole = all.filter((one) => one !== undefined)
        expect(decide(given(), all.length, options)).toBe(decide(whole, all.length, options))
      }),
    )
  })
})

describe('agreement', () => {
  it('of options is the share of the most frequent', () => {
    expect(agreementOf(['a', 'b', 'a', 'a'], options)).toBe(0.75)
    expect(agreementOf(['a', 'a'], options)).toBe(1)
  })

  it('of numbers falls with their deviation, to 0 at the ends of the scale', () => {
    expect(agreementOf([3, 3, 3], scale)).toBe(1)
    expect(agreementOf([1, 5], scale)).toBe(0)
    expect(agreementOf([2, 4], scale)).toBe(0.5)
  })

  it('of fewer than two is nothing', () => {
    expect(agreementOf(['a'], options)).toBeNull()
    expect(agreementOf([], scale)).toBeNull()
  })
})
