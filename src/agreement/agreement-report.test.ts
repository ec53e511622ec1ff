import { describe, expect, it } from 'vitest'
import type { Output } from '../judges/definition.ts'
import { agreementReport } from './agreement-report.ts'
import type { AnsweredRun } from './estimate.ts'
import type { LabelledJudgment, PersonLabel } from './labelled-run.ts'

const options: Output = {
  type: 'CLASSIFICATION',
  options: ['good', 'bad'].map((value) => ({ value, description: '' })),
}
const scale: Output = { type: 'REGRESSION', min: 1, minDescription: '', max: 5, maxDescription: '' }
const pause = async (): Promise<void> => {}
const nothingUnlabelled = { alike: [], split: [] }

let items = 0
function judgment(
  answer: string | number | null,
  labels: readonly PersonLabel['value'][],
  change: Partial<LabelledJudgment> = {},
): LabelledJudgment {
  items += 1
  return {
    recordId: `record ${items}`,
    itemNumber: items,
    outcome: answer === null ? 'timed_out' : 'answered',
    answer,
    analysis: 'Because.',
    isSplit: false,
    labels: labels.map((value, at) => ({ author: `person ${at + 1}`, value })),
    ...change,
  }
}

function repeated(count: number, answer: string, label: string): LabelledJudgment[] {
  return Array.from({ length: count }, () => judgment(answer, [label]))
}

function answered(good: number, bad: number): AnsweredRun {
  return {
    counts: [
      { answer: 'good', isSplit: false, count: good },
      { answer: 'bad', isSplit: false, count: bad },
    ],
    unlabelled: nothingUnlabelled,
  }
}

describe('the report on options', () => {
  const labelled = [
    ...repeated(40, 'good', 'good'),
    ...repeated(15, 'good', 'bad'),
    ...repeated(10, 'bad', 'good'),
    ...repeated(35, 'bad', 'bad'),
  ]

  // scikit-learn 1.7: accuracy .75, balanced .75, kappa .5; precision 40 / 55, recall .8, F1 .7619 of good.
  it('has the statistics of the compared records, each with its count and interval', async () => {
    const { agreement } = await agreementReport(labelled, answered(1100, 900), options, pause)
    if (agreement.type !== 'CLASSIFICATION') throw new Error('expected options')
    expect(agreement.accuracy).toMatchObject({ value: 0.75, count: 100 })
    expect(agreement.balancedAccuracy?.value).toBeCloseTo(0.75, 12)
    expect(agreement.kappa).toMatchObject({ value: 0.5, count: 100 })
    expect(agreement.kappa?.low).toBeCloseTo(0.32, 1)
    expect(agreement.kappa?.high).toBeCloseTo(0.66, 1)
    expect(agreement.options[0]).toMatchObject({ option: 'good', labelled: 50, answered: 55 })
    expect(agreement.options[0]?.precision).toMatchObject({ value: 40 / 55, count: 55 })
    expect(agreement.options[0]?.recall).toMatchObject({ value: 0.8, count: 50 })
    expect(agreement.options[0]?.f1?.value).toBeCloseTo(0.761904761904762, 12)
    expect(agreement.matrix.counts).toEqual([
      [40, 10],
      [15, 35],
    ])
  })

  it('corrects the shares of the whole run, and says what it rests on', async () => {
    const { estimate } = await agreementReport(labelled, answered(1600, 400), options, pause)
    if (estimate.kind !== 'shares') throw new Error('expected shares')
    const [good] = estimate.shares
    expect(good?.naive.share).toBe(0.8)
    // 0.8 of the run with 40 of 55 labelled good, 0.2 with 10 of 45.
    expect(good?.corrected.share).toBeCloseTo(0.8 * (40.5 / 56) + 0.2 * (10.5 / 46), 3)
    expect(estimate.labels).toBe(100)
    expect(estimate.strata).toEqual([
      { name: 'good', records: 1600, labelled: 55, weight: 1600 / 55 },
      { name: 'bad', records: 400, labelled: 45, weight: 400 / 45 },
    ])
  })

  it('refuses an estimate where an answer has no label, and says which', async () => {
    const { estimate } = await agreementReport(repeated(20, 'good', 'good'), answered(50, 7), options, pause)
    expect(estimate).toMatchObject({ kind: 'refused', reason: expect.stringContaining('bad (7)') })
    const none = await agreementReport([], { counts: [], unlabelled: nothingUnlabelled }, options, pause)
    expect(none.estimate).toMatchObject({ kind: 'refused', reason: expect.stringContaining('No record') })
    expect(none.agreement).toMatchObject({ accuracy: null, kappa: null, majorityShare: null })
  })

  it('takes records whose samples were split apart where both kinds are labelled', async () => {
    const split = { isSplit: true }
    const run: AnsweredRun = {
      counts: [
        { answer: 'good', isSplit: false, count: 900 },
        { answer: 'good', isSplit: true, count: 100 },
      ],
      unlabelled: nothingUnlabelled,
    }
    const sure = repeated(10, 'good', 'good')
    const unsure = Array.from({ length: 30 }, (_, at) => judgment('good', [at < 15 ? 'good' : 'bad'], split))
    const both = await agreementReport([...sure, ...unsure], run, options, pause)
    expect(both.estimate.strata.map(({ name, labelled }) => [name, labelled])).toEqual([
      ['good', 10],
      ['good, samples split', 30],
    ])
    if (both.estimate.kind !== 'shares') throw new Error('expected shares')
    // Picked three times as often, and yet a tenth of the run.
    expect(both.estimate.shares[0]?.corrected.share).toBeCloseTo(0.9 * (10.5 / 11) + 0.1 * 0.5, 2)
    const alone = await agreementReport(unsure, run, options, pause)
    expect(alone.estimate.strata.map(({ name }) => name)).toEqual(['good'])
  })

  it('keeps out of the comparison what can not be compared, and counts it', async () => {
    const { labels, agreement } = await agreementReport(
      [
        judgment('good', ['good']),
        judgment(null, ['good']),
        judgment('good', ['good', 'bad']),
        judgment('good', [null, null]),
        judgment('good', ['excellent']),
        judgment('bad', ['excellent', 'bad']),
      ],
      answered(4, 1),
      options,
      pause,
    )
    expect(labels).toEqual({
      records: 6,
      compared: 2,
      people: ['person 1', 'person 2'],
      leftOut: { notAnswered: 1, tied: 1, cannotTell: 1, outOfOutput: 1 },
      unfit: 2,
    })
    expect(agreement).toMatchObject({ accuracy: { value: 1, count: 2 } })
  })

  it('lists disagreements, those first of which the judge was sure', async () => {
    const { disagreements } = await agreementReport(
      [
        judgment('good', ['bad'], { recordId: 'unsure', isSplit: true }),
        judgment('good', ['good']),
        judgment('bad', ['good'], { recordId: 'sure' }),
      ],
      answered(2, 1),
      options,
      pause,
    )
    expect(disagreements.map(({ recordId }) => recordId)).toEqual(['sure', 'unsure'])
    expect(disagreements[0]).toMatchObject({ label: 'good', answer: 'bad', analysis: 'Because.' })
  })

  it('says how far people agree, and what a person has in the place of the judge', async () => {
    const labelled = [
      ...Array.from({ length: 8 }, () => judgment('good', ['good', 'good', 'good'])),
      judgment('good', ['good', 'good', 'bad']),
      judgment('good', ['bad', 'bad', null]),
      judgment('good', ['good']),
    ]
    const { people } = await agreementReport(labelled, answered(11, 0), options, pause)
    expect(people.records).toBe(10)
    // 24 turns of the first eight; of the ninth one, against two; and two of the tenth.
    expect(people.ceiling.accuracy).toMatchObject({ value: 26 / 27, count: 10 })
    // The package krippendorff 0.9 of PyPI.
    expect(people.krippendorffsAlpha?.value).toBeCloseTo(0.641025641025641, 12)
  })
})

