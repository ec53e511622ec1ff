import type { PairedNumbersSummary } from './paired-numbers.ts'
import type {
  AnswerComparison,
  Flip,
  FlippedJudgment,
  OptionComparison,
  RecordCounts,
  RunComparison,
} from './run-comparison.ts'

/** A comparison as the API and the command line show it. */
export type ComparisonDocument = ReturnType<typeof comparisonDocument>

export type FlipDocument = ReturnType<typeof flipDocument>

/** Spells a comparison; null is what is not known, or does not apply. */
export function comparisonDocument({ reason, differences, records, answers }: RunComparison) {
  return {
    is_comparable: reason === undefined,
    reason: reason ?? null,
    differences: differences.map((difference) => ({ ...difference })),
    records: recordsDocument(records),
    flips: answers === undefined ? null : flipsDocument(answers),
    options: answers?.options?.rows.map(optionDocument) ?? null,
    cross_table: answers?.options === undefined ? null : crossTableDocument(answers.options),
    kappa: answers?.options?.kappa ?? null,
    numbers: answers?.numbers === undefined ? null : numbersDocument(answers.numbers),
  }
}

function recordsDocument(records: RecordCounts) {
  return {
    in_both: records.inBoth,
    only_in_first: { ...records.onlyInFirst },
    only_in_second: { ...records.onlyInSecond },
    answered_by_both: records.answeredByBoth,
    answered_by_first_only: { ...records.answeredByFirstOnly },
    answered_by_second_only: { ...records.answeredBySecondOnly },
    answered_by_neither: records.answeredByNeither,
  }
}

function flipsDocument({ flips }: AnswerComparison) {
  return {
    count: flips.count,
    share: flips.share === undefined ? null : { ...flips.share },
    largest: flips.largest.map(flipDocument),
  }
}

/** A record that was answered differently, with what the judgments say of it as far as that is known. */
export function flipDocument(flip: Flip) {
  const { first, second } = flip
  const change = typeof first.answer === 'number' ? Number(second.answer) - first.answer : null
  return {
    record_id: flip.recordId,
    item_number: flip.itemNumber,
    change,
    first: flippedDocument(first),
    second: flippedDocument(second),
  }
}

function flippedDocument({ id, answer, analysis }: FlippedJudgment) {
  return { judgment_id: id, answer, analysis }
}

function optionDocument(row: OptionComparison) {
  const { total } = row
  return {
    option: row.option,
    first: { count: row.first, share: total === 0 ? null : row.first / total },
    second: { count: row.second, share: total === 0 ? null : row.second / total },
    gained: row.gained,
    lost: row.lost,
    difference: row.difference === undefined ? null : { ...row.difference },
    p_value: row.pValue,
    adjusted_p_value: row.adjustedPValue,
    mid_p_value: row.midPValue,
  }
}

function crossTableDocument({ crossTable }: NonNullable<AnswerComparison['options']>) {
  return { options: [...crossTable.options], counts: crossTable.counts.map((row) => [...row]) }
}

function numbersDocument(summary: PairedNumbersSummary) {
  const { interval } = summary
  return {
    records: summary.count,
    first_mean: summary.means.first,
    second_mean: summary.means.second,
    difference: summary.difference,
    low: interval?.low ?? null,
    high: interval?.high ?? null,
    p_value: summary.pValue ?? null,
    standard_deviation: summary.standardDeviation ?? null,
    mean_absolute_change: summary.meanAbsoluteDifference,
    correlation: summary.correlation ?? null,
  }
}
