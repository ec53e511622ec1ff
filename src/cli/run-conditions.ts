import type { Output } from '../judges/definition.ts'
import type { Outcome } from '../judging/judgment.ts'
import { type Condition, judgeCondition, type Measures, parseCondition, type Verdict } from './fail-if.ts'
import { allOutcomes } from './run-result.ts'
import type { RunTotals } from './run-totals.ts'
import { UsageError } from './usage-error.ts'

/** What a run's conditions may name. */
const runMeasures = {
  share: { argument: 'OPTION', isShare: true, hasInterval: true },
  mean: { isShare: false, hasInterval: true },
  answered: { isShare: true, hasInterval: true },
  outcome: { argument: 'OUTCOME', isShare: false, hasInterval: false },
  judged: { isShare: false, hasInterval: false },
  refused: { isShare: false, hasInterval: false },
  cost: { isShare: false, hasInterval: false },
  tokens: { isShare: false, hasInterval: false },
} as const satisfies Measures

type RunMeasure = keyof typeof runMeasures

/** @throws UsageError, which says where a text is no condition */
export function parseConditions(texts: readonly string[]): readonly Condition[] {
  return texts.map((text) => parseCondition(text, runMeasures))
}

/** @throws UsageError for a condition on what this output or no run has */
export function checkConditions(conditions: readonly Condition[], output: Output): void {
  for (const { text, measure, argument } of conditions) {
    const known = knownArguments(measure as RunMeasure, output)
    const place = `--fail-if ${JSON.stringify(text)}`
    if (known === 'none') {
      throw new UsageError(
        measure === 'mean'
          ? `${place}: this judge answers with options, which have no mean; expected share(OPTION).`
          : `${place}: this judge answers with a number, which has no options; expected mean.`,
      )
    }
    if (known !== 'any' && !known.includes(argument ?? '')) {
      const shown = known.map((one) => JSON.stringify(one)).join(', ')
      throw new UsageError(`${place}: there is no ${JSON.stringify(argument)}; expected one of ${shown}.`)
    }
  }
}

function knownArguments(measure: RunMeasure, output: Output): readonly string[] | 'none' | 'any' {
  const hasOptions = output.type === 'CLASSIFICATION'
  switch (measure) {
    case 'share':
      return hasOptions ? output.options.map(({ value }) => value) : 'none'
    case 'mean':
      return hasOptions ? 'none' : 'any'
    case 'outcome':
      return allOutcomes
    default:
      return 'any'
  }
}

/** How each condition stands to what a run came to. */
export function judgeConditions(conditions: readonly Condition[], totals: RunTotals): readonly Verdict[] {
  return conditions.map((condition) => judgeCondition(condition, figureOf(condition, totals)))
}

function figureOf({ measure, argument, bound }: Condition, totals: RunTotals): number | undefined {
  switch (measure as RunMeasure) {
    case 'share':
      return totals.options.find(({ value }) => value === argument)?.share?.[bound ?? 'share']
    case 'mean':
      return bound === undefined ? totals.mean : totals.meanInterval?.[bound]
    case 'answered':
      return totals.answeredShare?.[bound ?? 'share']
    case 'outcome':
      return totals.outcome(argument as Outcome)
    case 'judged':
      return totals.judged
    case 'refused':
      return totals.refused
    case 'cost':
      return totals.cost ?? undefined
    case 'tokens':
      return totals.inputTokens + totals.outputTokens
  }
}
