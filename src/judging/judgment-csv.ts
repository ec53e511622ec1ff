import type { JudgmentDocument } from './judgment-document.ts'

type Column = keyof JudgmentDocument

/** Whoever reads a table reads on from the left: what was judged and how it ended come first. */
const columns = [
  'item_number',
  'record_id',
  'outcome',
  'answer',
  'analysis',
  'reason',
  'agreement',
  'distribution',
  'distribution_method',
  'flags',
  'id',
  'run_id',
  'judge_id',
  'revision_id',
  'created_at',
  'provider',
  'model_name',
  'enforcement',
  'left_out',
  'attempts',
  'latency_ms',
  'input_tokens',
  'output_tokens',
  'cost',
  'tool_calls',
  'votes',
] as const satisfies readonly Column[]

/** Written by a model, or by whoever wrote what it judged, who may want a spreadsheet to run it. */
const freeText: readonly Column[] = ['analysis', 'reason']

/** @see https://owasp.org/www-community/attacks/CSV_Injection */
const formulaStart = /^[=+\-@\t\r]/

/** The names of the columns, as a line. */
export const judgmentCsvHeader = line(columns)

/**
 * A judgment as a line of CSV, as RFC 4180 has it. What is no text or number is JSON, null is nothing. Free text that a
 * spreadsheet would take for a formula begins with an apostrophe.
 */
export function judgmentCsvLine(document: JudgmentDocument): string {
  return line(columns.map((column) => textOf(column, document[column])))
}

function textOf(column: Column, value: JudgmentDocument[Column]): string {
  if (value === null) return ''
  if (typeof value === 'object') return JSON.stringify(value)
  const text = String(value)
  return freeText.includes(column) && formulaStart.test(text) ? `'${text}` : text
}

function line(cells: readonly string[]): string {
  return `${cells.map(quoted).join(',')}\r\n`
}

function quoted(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell
}
