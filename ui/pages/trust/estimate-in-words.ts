import type { Agreement, Output } from '../../api/shapes.ts'
import { countOf, numberText, shareText } from '../../numbers.ts'

export type Estimate = Agreement['estimate']

/** What labels say of all records of a run, in sentences for people who decide; the reason where they can't say it yet. */
export function estimateInWords(estimate: Estimate, output: Output): string[] {
  if (estimate.kind === 'refused') return [estimate.reason]
  const from = `From ${countOf(estimate.labels, 'label')}`
  if (estimate.kind === 'mean') {
    const { naive, corrected } = estimate
    const scale = output.type === 'REGRESSION' ? ` on the scale from ${output.min} to ${output.max}` : ''
    return [
      `The judge says ${numberText(naive)} on the mean${scale}. ${from}, people would say ${numberText(corrected.mean)}: between ${numberText(corrected.low)} and ${numberText(corrected.high)}.`,
      verdict(naive < corrected.low ? 'low' : naive > corrected.high ? 'high' : 'right'),
    ]
  }
  const [first] = estimate.shares
  if (first === undefined) return []
  const { option, naive, corrected } = first
  const others = estimate.shares.length - 1
  return [
    `The judge says that ${shareText(naive.share)} are “${option}”. ${from}, people would say ${shareText(corrected.share)}: between ${shareText(corrected.low)} and ${shareText(corrected.high)}.`,
    verdict(naive.share < corrected.low ? 'low' : naive.share > corrected.high ? 'high' : 'right'),
    ...(others > 1 ? [`The picture also shows the ${countOf(others, 'other option')}.`] : []),
  ]
}

function verdict(found: 'low' | 'high' | 'right'): string {
  if (found === 'right') return 'What the judge says lies inside of that: the labels do not contradict it.'
  return `What the judge says is too ${found}: use the corrected value.`
}
