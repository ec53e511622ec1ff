import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ComparedOutput, ComparedSide } from './comparability.ts'
import { compareRuns } from './compare-runs.ts'
import type { ComparedJudgment, ComparedRecord, RunComparison } from './run-comparison.ts'

const yesNo: ComparedOutput = { type: 'CLASSIFICATION', options: ['yes', 'no'] }
const scale: ComparedOutput = { type: 'REGRESSION', min: 0, max: 10 }

function side(output: ComparedOutput, traits: ComparedSide['traits'] = {}): ComparedSide {
  return { output, traits }
}

type Said = string | number | null | undefined

/** A text or a number is an answer, null one that is pending, undefined a record that the run doesn't have. */
function judgment(said: Said, change: Partial<ComparedJudgment> = {}): ComparedJudgment | undefined {
  if (said === undefined) return undefined
  const none = { id: null, answer: null, analysis: null, servedModel: null, enforcement: null }
  if (said === null) return { ...none, outcome: 'pending' }
  const base = { analysis: 'So.', servedModel: 'mistral/small', enforcement: 'json_schema' }
  return { id: `judgment of ${said}`, outcome: 'answered', answer: said, ...base, ...change }
}

async function* recordsOf(pairs: readonly (readonly [Said, Said])[]): AsyncGenerator<ComparedRecord> {
  for (const [at, [first, second]] of pairs.entries()) {
    yield { recordId: `r${at + 1}`, itemNumber: at + 1, first: judgment(first), second: judgment(second) }
  }
}

function compare(
  output: ComparedOutput,
  pairs: readonly (readonly [Said, Said])[],
  mostFlips = 20,
): Promise<RunComparison> {
  return compareRuns({ first: side(output), second: side(output), mostFlips }, recordsOf(pairs))
}

function times<Item>(count: number, item: Item): Item[] {
  return Array<Item>(count).fill(item)
}

describe('runs with options', () => {
  it('are compared over the records that both answered, option by option', async () => {
    const comparison = await compare(yesNo, [
      ...times(12, ['no', 'no'] as const),
      ['yes', 'yes'],
      ...times(7, ['no', 'yes'] as const),
      ['yes', 'no'],
      ['yes', null],
      [null, 'no'],
      [null, null],
      ['no', undefined],
      [undefined, 'yes'],
    ])
    expect(comparison.records).toEqual({
      inBoth: 24,
      onlyInFirst: { answered: 1 },
      onlyInSecond: { answered: 1 },
      answeredByBoth: 21,
      answeredByFirstOnly: { pending: 1 },
      answeredBySecondOnly: { pending: 1 },
      answeredByNeither: 1,
    })
    const { options, flips, numbers } = comparison.answers ?? {}
    expect(numbers).toBeUndefined()
    expect(options?.crossTable).toEqual({
      options: ['yes', 'no'],
      counts: [
        [1, 1],
        [7, 12],
      ],
    })
    // See the tests of McNemar's test and of Tango's interval for the source of these.
    expect(options?.rows[0]).toMatchObject({ option: 'yes', first: 2, second: 8, gained: 7, lost: 1 })
    expect(options?.rows[0]?.pValue).toBeCloseTo(0.0703125, 12)
    expect(options?.rows[0]?.adjustedPValue).toBeCloseTo(0.0703125, 12)
    expect(options?.rows[0]?.difference?.low).toBeCloseTo(0.02600303248086861, 10)
    expect(options?.rows[1]).toMatchObject({ option: 'no', first: 19, second: 13, gained: 1, lost: 7 })
    expect(options?.rows[1]?.difference?.difference).toBeCloseTo(-6 / 21, 15)
    // Agreement 13/21; by chance (2 * 8 + 19 * 13) / 21².
    const chance = (2 * 8 + 19 * 13) / 441
    expect(options?.kappa).toBeCloseTo((13 / 21 - chance) / (1 - chance), 14)
    expect(flips).toMatchObject({ count: 8, share: { share: 8 / 21 } })
    expect(flips?.largest.map(({ itemNumber }) => itemNumber)).toEqual([14, 15, 16, 17, 18, 19, 20, 21])
    expect(flips?.largest[7]).toEqual({
      recordId: 'r21',
      itemNumber: 21,
      first: { id: 'judgment of yes', answer: 'yes', analysis: 'So.' },
      second: { id: 'judgment of no', answer: 'no', analysis: 'So.' },
    })
  })

  it('of three or more are adjusted for there being several tests', async () => {
    const three: ComparedOutput = { type: 'CLASSIFICATION', options: ['a', 'b', 'c'] }
    const { answers } = await compare(three, [
      ...times(9, ['a', 'b'] as const),
      ['b', 'a'],
      ...times(3, ['c', 'b'] as const),
    ])
    const rows = answers?.options?.rows ?? []
    expect(rows.map(({ pValue }) => pValue)).toEqual([
      expect.closeTo(0.021484375, 12),
      expect.closeTo(0.00341796875, 12),
      expect.closeTo(0.25, 12),
    ])
    expect(rows.map(({ adjustedPValue }) => adjustedPValue)).toEqual([
      expect.closeTo(2 * 0.021484375, 12),
      expect.closeTo(3 * 0.00341796875, 12),
      expect.closeTo(0.25, 12),
    ])
  })

  it('find nothing without a record that both answered', async () => {
    const { answers, reason } = await compare(yesNo, [['yes', null]])
    expect(reason).toBeUndefined()
    expect(answers?.flips).toEqual({ count: 0, share: undefined, largest: [] })
    expect(answers?.options).toMatchObject({
      kappa: undefined,
      rows: [{ pValue: 1, difference: undefined }, {}],
    })
    expect((await compare(scale, [])).answers).toEqual({
      flips: { count: 0, share: undefined, largest: [] },
      numbers: undefined,
    })
  })
})

