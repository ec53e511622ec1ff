import type { RunComparison } from '../../api/openapi.ts'
import { countOf, numberText, shareText } from '../../numbers.ts'

/** Below this, a difference is told as one that chance hardly makes. */
const rare = 0.05

/** A comparison of two runs as sentences, the most important first; none where answers can't be compared. */
export function differenceInWords({ flips, options, numbers, records }: RunComparison): string[] {
  if (records.answered_by_both === 0) return ['No record was answered by both runs.']
  const sentences: string[] = []
  if (flips !== null) {
    const share =
      flips.share === null
        ? ''
        : `, ${shareText(flips.share.share)} of ${countOf(records.answered_by_both, 'record')}`
    sentences.push(
      flips.count === 0
        ? `Both runs gave the same answer to all ${countOf(records.answered_by_both, 'record')}.`
        : `${countOf(flips.count, 'answer')} changed${share}.`,
    )
  }
  for (const { option, first, second, difference, adjusted_p_value: chance } of options ?? []) {
    if (difference === null || first.share === null || second.share === null || first.share === second.share)
      continue
    const direction = second.share > first.share ? 'rose' : 'fell'
    const points = `${shareText(difference.low)} to ${shareText(difference.high)}`
    sentences.push(
      `“${option}” ${direction} from ${shareText(first.share)} to ${shareText(second.share)} (95% interval of the change ${points}); ${chanceInWords(chance)}.`,
    )
  }
  if (numbers !== null) sentences.push(meansInWords(numbers))
  return sentences
}

function meansInWords({
  first_mean: before,
  second_mean: after,
  low,
  high,
  p_value: chance,
}: NonNullable<RunComparison['numbers']>): string {
  const interval =
    low === null || high === null
      ? ''
      : ` (95% interval of the change ${numberText(low)} to ${numberText(high)})`
  const said = chance === null ? '' : `; ${chanceInWords(chance)}`
  return `The mean went from ${numberText(before)} to ${numberText(after)}${interval}${said}.`
}

function chanceInWords(chance: number): string {
  const value = chance < 0.001 ? 'p < 0.001' : `p = ${numberText(chance)}`
  return chance < rare ? `chance alone hardly does that, ${value}` : `chance alone may do that, ${value}`
}
