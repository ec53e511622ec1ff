import { describe, expect, it } from 'vitest'
import {
  meanAbsoluteError,
  type NumberPair,
  pearsonCorrelation,
  ranks,
  spearmanCorrelation,
} from './number-agreement.ts'

const pairs: readonly NumberPair[] = [
  [1, 2],
  [2.3333, 2],
  [2, 3],
  [4.6667, 4],
  [5, 4.5],
  [3, 3],
  [3, 1],
  [1.5, 1],
]

describe('agreement of numbers', () => {
  // scikit-learn 1.9.1 mean_absolute_error; SciPy 1.17.1 pearsonr, spearmanr.
  it('is what scikit-learn and SciPy say', () => {
    expect(meanAbsoluteError(pairs)).toBeCloseTo(0.75, 12)
    expect(pearsonCorrelation(pairs)).toBeCloseTo(0.7504095853706345, 12)
    expect(spearmanCorrelation(pairs)).toBeCloseTo(0.6463895310503986, 12)
  })

  it('of an answer that never changes has an error but no correlation', () => {
    const constant = [0.1, 0.2, 0.7].map((label): NumberPair => [label, 0.1])
    expect(meanAbsoluteError(constant)).toBeCloseTo(0.7 / 3, 12)
    expect(pearsonCorrelation(constant)).toBeUndefined()
    expect(spearmanCorrelation(constant)).toBeUndefined()
  })

  it('of nothing is undefined, rather than 0', () => {
    for (const statistic of [meanAbsoluteError, pearsonCorrelation, spearmanCorrelation]) {
      expect(statistic([])).toBeUndefined()
    }
  })

  it('by rank looks at the order alone', () => {
    const grown = [1, 2, 3, 4].map((label): NumberPair => [label, 10 ** label])
    expect(spearmanCorrelation(grown)).toBeCloseTo(1, 12)
    expect(pearsonCorrelation(grown)).toBeLessThan(0.9)
    expect(spearmanCorrelation(grown.map(([label, answer]) => [label, -answer]))).toBeCloseTo(-1, 12)
  })

  it('has equal numbers share their ranks', () => {
    expect(ranks([30, 10, 20, 20, 10, 20])).toEqual([6, 1.5, 4, 4, 1.5, 4])
  })
})
