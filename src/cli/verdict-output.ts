import type { Verdict } from './fail-if.ts'
import { shortNumber } from './run-progress.ts'
import { table } from './table.ts'

/** How conditions stand, for a reader. */
export function verdictTable(verdicts: readonly Verdict[]): string {
  const rows = verdicts.map(({ condition, figure, holds }) => [
    condition.text,
    figure === undefined ? 'nothing to measure' : shortNumber(figure),
    holds ? 'FAILED' : 'fine',
  ])
  return table([['FAIL IF', 'IT IS', ''], ...rows]).trimEnd()
}

/** How a condition stands, for machines; a figure of null is not known. */
export function verdictDocument({ condition, figure, holds }: Verdict) {
  return { condition: condition.text, figure: figure ?? null, holds }
}