describe('the report on numbers', () => {
  const labelled = [
    [1, 2],
    [2, 2.5],
    [3, 3.5],
    [4, 5],
    [5, 5],
  ].map(([label, answer]) => judgment(answer ?? 0, [label ?? 0]))

  it('has correlations, error and bias', async () => {
    const run = { counts: [], unlabelled: { alike: [3, 4, 5, 5], split: [] } }
    const report = await agreementReport(labelled, run, scale, pause)
    if (report.agreement.type !== 'REGRESSION') throw new Error('expected numbers')
    expect(report.agreement.meanAbsoluteError?.value).toBeCloseTo(0.6, 12)
    expect(report.agreement.bias?.value).toBeCloseTo(0.6, 12)
    // SciPy 1.17.1: pearsonr .96866, spearmanr .97468, kendalltau .94868.
    expect(report.agreement.pearson?.value).toBeCloseTo(0.9686648999069227, 12)
    expect(report.agreement.spearman?.value).toBeCloseTo(0.97468, 4)
    expect(report.agreement.kendall?.value).toBeCloseTo(0.94868, 4)
    expect(report.estimate).toMatchObject({ kind: 'mean', naive: 35 / 9, labels: 5 })
    expect(report.disagreements[0]).toMatchObject({ label: 1, answer: 2 })
  })

  it('refuses a mean that rests on less than two labels', async () => {
    const run = { counts: [], unlabelled: { alike: [3], split: [] } }
    const report = await agreementReport(labelled.slice(0, 1), run, scale, pause)
    expect(report.estimate).toMatchObject({ kind: 'refused', reason: expect.stringContaining('better 30') })
  })
})
