import { describe, expect, it } from 'vitest'
import {
  accuracy,
  answerCounts,
  balancedAccuracy,
  type ConfusionMatrix,
  cohensKappa,
  confusionMatrix,
  labelCounts,
  majorityShare,
} from './agreement.ts'

function matrixOf(...counts: number[][]): ConfusionMatrix {
  return { options: counts.map((_, place) => `option ${place}`), counts }
}

const threeLabels = matrixOf([6, 2, 1], [3, 4, 0], [1, 1, 2])

describe('a confusion matrix', () => {
  it('counts answers by label, in the order of the options', () => {
    const pairs = [
      { label: 'yes', answer: 'yes' },
      { label: 'yes', answer: 'no' },
      { label: 'no', answer: 'no' },
      { label: 'yes', answer: 'no' },
    ]
    const matrix = confusionMatrix(pairs, ['yes', 'no'])
    expect(matrix).toEqual({
      options: ['yes', 'no'],
      counts: [
        [1, 2],
        [0, 1],
      ],
    })
    expect(labelCounts(matrix)).toEqual([3, 1])
    expect(answerCounts(matrix)).toEqual([1, 3])
  })

  it('keeps options that nobody gave, and adds those that are not listed', () => {
    expect(confusionMatrix([{ label: 'b', answer: 'a' }], ['c'])).toEqual({
      options: ['c', 'a', 'b'],
      counts: [
        [0, 0, 0],
        [0, 0, 0],
        [0, 1, 0],
      ],
    })
  })

  it('of nothing has no agreement, rather than none', () => {
    const nothing = confusionMatrix([], ['yes', 'no'])
    for (const statistic of [accuracy, balancedAccuracy, cohensKappa, majorityShare]) {
      expect(statistic(nothing)).toBeUndefined()
    }
  })
})

describe('agreement', () => {
  // scikit-learn 1.9.1: accuracy_score, balanced_accuracy_score, cohen_kappa_score.
  it('is what scikit-learn says', () => {
    expect(accuracy(threeLabels)).toBeCloseTo(0.6, 12)
    expect(balancedAccuracy(threeLabels)).toBeCloseTo(0.5793650793650794, 12)
    expect(cohensKappa(threeLabels)).toBeCloseTo(0.357429718875502, 12)
  })

  // https://en.wikipedia.org/wiki/Cohen%27s_kappa, "Examples" and "Same percentages but different numbers".
  it.each([
    [[20, 5], [10, 15], 0.4],
    [[45, 15], [25, 15], 0.1304],
    [[25, 35], [5, 35], 0.2593],
  ])('by kappa of %j, %j is %d, as published', (first, second, kappa) => {
    expect(cohensKappa(matrixOf(first, second))).toBeCloseTo(kappa, 4)
  })

  // The two annotators of 143 of XSTest's completions (paul-rottger/exaggerated-safety, CC-BY-4.0), who are reported to
  // have 0.92 over all of them.
  it('by kappa of people who labelled refusals is as high as published', () => {
    const annotators = matrixOf([60, 0, 3], [0, 67, 1], [2, 0, 10])
    expect(cohensKappa(annotators)).toBeCloseTo(0.9274050258059058, 12)
    expect(cohensKappa(annotators)).toBeCloseTo(0.92, 1)
  })

  it('of an answer that never changes is no more than chance', () => {
    const always = matrixOf([80, 0], [20, 0])
    expect(accuracy(always)).toBe(0.8)
    expect(majorityShare(always)).toBe(0.8)
    expect(balancedAccuracy(always)).toBe(0.5)
    expect(cohensKappa(always)).toBe(0)
  })

  it('by kappa is -1 where every answer is the other one, and undefined where there is only one', () => {
    expect(cohensKappa(matrixOf([0, 5], [5, 0]))).toBe(-1)
    expect(cohensKappa(matrixOf([9, 0], [0, 0]))).toBeUndefined()
    expect(accuracy(matrixOf([9, 0], [0, 0]))).toBe(1)
  })

  it('leaves options that are nobody’s label out of the balance', () => {
    expect(balancedAccuracy(matrixOf([4, 0, 0], [0, 3, 1], [0, 0, 0]))).toBe(0.875)
  })
})
