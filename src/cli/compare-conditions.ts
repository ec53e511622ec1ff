import type { ComparisonDocument } from '../agreement/comparison-document.ts'
import { type Condition, judgeCondition, type Measures, parseCondition, type Verdict } from './fail-if.ts'
import { UsageError } from './usage-error.ts'

/** What a comparison's conditions may name. */
const compareMeasures = {
  flips: { isShare: true, hasInterval: true },
  kappa: { isShare: false, hasInterval: false },
  difference: { argument: 'OPTION', isShare: false, hasInterval: true },
  p_value: { argument: 'OPTION', isShare: true, hasInterval: false },
  mean_difference: { isShare: false, hasInterval: true },
  mean_p_value: { isShare: true, hasInterval: false },
  mean_absolute_change: { isShare: false, hasInterval: false },
  compared: { isShare: false, hasInterval: false },
} as const satisfies Measures

type CompareMeasure = keyof typeof compareMeasures

/** @throws UsageError, which says where a text is no condition */
export function parseCompareConditions(texts: readonly string[]): readonly Condition[] {
  return texts.map((text) => parseCondition(text, compareMeasures))
}

/**
 * How each condition stands to a comparison.
 * @throws UsageError for a condition on what these judges don't answer with
 */
export function judgeComparison(
  conditions: readonly Condition[],
  comparison: ComparisonDocument,
): readonly Verdict[] {
  if (comparison.is_comparable) for (const condition of conditions) checkCondition(condition, comparison)
  return conditions.map((condition) => judgeCondition(condition, figureOf(condition, comparison)))
}

function checkCondition({ text, measure, argument }: Condition, { options }: ComparisonDocument): void {
  const place = `--fail-if ${JSON.stringify(text)}`
  const isOfOptions = ['kappa', 'difference', 'p_value'].includes(measure)
  const isOfNumbers = measure.startsWith('mean_')
  if (options === null && isOfOptions) {
    throw new UsageError(
      `${place}: these judges answer with a number; expected mean_difference or mean_p_value.`,
    )
  }
  if (options === null) return
  if (isOfNumbers) {
    throw new UsageError(
      `${place}: these judges answer with options; expected difference(OPTION) or p_value(OPTION).`,
    )
  }
  const known = options.map(({ option }) => option)
  if (argument === undefined || known.includes(argument)) return
  const shown = known.map((one) => JSON.stringify(one)).join(', ')
  throw new UsageError(`${place}: there is no ${JSON.stringify(argument)}; expected one of ${shown}.`)
}

function figureOf(
  { measure, argument, bound }: Condition,
  { flips, kappa, options, numbers, records }: ComparisonDocument,
): number | undefined {
  const option = options?.find((one) => one.option === argument)
  switch (measure as CompareMeasure) {
    case 'flips':
      return flips?.share?.[bound ?? 'share']
    case 'kappa':
      return kappa ?? undefined
    case 'difference':
      return option?.difference?.[bound ?? 'difference']
    case 'p_value':
      return option?.adjusted_p_value
    case 'mean_difference':
      return numbers?.[bound ?? 'difference'] ?? undefined
    case 'mean_p_value':
      return numbers?.p_value ?? undefined
    case 'mean_absolute_change':
      return numbers?.mean_absolute_change
    case 'compared':
      return records.answered_by_both
  }
}
