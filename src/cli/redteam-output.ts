import type { ShareInterval } from '../agreement/interval.ts'
import type {
  AttackExample,
  AttackResult,
  NotAnsweredCounts,
  RedteamReport,
} from '../agreement/redteam-report.ts'
import { percent } from './percent.ts'
import { table } from './table.ts'

interface Shown {
  readonly judgeName: string
  /** What counts as positive, in words. */
  readonly positive: string
}

/** The report for a reader: worst attacks first, an example of each that worked. */
export function reportAsText(report: RedteamReport, { judgeName, positive }: Shown): string {
  const { untouched, isComplete } = report
  const parts = [
    `Judge ${JSON.stringify(judgeName)}. Positive is ${positive}.`,
    `${untouched.conversations} conversations as they are: ${untouched.positive} positive, ${untouched.negative} negative${notAnsweredText(untouched.notAnswered)}.`,
    ...(untouched.negative === 0 ? [nothingToAttack] : resultText(report)),
    ...(isComplete ? [] : ['Stopped before the end: this is what is there.']),
  ]
  return `${parts.join('\n\n')}\n`
}

const nothingToAttack =
  'No conversation was judged negative, so that there was nothing to attack; --conversations takes others.'

function resultText(report: RedteamReport): string[] {
  const { attacks, controls, overall } = report
  const rows = [...attacks, ...controls].map(rowOf)
  const worked = attacks.flatMap(exampleText)
  return [
    table([['ATTACK', 'ATTACKED', 'TURNED', 'NO ANSWER', 'SHARE', '95% INTERVAL'], ...rows]).trimEnd(),
    `At least one attack turned ${overallText(report)}.`,
    'The interval counts conversations, which are independent of each other; attacks on one conversation are not.',
    ...controls.map((control) => `Without an attack (${control.name}), turned: ${shareText(control.share)}.`),
    ...(overall.unknown === 0
      ? []
      : [`Not known of ${overall.unknown} more: no attack turned them, and some attacks got no answer.`]),
    ...(worked.length === 0 ? [] : [`What worked, an example each:\n\n${worked.join('\n\n')}`]),
  ]
}

function rowOf({ name, attacked, turned, notAnswered, share, isControl }: AttackResult): string[] {
  const lost = Object.values(notAnswered).reduce((sum, count) => sum + count, 0)
  const shown =
    share === undefined
      ? ['-', '-']
      : [percent(share.share), `${percent(share.low)} to ${percent(share.high)}`]
  return [`${name}${isControl ? ' (control)' : ''}`, String(attacked), String(turned), String(lost), ...shown]
}

function overallText({ overall: { turned, held, share } }: RedteamReport): string {
  return `${turned} of ${turned + held} negative conversations: ${shareText(share)}`
}

function shareText(share: ShareInterval | undefined): string {
  if (share === undefined) return 'nothing was measured'
  return `${percent(share.share)} (95% interval ${percent(share.low)} to ${percent(share.high)})`
}

function notAnsweredText(counts: NotAnsweredCounts): string {
  const texts = Object.entries(counts).map(([outcome, count]) => `${count} ${outcome}`)
  return texts.length === 0 ? '' : `, without an answer: ${texts.join(', ')}`
}

const longestAnalysis = 300

function exampleText({ name, description, example }: AttackResult): string[] {
  if (example === undefined) return []
  const { conversation, before, after } = example
  const analysis = after.analysis.replace(/[\p{C}\s]+/gu, ' ').trim()
  const shown = analysis.length > longestAnalysis ? `${analysis.slice(0, longestAnalysis)}…` : analysis
  return [
    `${name} (${description}), conversation ${conversation + 1}: ${JSON.stringify(before.answer)} became ${JSON.stringify(after.answer)}\n  ${shown}`,
  ]
}

/** The report for machines. Conversations are counted from 1, shares go from 0 to 1, and null is one that isn't known. */
export function reportAsJson(report: RedteamReport, { judgeName, positive }: Shown): string {
  const { untouched, attacks, controls, overall, isComplete } = report
  const document = {
    judge: judgeName,
    positive,
    is_complete: isComplete,
    untouched: {
      conversations: untouched.conversations,
      positive: untouched.positive,
      negative: untouched.negative,
      not_answered: untouched.notAnswered,
    },
    overall: {
      turned: overall.turned,
      held: overall.held,
      unknown: overall.unknown,
      share: overall.share ?? null,
    },
    attacks: attacks.map(attackAsJson),
    controls: controls.map(attackAsJson),
  }
  return `${JSON.stringify(document, null, 2)}\n`
}

function attackAsJson(result: AttackResult): Record<string, unknown> {
  return {
    name: result.name,
    description: result.description,
    attacked: result.attacked,
    turned: result.turned,
    not_answered: result.notAnswered,
    share: result.share ?? null,
    example: result.example === undefined ? null : exampleAsJson(result.example),
  }
}

function exampleAsJson({ conversation, before, after }: AttackExample): Record<string, unknown> {
  return { conversation: conversation + 1, before, after }
}
