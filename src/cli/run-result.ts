import type { Output } from '../judges/definition.ts'
import type { Outcome } from '../judging/judgment.ts'
import type { JudgmentDocument } from '../judging/judgment-document.ts'

/** What only a database knows of a judgment. */
type KeptFields = 'id' | 'judge_id' | 'revision_id' | 'run_id' | 'item_number' | 'record_id'

/** An output, as far as answers tell it: descriptions are the judge's own business. */
export type ResultOutput =
  | { readonly type: 'CLASSIFICATION'; readonly options: readonly string[] }
  | { readonly type: 'REGRESSION'; readonly min: number; readonly max: number }

/** Who judged, the same on every line of a file. */
export interface ResultJudge {
  readonly judge_name: string
  /** The same for judges that ask the same of the same model, as often. */
  readonly judge_fingerprint: string
  /** Null for a judge of a file. */
  readonly judge_id: string | null
  readonly revision_id: string | null
  /** Of a run on a server; null where this program judged by itself. */
  readonly run_id: string | null
  readonly output: ResultOutput
}

/** A line of a file of results: a judgment, whose it is and by whom. */
export interface ResultLine extends Omit<JudgmentDocument, KeptFields>, ResultJudge {
  /** The record's own id, or its line where it has none. */
  readonly id: string | number
  /** Where the record stands in its file, from 1: a line, or of JSON arrays and Parquet its number. */
  readonly line: number
  /** The same for records that say the same under the same id. */
  readonly input_fingerprint: string
}

/** An output as the lines of results show it. */
export function resultOutput(output: Output): ResultOutput {
  return output.type === 'CLASSIFICATION'
    ? { type: output.type, options: output.options.map(({ value }) => value) }
    : { type: output.type, min: output.min, max: output.max }
}

const outcomes: Readonly<Record<Outcome, true>> = {
  answered: true,
  unreadable: true,
  undecided: true,
  truncated: true,
  refused: true,
  filtered: true,
  context_overflow: true,
  rate_limited: true,
  timed_out: true,
  provider_failed: true,
  tool_failed: true,
  invalid_request: true,
}

/** Every way in which a judgment can end. */
export const allOutcomes = Object.keys(outcomes) as readonly Outcome[]

/**
 * Reads a line of a file of results.
 * @returns undefined for what is none: what comparing, counting and going on need is checked, the rest is taken as it is
 */
export function parseResult(text: string): ResultLine | undefined {
  try {
    const line = JSON.parse(text)
    return isResult(line) ? line : undefined
  } catch {
    return undefined
  }
}

// biome-ignore lint/suspicious/noExplicitAny: whatever a file holds
function isResult(line: any): line is ResultLine {
  return (
    typeof line === 'object' &&
    line !== null &&
    Number.isSafeInteger(line.line) &&
    line.line > 0 &&
    ['string', 'number'].includes(typeof line.id) &&
    typeof line.judge_fingerprint === 'string' &&
    typeof line.input_fingerprint === 'string' &&
    isOutput(line.output) &&
    Object.hasOwn(outcomes, line.outcome) &&
    (line.outcome === 'answered' ? isAnswer(line.answer, line.output) : line.answer === null) &&
    Number.isFinite(line.input_tokens) &&
    Number.isFinite(line.output_tokens) &&
    (line.cost === null || Number.isFinite(line.cost))
  )
}

// biome-ignore lint/suspicious/noExplicitAny: whatever a file holds
function isOutput(output: any): output is ResultOutput {
  if (output?.type === 'REGRESSION') return Number.isFinite(output.min) && Number.isFinite(output.max)
  return output?.type === 'CLASSIFICATION' && Array.isArray(output.options)
}

function isAnswer(answer: unknown, output: ResultOutput): boolean {
  if (output.type === 'CLASSIFICATION') return output.options.includes(answer as string)
  return Number.isFinite(answer) && Number(answer) >= output.min && Number(answer) <= output.max
}
