import { describe, expect, it } from 'vitest'
import type { Output } from '../../api/shapes.ts'
import { type Estimate, estimateInWords } from './estimate-in-words.ts'

const options: Output = { type: 'CLASSIFICATION', options: [{ value: 'yes', description: '' }] }
const scale: Output = { type: 'REGRESSION', min: 1, min_description: '', max: 5, max_description: '' }

describe('an estimate in words', () => {
  it.each([
    [0.9, 'What the judge says is too high: use the corrected value.'],
    [0.3, 'What the judge says is too low: use the corrected value.'],
    [0.55, 'What the judge says lies inside of that: the labels do not contradict it.'],
  ])('tells whether %s of the judge can be believed', (share, verdict) => {
    const estimate = {
      kind: 'shares',
      labels: 120,
      shares: [
        {
          option: 'yes',
          naive: { share, low: 0, high: 1 },
          corrected: { share: 0.58, low: 0.51, high: 0.66 },
        },
      ],
    } as unknown as Estimate
    expect(estimateInWords(estimate, options)[1]).toBe(verdict)
    expect(estimateInWords(estimate, options)[0]).toContain(
      'From 120 labels, people would say 58%: between 51% and 66%.',
    )
  })

  it('says that the picture shows the other options too', () => {
    const share = { naive: { share: 0.5 }, corrected: { share: 0.5, low: 0.4, high: 0.6 } }
    const shares = ['yes', 'no', 'unclear'].map((option) => ({ option, ...share }))
    const estimate = { kind: 'shares', labels: 9, shares } as unknown as Estimate
    expect(estimateInWords(estimate, options)[2]).toBe('The picture also shows the 2 other options.')
  })

  it('tells a mean on its scale', () => {
    const estimate = {
      kind: 'mean',
      labels: 1,
      naive: 3,
      corrected: { mean: 3.5, low: 3.2, high: 3.8 },
    } as unknown as Estimate
    expect(estimateInWords(estimate, scale)[0]).toBe(
      'The judge says 3 on the mean on the scale from 1 to 5. From 1 label, people would say 3.5: between 3.2 and 3.8.',
    )
  })

  it('tells why there is none', () => {
    expect(estimateInWords({ kind: 'refused', reason: 'Too few.' } as unknown as Estimate, scale)).toEqual([
      'Too few.',
    ])
  })
})
