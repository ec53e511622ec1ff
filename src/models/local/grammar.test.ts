import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Output, RegressionOutput } from '../../judges/definition.ts'
import { answerGrammar, stringContentGrammar } from './answer-grammar.ts'
import { type Expression, toGbnf, toRegExp } from './grammar.ts'

function scale(min: number, max: number): RegressionOutput {
  return { type: 'REGRESSION', min, minDescription: 'worst', max, maxDescription: 'best' }
}

function options(...values: string[]): Output {
  return { type: 'CLASSIFICATION', options: values.map((value) => ({ value, description: '' })) }
}

/** Ends of a scale with so many decimals, the way people write them. */
const ends = fc
  .tuple(fc.integer({ min: 0, max: 4 }), fc.nat(), fc.nat())
  .map(([decimals, one, other]): [number, number] => {
    const [low, high] = one < other ? [one, other] : [other, one]
    const limit = 10 ** (8 + decimals)
    return [(low % limit) / 10 ** decimals, (high % limit) / 10 ** decimals]
  })
  .filter(([min, max]) => min < max)
const anyEnds = fc
  .tuple(
    fc.double({ min: 0, max: 999_999_999, noNaN: true }),
    fc.double({ min: 0, max: 999_999_999, noNaN: true }),
  )
  .map(([one, other]): [number, number] => [Math.min(one, other) + 0, Math.max(one, other) + 0])
  .filter(([min, max]) => min < max)
const smallEnds = fc
  .tuple(fc.integer({ min: 0, max: 120 }), fc.integer({ min: 1, max: 120 }), fc.constantFrom(1, 10, 100))
  .map(([low, width, step]): [number, number] => [low / step, (low + width) / step])

/** A text that the expression accepts, by random choices. */
function sample(expression: Expression, pick: (below: number) => number): string {
  switch (expression.kind) {
    case 'text':
      return expression.text
    case 'character': {
      if (expression.isNegated) return 'aé漢😀'.slice(pick(2), 3)
      const [first, last] = expression.ranges[pick(expression.ranges.length)] ?? ['0', '0']
      const [low, high] = [first.charCodeAt(0), last.charCodeAt(0)]
      return String.fromCharCode(low + pick(high - low + 1))
    }
    case 'sequence':
      return expression.parts.map((part) => sample(part, pick)).join('')
    case 'choice': {
      const option = expression.options[pick(expression.options.length)]
      return option ? sample(option, pick) : ''
    }
    case 'repetition': {
      const times = expression.least + pick((expression.most ?? expression.least + 4) - expression.least + 1)
      return Array.from({ length: times }, () => sample(expression.of, pick)).join('')
    }
  }
}

const picks = fc.infiniteStream(fc.nat())
function picker(stream: Stream): (below: number) => number {
  return (below) => (stream.next().value ?? 0) % below
}
type Stream = Iterator<number>

describe('the grammar of a number', () => {
  it('accepts only numbers from min to max', () => {
    fc.assert(
      fc.property(fc.oneof(ends, anyEnds, smallEnds), picks, ([min, max], stream) => {
        const grammar = answerGrammar(scale(min, max))
        const text = sample(grammar, picker(stream[Symbol.iterator]()))
        expect(text).toMatch(toRegExp(grammar))
        const value: unknown = JSON.parse(text)
        expect(value).toBeGreaterThanOrEqual(min)
        expect(value).toBeLessThanOrEqual(max)
      }),
      { numRuns: 2000 },
    )
  })

  it('accepts every number in range with as many decimals, and none out of range', () => {
    fc.assert(
      fc.property(
        fc.oneof(ends, smallEnds),
        fc.integer({ min: 0, max: 2 }),
        fc.double({ min: -0.2, max: 1.2, noNaN: true }),
        ([min, max], decimals, share) => {
          const text = Math.abs(min + (max - min) * share).toFixed(decimals)
          const isInRange = Number(text) >= min && Number(text) <= max
          expect(toRegExp(answerGrammar(scale(min, max))).test(text)).toBe(isInRange)
        },
      ),
      { numRuns: 2000 },
    )
  })

  it('accepts both ends, however they are written', () => {
    fc.assert(
      fc.property(fc.oneof(ends, anyEnds, smallEnds), ([min, max]) => {
        const accepted = toRegExp(answerGrammar(scale(min, max)))
        expect(String(min)).toMatch(accepted)
        expect(String(max)).toMatch(accepted)
      }),
    )
  })

  it.each([
    [
      0,
      1,
      ['0', '1', '0.5', '0.75', '1.0', '1.00', '0.0'],
      ['1.01', '2', '01', '.5', '0.123', '-0', '1e0', ''],
    ],
    [1, 5, ['1', '5', '3', '4.25', '5.0'], ['0', '0.99', '5.01', '6', '10', '1.']],
    [0.25, 0.5, ['0.25', '0.3', '0.5', '0.50'], ['0', '0.2', '0.24', '0.51', '1']],
    [7, 13, ['7', '9.99', '10', '13'], ['6.99', '13.01', '70', '14']],
    [0, 1e-9, ['0', '0.000000', '1e-9'], ['0.000001', '1']],
    [0.1, 0.123456789, ['0.1', '0.123456', '0.123456789'], ['0.123457', '0.12345678']],
  ])('from %d to %d accepts %j and not %j', (min, max, accepted, refused) => {
    const pattern = toRegExp(answerGrammar(scale(min, max)))
    expect(accepted.filter((text) => !pattern.test(text))).toEqual([])
    expect(refused.filter((text) => pattern.test(text))).toEqual([])
  })
})

describe('the grammar of an option', () => {
  it('accepts each option, as JSON, and nothing else', () => {
    const values = fc.uniqueArray(fc.string({ minLength: 1, unit: 'binary' }), { minLength: 1, maxLength: 8 })
    fc.assert(
      fc.property(values, fc.string({ unit: 'binary' }), (known, other) => {
        const pattern = toRegExp(answerGrammar(options(...known)))
        for (const value of known) expect(JSON.stringify(value)).toMatch(pattern)
        expect(pattern.test(JSON.stringify(other))).toBe(known.includes(other))
        expect(pattern.test(`${JSON.stringify(known[0])} `)).toBe(false)
      }),
    )
  })

  it('is written so that no character of an option means anything to the grammar', () => {
    expect(toGbnf(answerGrammar(options('yes', 'a"b\\\n| ]'))).trim()).toMatchInlineSnapshot(
      `"root ::= ("\\U00000022yes\\U00000022" | "\\U00000022a\\U0000005c\\U00000022b\\U0000005c\\U0000005c\\U0000005cn\\U0000007c \\U0000005d\\U00000022")"`,
    )
  })
})

describe('the grammar of an analysis', () => {
  it('accepts only what is the rest of a JSON string', () => {
    const grammar = stringContentGrammar('')
    fc.assert(
      fc.property(picks, (stream) => {
        const text = sample(grammar, picker(stream[Symbol.iterator]()))
        expect(typeof JSON.parse(`"${text}`)).toBe('string')
        expect(text).toMatch(toRegExp(grammar))
      }),
    )
  })

  it('refuses control characters, broken escapes and an early end', () => {
    const pattern = toRegExp(stringContentGrammar(', "answer":'))
    expect('Fine. \\"Yes\\"", "answer":').toMatch(pattern)
    for (const text of ['a\n", "answer":', 'a\\x", "answer":', 'a"', '", "answer":', 'a\\", "answer":']) {
      expect(text).not.toMatch(pattern)
    }
  })
})
