import type { Definition } from '../definition.ts'

export type Severity = 'warning' | 'hint'

/** What can be found in a definition, and how sure it is to be wrong. */
export const severities = {
  unknown_variable: 'warning',
  response_left_out: 'warning',
  conversation_left_out: 'warning',
  available_tools_left_out: 'warning',
  tools_mixed_up: 'warning',
  scale_differs: 'warning',
  labels_differ: 'warning',
  other_reply_format: 'warning',
  answer_before_reasons: 'warning',
  two_criteria: 'warning',
  option_without_description: 'warning',
  end_without_description: 'warning',
  described_alike: 'warning',
  options_alike: 'warning',
  too_many_levels: 'hint',
  no_way_out: 'hint',
} as const satisfies Readonly<Record<string, Severity>>

export type FindingCode = keyof typeof severities

/** What a check saw. */
export interface Sight {
  readonly code: FindingCode
  /** The field, as in an error's message: `output.options[1].description`. */
  readonly path: string
  /** In the instructions, from 1. */
  readonly line?: number
  /** What is likely wrong, and what would be right. */
  readonly message: string
}

export interface Finding extends Sight {
  readonly severity: Severity
}

/** Looks for one thing. */
export type Check = (definition: Definition) => readonly Sight[]

/** The line of a place in a text, from 1. */
export function lineAt(text: string, place: number): number {
  return text.slice(0, place).split('\n').length
}
