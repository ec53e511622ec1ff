import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { kendallsTau } from './kendalls-tau.ts'

function paired(labels: readonly number[], answers: readonly number[]) {
  return labels.map((label, at) => [label, answers[at] ?? Number.NaN] as const)
}

/** By its definition, over all pairs. */
function byDefinition(pairs: readonly (readonly [number, number])[]): number | undefined {
  let [concordant, discordant, onlyLabels, onlyAnswers] = [0, 0, 0, 0]
  pairs.forEach(([label, answer], at) => {
    for (const [otherLabel, otherAnswer] of pairs.slice(at + 1)) {
      const order = Math.sign(label - otherLabel) * Math.sign(answer - otherAnswer)
      if (order > 0) concordant += 1
      else if (order < 0) discordant += 1
      else if (label !== otherLabel) onlyLabels += 1
      else if (answer !== otherAnswer) onlyAnswers += 1
    }
  })
  const ordered = concordant + discordant
  const spread = Math.sqrt((ordered + onlyLabels) * (ordered + onlyAnswers))
  return spread > 0 ? (concordant - discordant) / spread : undefined
}

describe("Kendall's tau-b", () => {
  // SciPy 1.17.1, scipy.stats.kendalltau.
  it('is that of SciPy', () => {
    const labels = [1, 2, 2, 3, 4, 4, 5, 5, 5, 3, 2, 1]
    const answers = [1.5, 2, 3, 3, 3.5, 5, 4, 5, 4.5, 2, 2, 2]
    expect(kendallsTau(paired(labels, answers))).toBeCloseTo(0.7652463236593614, 12)
    expect(kendallsTau(paired([1, 2, 3, 4, 5], [5, 4, 3, 1, 2]))).toBeCloseTo(-0.8, 12)
    expect(kendallsTau(paired([1, 1, 2, 2], [1, 2, 1, 2]))).toBe(0)
  })

  it('is not said where one side never changes', () => {
    expect(kendallsTau([])).toBeUndefined()
    expect(kendallsTau(paired([1, 2, 3], [2, 2, 2]))).toBeUndefined()
  })

  test('is what its definition says, for any numbers', () => {
    const number = fc.integer({ min: -3, max: 3 })
    fc.assert(
      fc.property(fc.array(fc.tuple(number, number), { maxLength: 40 }), (pairs) => {
        const expected = byDefinition(pairs)
        if (expected === undefined) expect(kendallsTau(pairs)).toBeUndefined()
        else expect(kendallsTau(pairs)).toBeCloseTo(expected, 12)
      }),
    )
  })
})
