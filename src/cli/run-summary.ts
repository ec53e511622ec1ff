import type { Verdict } from './fail-if.ts'
import { percent } from './percent.ts'
import type { RefusedLine } from './run-item.ts'
import { describeSeconds, grouped, shortNumber } from './run-progress.ts'
import type { ResultJudge } from './run-result.ts'
import type { RunTotals } from './run-totals.ts'
import { table } from './table.ts'
import { verdictDocument, verdictTable } from './verdict-output.ts'
import { visibleText } from './visible-text.ts'

/** How a run ended. `failed`: nothing could be judged any more. */
export type RunEnd = 'completed' | 'stopped' | 'capped' | 'failed'

export interface RunReport {
  readonly judge: ResultJudge
  readonly modelName: string
  readonly dataName: string
  readonly end: RunEnd
  /** Why it ended before its end. */
  readonly reason: string | undefined
  readonly totals: RunTotals
  /** The first few. */
  readonly refusals: readonly RefusedLine[]
  /** Judgments that were made now; the others were there before. */
  readonly made: number
  readonly durationMs: number
  /** As `provider/model`. */
  readonly withoutPrice: readonly string[]
  readonly verdicts: readonly Verdict[]
}

/** The report for a reader. */
export function reportAsText(report: RunReport): string {
  const { judge, modelName, dataName, totals } = report
  const parts = [
    `Judge ${JSON.stringify(judge.judge_name)} (${modelName}) over ${dataName}.`,
    table(countRows(report)).trimEnd(),
    ...(judge.output.type === 'CLASSIFICATION' ? [optionTable(totals)] : []),
    ...(report.verdicts.length === 0 ? [] : [verdictTable(report.verdicts)]),
    ...(report.refusals.length === 0 ? [] : [refusalText(report)]),
    ...(report.reason === undefined ? [] : [report.reason]),
  ]
  return `${parts.join('\n\n')}\n`
}

const shownRefusals = 10

function refusalText({ refusals, dataName, totals }: RunReport): string {
  const shown = refusals.slice(0, shownRefusals)
  const lines = shown.map(({ line, reason }) => `${dataName}, line ${line}: ${visibleText(reason)}`)
  const others = totals.refused - shown.length
  return ['Refused:', ...lines, ...(others === 0 ? [] : [`and ${grouped(others)} more`])].join('\n')
}

function countRows(report: RunReport): readonly (readonly string[])[] {
  const { totals, made, durationMs, judge } = report
  const before = made === totals.judged ? '' : `, ${grouped(totals.judged - made)} of them before`
  const rate = durationMs === 0 ? '' : `, ${((made / durationMs) * 1000).toFixed(1)} judgments/s`
  return [
    [
      'records',
      `${grouped(totals.read)} read, ${grouped(totals.refused)} refused, ${grouped(totals.judged)} judged${before}`,
    ],
    ...totals.outcomes.map(([outcome, count]) => [
      outcome,
      `${grouped(count)} (${percent(count / totals.judged)})`,
    ]),
    ...(judge.output.type === 'REGRESSION' ? [['mean', meanText(totals)]] : []),
    ['tokens', `${grouped(totals.inputTokens)} in, ${grouped(totals.outputTokens)} out`],
    ['cost', costText(report)],
    ['time', `${describeSeconds(durationMs / 1000)}${rate}`],
  ]
}

function meanText({ mean, meanInterval }: RunTotals): string {
  if (mean === undefined) return 'nothing was answered'
  if (meanInterval === undefined) return shortNumber(mean)
  return `${shortNumber(mean)} (95% interval ${shortNumber(meanInterval.low)} to ${shortNumber(meanInterval.high)})`
}

function costText({ totals, withoutPrice }: RunReport): string {
  if (totals.cost !== null) return shortNumber(totals.cost)
  const known = totals.knownCost === 0 ? '' : ` beyond ${shortNumber(totals.knownCost)}`
  const names = withoutPrice.length === 0 ? 'a model' : withoutPrice.join(', ')
  return `not known${known}: the configuration has no price of ${names}`
}

function optionTable({ options }: RunTotals): string {
  const rows = options.map(({ value, count, share }) => [
    visibleText(value),
    grouped(count),
    share === undefined ? '-' : percent(share.share),
    share === undefined ? '-' : `${percent(share.low)} to ${percent(share.high)}`,
  ])
  return table([['ANSWER', 'COUNT', 'SHARE', '95% INTERVAL'], ...rows]).trimEnd()
}

/** The report for machines. Shares go from 0 to 1, and null is what isn't known. */
export function reportAsJson(report: RunReport): string {
  const { judge, totals, verdicts } = report
  const { judge_name, judge_fingerprint, judge_id, revision_id, output } = judge
  const document = {
    state: report.end,
    reason: report.reason ?? null,
    judge: { name: judge_name, fingerprint: judge_fingerprint, id: judge_id, revision_id, output },
    model_name: report.modelName,
    data: report.dataName,
    read: totals.read,
    refused: totals.refused,
    refusals: report.refusals,
    judged: totals.judged,
    judged_now: report.made,
    outcomes: Object.fromEntries(totals.outcomes),
    answered: totals.answeredShare ?? null,
    answers: output.type === 'REGRESSION' ? null : totals.options.map(optionDocument),
    mean: output.type === 'REGRESSION' ? meanDocument(totals) : null,
    input_tokens: totals.inputTokens,
    output_tokens: totals.outputTokens,
    cost: totals.cost,
    duration_ms: Math.round(report.durationMs),
    conditions: verdicts.map(verdictDocument),
  }
  return `${JSON.stringify(document, null, 2)}\n`
}

function optionDocument({ value, count, share }: RunTotals['options'][number]) {
  return { value, count, share: share ?? null }
}

function meanDocument({ mean, meanInterval }: RunTotals) {
  if (mean === undefined) return null
  return { mean, low: meanInterval?.low ?? null, high: meanInterval?.high ?? null }
}
