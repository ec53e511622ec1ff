import { describe, expect, it } from 'vitest'
import {
  areaUnderRoc,
  brierScore,
  expectedCalibrationError,
  likeliest,
  logLoss,
  type WeighedOptions,
} from './probability-agreement.ts'

const shareOfYes: readonly (readonly [label: string, share: number])[] = [
  ['no', 0.1],
  ['yes', 0.4],
  ['yes', 0.35],
  ['no', 0.8],
  ['yes', 0.8],
  ['no', 0.2],
  ['yes', 0.9],
  ['no', 0.35],
]

function weighed([label, share]: readonly [string, number]): WeighedOptions {
  const shares = new Map([
    ['yes', share],
    ['no', 1 - share],
  ])
  return { label, shares }
}

const binary = shareOfYes.map(weighed)

const three: readonly WeighedOptions[] = (
  [
    ['a', 0.7, 0.2, 0.1],
    ['c', 0.2, 0.3, 0.5],
    ['b', 0.1, 0.8, 0.1],
    ['a', 0.3, 0.4, 0.3],
  ] as const
).map(([label, a, b, c]) => ({ label, shares: new Map([...Object.entries({ a, b, c })]) }))

describe('probabilities', () => {
  // scikit-learn 1.9.1: log_loss, roc_auc_score, brier_score_loss (unscaled: over all options).
  it('are scored as scikit-learn does', () => {
    expect(logLoss(binary)).toBeCloseTo(0.5829177273554325, 12)
    expect(logLoss(three)).toBeCloseTo(0.6192346200347059, 12)
    expect(brierScore(binary)).toBeCloseTo(2 * 0.205625, 12)
    expect(brierScore(three)).toBeCloseTo(0.33, 12)
    expect(areaUnderRoc(binary, 'yes')).toBeCloseTo(0.8125, 12)
  })

  it('of two options rank alike, whichever is looked at', () => {
    expect(areaUnderRoc(binary, 'no')).toBeCloseTo(0.8125, 12)
  })

  it('that are certain and right cost nothing, and certain and wrong much but not endlessly', () => {
    expect(logLoss([weighed(['yes', 1])])).toBeCloseTo(0, 12)
    expect(brierScore([weighed(['yes', 1])])).toBe(0)
    expect(brierScore([weighed(['yes', 0])])).toBe(2)
    expect(logLoss([weighed(['yes', 0])])).toBeCloseTo(-Math.log(Number.EPSILON), 12)
    expect(brierScore([weighed(['unknown', 1])])).toBe(2)
  })

  it('of nothing, or of one label alone, have no score', () => {
    expect(logLoss([])).toBeUndefined()
    expect(brierScore([])).toBeUndefined()
    expect(expectedCalibrationError([])).toBeUndefined()
    expect(areaUnderRoc([weighed(['yes', 0.5])], 'yes')).toBeUndefined()
  })

  // By hand: 0.9 and 0.85 share a bin, of which one is right: |1.75 - 1|; 0.6 is alone and right: |0.6 - 1|.
  it('are calibrated where they are right as often as they say', () => {
    const judged = [weighed(['yes', 0.9]), weighed(['no', 0.85]), weighed(['yes', 0.6])]
    expect(expectedCalibrationError(judged)).toBeCloseTo((0.75 + 0.4) / 3, 12)
    const honest = [...Array(8).fill('yes'), ...Array(2).fill('no')].map((label) => weighed([label, 0.8]))
    expect(expectedCalibrationError(honest)).toBeCloseTo(0, 12)
  })

  it('say which option is likeliest, the first of equal ones', () => {
    expect(
      likeliest(
        new Map([
          ['a', 0.2],
          ['b', 0.4],
          ['c', 0.4],
        ]),
      ),
    ).toEqual(['b', 0.4])
    expect(likeliest(new Map())).toBeUndefined()
  })
})
