import { table } from './table.ts'
import { visibleText } from './visible-text.ts'

/** Something that isn't the same about two runs. */
export interface RunDifference {
  readonly what: string
  readonly first: string | null
  readonly second: string | null
}

/** Reports as the API gives them, as far as they are shown. */
// biome-ignore lint/suspicious/noExplicitAny: what the API gives, whose schema is the API's
type Report = any

/** The figures of two runs beside each other, and what differs between the runs, so that they are read with care. */
export function besideText(first: Report, second: Report, differences: readonly RunDifference[]): string {
  const rows = [...counted(first, second), ...estimated(first, second), ...measured(first, second)]
  return `${differencesText(differences)}\n\n${table([['', first.run_id, second.run_id], ...rows])}`
}

function differencesText(differences: readonly RunDifference[]): string {
  if (differences.length === 0) return 'The two runs have the same revision, model and enforcement.'
  const lines = differences.map(({ what, first, second }) => {
    const sides =
      first === null && second === null ? '' : `: ${first ?? 'not known'} and ${second ?? 'not known'}`
    return `  ${visibleText(`${what}${sides}`)}`
  })
  return `The two runs differ in\n${lines.join('\n')}`
}

type Row = readonly [string, string, string]

function counted(first: Report, second: Report): Row[] {
  const row = (name: string, value: (report: Report) => number): Row => [
    name,
    String(value(first)),
    String(value(second)),
  ]
  return [
    row('records answered', ({ outcomes }) => outcomes.answered),
    row('records compared with labels', ({ labels }) => labels.compared),
  ]
}

function estimated(first: Report, second: Report): Row[] {
  const names = [first, second].flatMap(({ estimate }) =>
    estimate.kind === 'shares' ? estimate.shares.map(({ option }: Report) => option) : ['mean'],
  )
  return [...new Set<string>(names)].map((name) => [
    `people would say: ${visibleText(name)}`,
    estimateOf(first, name),
    estimateOf(second, name),
  ])
}

function estimateOf({ estimate }: Report, name: string): string {
  if (estimate.kind === 'mean')
    return name === 'mean' ? range(estimate.corrected.mean, estimate.corrected) : '-'
  if (estimate.kind === 'refused') return 'not known'
  const share = estimate.shares.find(({ option }: Report) => option === name)
  return share === undefined ? '-' : range(share.corrected.share, share.corrected)
}

const statistics: Readonly<Record<string, string>> = {
  accuracy: 'accuracy',
  balanced_accuracy: 'balanced accuracy',
  kappa: "Cohen's kappa",
  pearson: 'Pearson',
  spearman: 'Spearman',
  kendall: 'Kendall tau-b',
  mean_absolute_error: 'mean absolute error',
  bias: 'bias (judge less people)',
}

function measured(first: Report, second: Report): Row[] {
  return Object.entries(statistics).flatMap(([key, name]): Row[] => {
    const [one, other] = [first.agreement[key], second.agreement[key]]
    return one === undefined && other === undefined ? [] : [[name, measureOf(one), measureOf(other)]]
  })
}

function measureOf(one: Report): string {
  return one ? range(one.value, one) : '-'
}

function range(
  value: number,
  { low, high }: { readonly low: number | null; readonly high: number | null },
): string {
  return low === null || high === null
    ? value.toFixed(3)
    : `${value.toFixed(3)} (${low.toFixed(3)} to ${high.toFixed(3)})`
}
