import { describe, expect, it } from 'vitest'
import { predictionPoweredMean } from './prediction-powered-mean.ts'

const labels = [3, 4, 2, 5, 3, 4, 1, 5, 4, 3]
const answers = [3.5, 4, 3, 5, 3, 4.5, 2, 4.5, 4.5, 3]
const unlabelled = [3, 3.5, 4, 4.5, 2, 2.5, 5, 4, 3.5, 3, 4, 4.5, 1.5, 3, 4, 2, 3.5, 5, 4.5, 4]
const labelled = labels.map((label, at) => [label, answers[at] ?? 0] as const)

describe('the prediction-powered mean', () => {
  // NumPy 2.4: numpy.cov and numpy.var with ddof=1, put into the paper's formulas, with
  // scipy.stats.t.ppf(.975, 9). ppi_py 0.2.3, whose covariance is divided by n and whose interval is normal, has a power
  // of .725, a mean of 3.29125 and the interval [2.797, 3.785].
  it('is what its formulas give in NumPy', () => {
    const estimate = predictionPoweredMean([{ labelled, unlabelled }])
    expect(estimate.power).toBeCloseTo(0.8055555555555555, 12)
    expect(estimate.mean).toBeCloseTo(3.2791666666666663, 12)
    expect(estimate.low).toBeCloseTo(2.6885279207303343, 12)
    expect(estimate.high).toBeCloseTo(3.8698054126029984, 12)
    expect(Math.abs(estimate.mean - 3.29125)).toBeLessThan(0.02)
  })

  it('is the mean of the labels where there is nothing else, or where the judge says nothing', () => {
    const mean = labels.reduce((sum, label) => sum + label, 0) / labels.length
    expect(predictionPoweredMean([{ labelled, unlabelled: [] }])).toMatchObject({ mean, power: 0 })
    const same = labels.map((label) => [label, 2] as const)
    expect(predictionPoweredMean([{ labelled: same, unlabelled: [2, 2, 2] }])).toMatchObject({
      mean,
      power: 0,
    })
    const opposite = labels.map((label) => [label, 6 - label] as const)
    expect(predictionPoweredMean([{ labelled: opposite, unlabelled }]).power).toBe(0)
  })

  it('follows a judge that is always right, with an interval of what the unlabelled leave open', () => {
    const right = labels.map((label) => [label, label] as const)
    const estimate = predictionPoweredMean([
      {
        labelled: right,
        unlabelled: Array(10_000)
          .fill(0)
          .map((_, at) => 1 + (at % 5)),
      },
    ])
    expect(estimate.power).toBeGreaterThan(0.7)
    expect(estimate.mean).toBeGreaterThan(2.9)
    expect(estimate.high - estimate.low).toBeLessThan(0.8)
  })

  it('of several strata weighs each by its size', () => {
    const low = {
      labelled: [
        [1, 1],
        [1, 1],
      ] as const,
      unlabelled: Array(98).fill(1),
    }
    const high = {
      labelled: [
        [5, 5],
        [5, 5],
      ] as const,
      unlabelled: Array(298).fill(5),
    }
    expect(predictionPoweredMean([low, high])).toMatchObject({ mean: 4, low: 4, high: 4 })
  })
})
