import type { HeldOutComparison } from '../agreement/held-out.ts'
import type { RunSuggestion } from '../agreement/suggestions.ts'
import { visibleText } from './visible-text.ts'

/** A proposal and its measurement, for a reader. */
export function suggestionText({
  instructions,
  shown,
  training,
  comparison,
  modelName,
}: RunSuggestion): string {
  const lines = instructions.split('\n').map(visibleText).join('\n')
  return `${modelName} saw ${shown} disagreements among ${training} labelled records, and proposes:

${lines}

${comparisonText(comparison)}

Nothing was saved: take the instructions over into the judge if you want them.
`
}

function comparisonText(comparison: HeldOutComparison): string {
  const { records, answeredByBoth } = comparison
  const basis = `On ${answeredByBoth} of ${records} held-out records, which both answered`
  return answeredByBoth === 0
    ? `Neither could be measured: no held-out record of ${records} was answered with both instructions.`
    : `${basis}: ${figuresOf(comparison)}`
}

function figuresOf(comparison: HeldOutComparison): string {
  if (comparison.type === 'CLASSIFICATION') {
    const { right, difference, test, answeredByBoth } = comparison
    const change =
      difference &&
      `${signed(100 * difference.difference)} points (95% interval ${signed(100 * difference.low)} to ${signed(100 * difference.high)})`
    return `${right.before} right before, ${right.after} after, of ${answeredByBoth}; a change in accuracy of ${change}, p ${test.pValue.toFixed(3)} by McNemar's exact test.`
  }
  const { errors } = comparison
  if (errors === undefined) return 'nothing was measured.'
  const { means, interval, difference } = errors
  const range = interval ? ` (95% interval ${signed(interval.low)} to ${signed(interval.high)})` : ''
  return `the mean absolute error was ${means.first.toFixed(3)} before and ${means.second.toFixed(3)} after, a change of ${signed(difference)}${range}.`
}

function signed(value: number): string {
  return `${value < 0 ? '-' : '+'}${Math.abs(value).toFixed(2)}`
}
