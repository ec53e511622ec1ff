import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { judgeCondition, type Measures, parseCondition } from './fail-if.ts'
import { UsageError } from './usage-error.ts'

const measures: Measures = {
  share: { argument: 'OPTION', isShare: true, hasInterval: true },
  mean: { isShare: false, hasInterval: true },
  cost: { isShare: false, hasInterval: false },
}

const plain = { argument: undefined, bound: undefined }

describe('a condition', () => {
  it.each([
    ['mean<3.5', { ...plain, measure: 'mean', operator: '<', limit: 3.5 }],
    [' cost  !=  -1e2 ', { ...plain, measure: 'cost', operator: '!=', limit: -100 }],
    [
      'share(rejected)>0.05',
      { ...plain, measure: 'share', argument: 'rejected', operator: '>', limit: 0.05 },
    ],
    [
      'share( not good )>=5%',
      { ...plain, measure: 'share', argument: 'not good', operator: '>=', limit: 0.05 },
    ],
    [
      'share("a) (\\"b\\"")<=.5',
      { ...plain, measure: 'share', argument: 'a) ("b"', operator: '<=', limit: 0.5 },
    ],
    ['low(share(x)) > 0', { measure: 'share', argument: 'x', bound: 'low', operator: '>', limit: 0 }],
    ['high( mean )==0', { measure: 'mean', argument: undefined, bound: 'high', operator: '==', limit: 0 }],
  ])('is read from %j', (text, condition) => {
    expect(parseCondition(text, measures)).toEqual({ text, ...condition })
  })

  it.each([
    ['', 1, 'expected one of share(OPTION), mean, cost, or low(...) or high(...) of one; found its end'],
    [
      'toString>1',
      1,
      'expected one of share(OPTION), mean, cost, or low(...) or high(...) of one; found "toString>1"',
    ],
    ['share>0.1', 6, 'expected share(OPTION); found ">0.1"'],
    ['share()>0.1', 7, 'expected share(OPTION); found ")>0.1"'],
    ['share(a>0.1', 12, 'expected share(OPTION); found its end'],
    ['share("\\x")>0.1', 7, 'expected text in quotes as JSON writes it; found "\\"\\\\x\\")>0.1"'],
    ['mean(x)>1', 5, 'expected one of >= <= == != > <; found "(x)>1"'],
    ['mean = 1', 6, 'expected one of >= <= == != > <; found "= 1"'],
    ['mean > much', 8, 'expected a number; found "much"'],
    ['mean > 5%', 8, 'expected a number; found "5%"'],
    ['mean > 1 or cost > 1', 10, 'expected nothing more; found "or cost > 1"'],
    ['share(a) > 5', 12, 'expected a share from 0 to 1, like 0.05 or 5%; found "5"'],
    ['share(a) > 101%', 12, 'expected a share from 0 to 1, like 0.05 or 5%; found "101%"'],
    ['low(cost) > 1', 5, 'expected a measure with an interval: share(OPTION), mean; found "cost) > 1"'],
    [
      'low(low(mean)) > 1',
      5,
      'expected a measure with an interval: share(OPTION), mean; found "low(mean)) > 1"',
    ],
    ['low mean > 1', 5, 'expected low(MEASURE); found "mean > 1"'],
  ])('is not read from %j: character %i', (text, character, fault) => {
    expect(() => parseCondition(text, measures)).toThrow(
      new UsageError(`--fail-if ${JSON.stringify(text)}, character ${character}: ${fault}.`),
    )
  })

  it('names any option', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), (option) => {
        const { argument } = parseCondition(`share(${JSON.stringify(option)})>0.5`, measures)
        expect(argument).toBe(option)
      }),
    )
  })

  it('is read or refused, whatever the text', () => {
    fc.assert(
      fc.property(fc.string(), fc.constantFrom('', 'share(', 'low(mean', 'mean>'), (text, start) => {
        try {
          parseCondition(start + text, measures)
        } catch (error) {
          expect(error).toBeInstanceOf(UsageError)
        }
      }),
    )
  })
})

describe('a verdict', () => {
  it.each([
    ['mean > 2', [false, false, true]],
    ['mean >= 2', [false, true, true]],
    ['mean < 2', [true, false, false]],
    ['mean <= 2', [true, true, false]],
    ['mean == 2', [false, true, false]],
    ['mean != 2', [true, false, true]],
  ])('of %s is the comparison of 1, 2 and 3', (text, expected) => {
    const condition = parseCondition(text, measures)
    expect([1, 2, 3].map((figure) => judgeCondition(condition, figure).holds)).toEqual(expected)
  })

  it('is against all is well where nothing was measured', () => {
    expect(judgeCondition(parseCondition('mean < 2', measures), undefined).holds).toBe(true)
  })
})
