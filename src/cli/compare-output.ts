import type { ComparisonDocument, FlipDocument } from '../agreement/comparison-document.ts'
import { answerTables } from './compare-tables.ts'
import type { Verdict } from './fail-if.ts'
import { percent } from './percent.ts'
import { table } from './table.ts'
import { verdictTable } from './verdict-output.ts'
import { visibleText } from './visible-text.ts'

/** A comparison of files or of runs, as far as it is shown to readers. */
export interface ShownComparison extends ComparisonDocument {
  readonly first: ShownSide
  readonly second: ShownSide
  readonly changed_inputs?: number
}

/** A file of results, or a run as the API shows it. */
export type ShownSide =
  | { readonly file: string; readonly judge_name: string }
  | {
      readonly id: string
      readonly name: string
      readonly judge_name: string
      readonly model_name: string
      readonly state: string
      readonly pending: number
    }

/** A comparison for a reader: what is compared, how many answers changed, in which direction, and examples. */
export function comparisonText(comparison: ShownComparison, verdicts: readonly Verdict[]): string {
  const parts = [
    `First:  ${titleOf(comparison.first)}\nSecond: ${titleOf(comparison.second)}`,
    ...differencesText(comparison),
    recordsText(comparison),
    ...(comparison.is_comparable
      ? answersText(comparison)
      : [`Answers are not compared: ${comparison.reason}.`]),
    ...(verdicts.length === 0 ? [] : [verdictTable(verdicts)]),
  ]
  return `${parts.join('\n\n')}\n`
}

function titleOf(side: ShownSide): string {
  const judge = `judge ${quoted(side.judge_name)}`
  if ('file' in side) return `${visibleText(side.file)}, ${judge}`
  const state = side.pending > 0 ? `${side.state}, ${side.pending} pending` : side.state
  return `run ${quoted(side.name)} (${side.id}), ${judge} with ${visibleText(side.model_name)}, ${state}`
}

function differencesText({ differences }: ShownComparison): string[] {
  if (differences.length === 0) return ['Nothing that is known of them differs.']
  const rows = differences.map(({ what, first, second }) => [
    what.replaceAll('_', ' '),
    visibleText(first ?? '-'),
    visibleText(second ?? '-'),
  ])
  return [table([['DIFFERS', 'FIRST', 'SECOND'], ...rows]).trimEnd()]
}

function recordsText({ records, changed_inputs: changedInputs = 0 }: ShownComparison): string {
  const lost = [
    countText('only by the first', records.answered_by_first_only, 'in the second: '),
    countText('only by the second', records.answered_by_second_only, 'in the first: '),
    ...(records.answered_by_neither === 0 ? [] : [`${records.answered_by_neither} by neither`]),
  ].filter((text) => text !== '')
  const apart = [
    countText('only in the first', records.only_in_first, ''),
    countText('only in the second', records.only_in_second, ''),
  ].filter((text) => text !== '')
  const sentences = [
    `Records in both: ${[`${records.in_both}, answered by both ${records.answered_by_both}`, ...lost].join('; ')}.`,
    ...(apart.length === 0 ? [] : [`Not compared: ${apart.join('; ')}.`]),
    ...(changedInputs === 0
      ? []
      : [`Of those, ${changedInputs} are in both under the same id, and say something else there.`]),
  ]
  return sentences.join('\n')
}

function countText(
  place: string,
  counts: Readonly<Record<string, number | undefined>>,
  before: string,
): string {
  const entries = Object.entries(counts)
  if (entries.length === 0) return ''
  const total = entries.reduce((sum, [, count]) => sum + (count ?? 0), 0)
  return `${total} ${place} (${before}${entries.map(([outcome, count]) => `${count} ${outcome}`).join(', ')})`
}

function answersText(comparison: ShownComparison): string[] {
  const { flips, records } = comparison
  if (flips === null || flips.share === null) return ['No record was answered by both.']
  const share = `${percent(flips.share.share)}, with 95% confidence ${percent(flips.share.low)} to ${percent(flips.share.high)}`
  return [
    `Answered differently: ${flips.count} of ${records.answered_by_both} (${share}). Differences are the second less the first.`,
    ...answerTables(comparison),
    ...flipsText(flips.largest, flips.count),
  ]
}

const longestAnalysis = 200

function flipsText(largest: readonly FlipDocument[], count: number): string[] {
  if (largest.length === 0) return []
  const rest = count - largest.length
  const more = rest === 0 ? '' : `, ${rest} more not shown`
  return [`What changed${more}:\n\n${largest.map(flipText).join('\n')}`]
}

function flipText({ record_id: id, first, second }: FlipDocument): string {
  const said = [first.analysis, second.analysis].flatMap((analysis, at) =>
    analysis === null ? [] : [`\n  ${at === 0 ? 'first' : 'second'}: ${cut(analysis)}`],
  )
  return `record ${visibleText(id)}: ${quoted(first.answer)} became ${quoted(second.answer)}${said.join('')}`
}

function cut(text: string): string {
  const line = visibleText(text.replace(/\s+/gu, ' ').trim())
  return line.length > longestAnalysis ? `${line.slice(0, longestAnalysis)}…` : line
}

function quoted(value: string | number): string {
  return visibleText(JSON.stringify(value))
}
