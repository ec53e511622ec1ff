import type { ComparisonDocument } from '../agreement/comparison-document.ts'
import { percent } from './percent.ts'
import { table } from './table.ts'
import { visibleText } from './visible-text.ts'

/** Option by option, or the means: tables for a reader, with a line between that says what is in them. */
export function answerTables({
  options,
  cross_table: crossTable,
  kappa,
  numbers,
}: ComparisonDocument): string[] {
  return [
    ...(options === null ? [] : [optionsTable(options), optionsLegend(kappa)]),
    ...(crossTable === null ? [] : [crossTableText(crossTable)]),
    ...(numbers === null ? [] : [numbersTable(numbers)]),
  ]
}

function optionsTable(options: NonNullable<ComparisonDocument['options']>): string {
  const isAdjusted = options.length > 2
  const rows = options.map((row) => [
    visibleText(row.option),
    counted(row.first),
    counted(row.second),
    String(row.gained),
    String(row.lost),
    ...(row.difference === null
      ? ['-', '-']
      : [
          points(row.difference.difference),
          `${points(row.difference.low)} to ${points(row.difference.high)}`,
        ]),
    probability(isAdjusted ? row.adjusted_p_value : row.p_value),
  ])
  const head = ['OPTION', 'FIRST', 'SECOND', 'GAINED', 'LOST', 'POINTS', '95% INTERVAL']
  return table([[...head, isAdjusted ? 'P (HOLM)' : 'P'], ...rows]).trimEnd()
}

function counted({ count, share }: { readonly count: number; readonly share: number | null }): string {
  return share === null ? String(count) : `${count} (${percent(share)})`
}

function optionsLegend(kappa: number | null): string {
  const chance = kappa === null ? '' : ` Cohen's kappa of the two is ${kappa.toFixed(3)}.`
  return `POINTS are of the share in percent; P is of McNemar's exact test.${chance}`
}

function crossTableText({ options, counts }: NonNullable<ComparisonDocument['cross_table']>): string {
  const names = options.map(visibleText)
  const rows = names.map((name, at) => [name, ...(counts[at] ?? []).map(String)])
  return table([['FIRST \\ SECOND', ...names], ...rows]).trimEnd()
}

function numbersTable(numbers: NonNullable<ComparisonDocument['numbers']>): string {
  const { low, high } = numbers
  const rows = [
    ['mean of the first', figure(numbers.first_mean), '-'],
    ['mean of the second', figure(numbers.second_mean), '-'],
    [
      'difference',
      signed(numbers.difference),
      low === null || high === null ? '-' : `${signed(low)} to ${signed(high)}`,
    ],
    ['standard deviation of differences', shown(numbers.standard_deviation), '-'],
    ['mean absolute change', figure(numbers.mean_absolute_change), '-'],
    ['correlation', shown(numbers.correlation), '-'],
    ['P of the paired t-test', numbers.p_value === null ? '-' : probability(numbers.p_value), '-'],
  ]
  return table([['STATISTIC', 'VALUE', '95% INTERVAL'], ...rows]).trimEnd()
}

function points(difference: number): string {
  return sign(difference * 100, 1)
}

function signed(value: number): string {
  return sign(value, 3)
}

/** What rounds to 0 has no sign. */
function sign(value: number, digits: number): string {
  const text = Math.abs(value).toFixed(digits)
  if (Number(text) === 0) return text
  return `${value > 0 ? '+' : '-'}${text}`
}

function shown(value: number | null): string {
  return value === null ? '-' : figure(value)
}

function figure(value: number): string {
  return value.toFixed(3)
}

function probability(value: number): string {
  return value < 0.001 ? '<0.001' : value.toFixed(3)
}