describe('runs with numbers', () => {
  it('are compared by their means, largest changes first', async () => {
    const { answers } = await compare(
      scale,
      [
        [1, 2],
        [5, 5],
        [9, 3],
        [4, 5],
        [2, 8],
        [7, null],
      ],
      3,
    )
    expect(answers?.options).toBeUndefined()
    expect(answers?.numbers).toMatchObject({ count: 5, difference: expect.closeTo(0.4, 14) })
    expect(answers?.numbers?.meanAbsoluteDifference).toBeCloseTo(14 / 5, 14)
    expect(answers?.flips.count).toBe(4)
    expect(answers?.flips.largest.map(({ recordId }) => recordId)).toEqual(['r3', 'r5', 'r1'])
  })

  it('have no interval beyond the ends of the scale', async () => {
    const { answers } = await compare(scale, [
      [0, 10],
      [5, 5],
    ])
    expect(answers?.numbers?.interval).toEqual({ difference: 5, low: -10, high: 10 })
  })
})

describe('runs that are not measured alike', () => {
  it('are counted and not compared', async () => {
    const wider: ComparedOutput = { type: 'REGRESSION', min: 0, max: 100 }
    const comparison = await compareRuns(
      { first: side(scale), second: side(wider), mostFlips: 5 },
      recordsOf([
        [1, 10],
        [2, null],
      ]),
    )
    expect(comparison.reason).toMatch(/^the scales differ: the first goes from 0 to 10/)
    expect(comparison.answers).toBeUndefined()
    expect(comparison.records).toMatchObject({ answeredByBoth: 1, answeredByFirstOnly: { pending: 1 } })
  })
})

describe('differences', () => {
  it('are what is known before, and what the judgments tell', async () => {
    async function* records(): AsyncGenerator<ComparedRecord> {
      const second = judgment('yes', { servedModel: 'local/tiny', enforcement: 'grammar' })
      yield { recordId: 'a', itemNumber: 1, first: judgment('yes'), second }
      const failed = judgment('no', { servedModel: 'mistral/small', enforcement: null })
      yield { recordId: 'b', itemNumber: 2, first: judgment('yes'), second: failed }
    }
    const { differences } = await compareRuns(
      { first: side(yesNo, { revision: 'r1' }), second: side(yesNo, { revision: 'r2' }), mostFlips: 0 },
      records(),
    )
    expect(differences).toEqual([
      { what: 'revision', first: 'r1', second: 'r2' },
      { what: 'served_model', first: 'mistral/small', second: 'local/tiny, mistral/small' },
      { what: 'enforcement', first: 'json_schema', second: 'grammar' },
    ])
  })

  it('are none where a side has judged nothing yet', async () => {
    expect((await compare(yesNo, [['yes', null]])).differences).toEqual([])
  })
})

describe('a comparison', () => {
  const answers = fc.array(fc.tuple(fc.constantFrom('yes', 'no', null), fc.constantFrom('yes', 'no', null)), {
    maxLength: 40,
  })

  it('is mirrored when the runs are swapped', async () => {
    await fc.assert(
      fc.asyncProperty(answers, async (pairs) => {
        const [row] = (await compare(yesNo, pairs)).answers?.options?.rows ?? []
        const swapped = await compare(
          yesNo,
          pairs.map(([first, second]) => [second, first]),
        )
        const [other] = swapped.answers?.options?.rows ?? []
        expect(other).toMatchObject({
          first: row?.second,
          second: row?.first,
          gained: row?.lost,
          lost: row?.gained,
          pValue: row?.pValue,
        })
        if (row?.difference === undefined) return
        expect(other?.difference?.difference).toBeCloseTo(-row.difference.difference, 15)
        expect(other?.difference?.low).toBeCloseTo(-row.difference.high, 12)
      }),
    )
  })

  it('counts each record once', async () => {
    await fc.assert(
      fc.asyncProperty(answers, async (pairs) => {
        const { records } = await compare(yesNo, pairs)
        const sum = (counts: object): number =>
          Object.values(counts).reduce((all: number, count) => all + count, 0)
        expect(records.inBoth).toBe(pairs.length)
        expect(
          records.answeredByBoth +
            records.answeredByNeither +
            sum(records.answeredByFirstOnly) +
            sum(records.answeredBySecondOnly),
        ).toBe(pairs.length)
      }),
    )
  })
})
