import type { Definition } from './definition.ts'
import {
  describedAlike,
  endWithoutDescription,
  noWayOut,
  optionsAlike,
  optionWithoutDescription,
  tooManyLevels,
} from './lint/check-output.ts'
import { labelsDiffer, scaleDiffers } from './lint/check-scale.ts'
import {
  availableToolsLeftOut,
  conversationLeftOut,
  responseLeftOut,
  toolsMixedUp,
  unknownVariable,
} from './lint/check-variables.ts'
import { answerBeforeReasons, otherReplyFormat, twoCriteria } from './lint/check-wording.ts'
import { type Check, type Finding, type FindingCode, severities } from './lint/finding.ts'

/** Behind every line. */
const otherFields = Number.MAX_SAFE_INTEGER

/** Each looks for what is called by its name. */
const checks: Readonly<Record<FindingCode, Check>> = {
  unknown_variable: unknownVariable,
  response_left_out: responseLeftOut,
  conversation_left_out: conversationLeftOut,
  available_tools_left_out: availableToolsLeftOut,
  tools_mixed_up: toolsMixedUp,
  scale_differs: scaleDiffers,
  labels_differ: labelsDiffer,
  other_reply_format: otherReplyFormat,
  answer_before_reasons: answerBeforeReasons,
  two_criteria: twoCriteria,
  option_without_description: optionWithoutDescription,
  end_without_description: endWithoutDescription,
  described_alike: describedAlike,
  options_alike: optionsAlike,
  too_many_levels: tooManyLevels,
  no_way_out: noWayOut,
}

/**
 * What is likely wrong with a definition that can be saved. The checks read English instructions, and would rather
 * miss a fault than find one that is none.
 * @param definition with instructions that are a template: see `checkInstructions`
 * @returns findings in the instructions by line, then those in other fields; empty for a good definition
 */
export function lintDefinition(definition: Definition): readonly Finding[] {
  return Object.values(checks)
    .flatMap((check) => check(definition))
    .map((sight) => ({ ...sight, severity: severities[sight.code] }))
    .sort((one, other) => (one.line ?? otherFields) - (other.line ?? otherFields))
}
