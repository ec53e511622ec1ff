import { percent } from './percent.ts'
import { table } from './table.ts'
import { visibleText } from './visible-text.ts'

interface Measured {
  readonly value: number
  readonly low: number | null
  readonly high: number | null
  readonly count: number
}

/** A report as the API gives it, as far as it is shown. */
// biome-ignore lint/suspicious/noExplicitAny: what the API gives, whose schema is the API's
type Report = any

/** How many labels bring the interval to a width; null: none do. */
export interface MoreLabels {
  readonly width: number
  readonly count: number | null
}

/** A run's agreement with labels, for a reader: first what the run stands for, then how the judge did. */
export function reportText(report: Report, moreLabels?: MoreLabels): string {
  const { labels, estimate, agreement, disagreements } = report
  const parts = [
    outcomesText(report),
    labelsText(labels),
    ...estimateText(estimate),
    ...(moreLabels ? [moreLabelsText(moreLabels)] : []),
    ...(labels.compared === 0 ? [] : agreementText(agreement)),
    ...peopleText(report.people, agreement.type),
    ...disagreementsText(disagreements),
  ]
  return `${parts.join('\n\n')}\n`
}

function outcomesText({ outcomes, pending }: Report): string {
  const counts = Object.entries<number>(outcomes).filter(([, count]) => count > 0)
  const all = [
    ...counts.map(([outcome, count]) => `${count} ${outcome}`),
    ...(pending > 0 ? [`${pending} pending`] : []),
  ]
  return `Records: ${all.join(', ')}. Only answered ones are compared and estimated.`
}

const leftOutTexts: Readonly<Record<string, string>> = {
  not_answered: 'the judge gave no answer',
  tied: 'people are tied',
  cannot_tell: "people can't tell",
  out_of_output: 'no label is one of the answers',
}

function labelsText({ records, compared, people, left_out: leftOut }: Report): string {
  const why = Object.entries<number>(leftOut)
    .filter(([, count]) => count > 0)
    .map(([kind, count]) => `${count}: ${leftOutTexts[kind]}`)
  const rest = why.length === 0 ? '' : ` Not compared, ${why.join('; ')}.`
  return `Labels: ${records} records by ${people.length} (${people.map(visibleText).join(', ') || 'nobody'}), ${compared} compared.${rest}`
}

function estimateText(estimate: Report): string[] {
  if (estimate.kind === 'refused')
    return [`What people would say of all answered records is not known: ${estimate.reason}`]
  const basis = `over all answered records, from ${estimate.labels} labelled ones`
  if (estimate.kind === 'mean') {
    const { mean, low, high } = estimate.corrected
    const text = `${figure(mean)}, with 95% confidence ${figure(low)} to ${figure(high)}`
    return [
      `The mean that people would give, ${basis}: ${text}. The judge's own mean is ${figure(estimate.naive)}.`,
    ]
  }
  const rows = estimate.shares.map(({ option, naive, corrected }: Report) => [
    visibleText(option),
    percent(naive.share),
    percent(corrected.share),
    `${percent(corrected.low)} to ${percent(corrected.high)}`,
  ])
  const shares = table([['OPTION', 'JUDGE SAYS', 'CORRECTED', '95% INTERVAL'], ...rows]).trimEnd()
  return [`What people would say, ${basis}:\n\n${shares}`]
}

function moreLabelsText({ width, count }: MoreLabels): string {
  if (count === null)
    return `No number of labels on this run brings the interval to a width of ${width}: it has too few records.`
  return `${count} more labels, picked by the queue, bring the interval to a width of ${width}.`
}

function agreementText(agreement: Report): string[] {
  if (agreement.type === 'REGRESSION') {
    const { pearson, spearman, kendall, mean_absolute_error: error, bias } = agreement
    const rows = [
      ['Pearson', pearson],
      ['Spearman', spearman],
      ['Kendall tau-b', kendall],
      ['mean absolute error', error],
      ['bias (judge less people)', bias],
    ] as const
    return [statistics(rows)]
  }
  const { accuracy, balanced_accuracy: balanced, kappa, options, confusion_matrix: matrix } = agreement
  const rows = [
    ['accuracy', accuracy],
    ['balanced accuracy', balanced],
    ["Cohen's kappa", kappa],
  ] as const
  const perOption = options.map(({ option, labelled, answered, precision, recall, f1 }: Report) => [
    visibleText(option),
    String(labelled),
    String(answered),
    shown(precision),
    shown(recall),
    shown(f1),
  ])
  const head = ['OPTION', 'LABELLED', 'ANSWERED', 'PRECISION', 'RECALL', 'F1']
  const counts = matrix.options.map((option: string, at: number) => [
    visibleText(option),
    ...matrix.counts[at].map(String),
  ])
  return [
    statistics(rows),
    table([head, ...perOption]).trimEnd(),
    table([['LABEL \\ ANSWER', ...matrix.options.map(visibleText)], ...counts]).trimEnd(),
  ]
}

function peopleText({ records, krippendorffs_alpha: alpha, ceiling }: Report, type: string): string[] {
  if (records === 0) return []
  const of =
    type === 'REGRESSION'
      ? ([
          ['Pearson', ceiling.pearson],
          ['mean absolute error', ceiling.mean_absolute_error],
        ] as const)
      : ([
          ['accuracy', ceiling.accuracy],
          ["Cohen's kappa", ceiling.kappa],
        ] as const)
  const rows = [
    ["Krippendorff's alpha", alpha] as const,
    ...of.map(([name, one]) => [`one person, ${name}`, one] as const),
  ]
  return [`People among themselves, on ${records} records with several labels:\n\n${statistics(rows)}`]
}

const mostDisagreements = 5
const longestAnalysis = 200

function disagreementsText(disagreements: Report): string[] {
  if (disagreements.length === 0) return []
  const texts = disagreements
    .slice(0, mostDisagreements)
    .map(({ record_id: id, label, answer, analysis }: Report) => {
      const said = (analysis ?? '').replace(/[\p{C}\s]+/gu, ' ').trim()
      const cut = said.length > longestAnalysis ? `${said.slice(0, longestAnalysis)}…` : said
      return `record ${id}: people say ${JSON.stringify(label)}, the judge ${JSON.stringify(answer)}\n  ${cut}`
    })
  return [`Where they are farthest apart:\n\n${texts.join('\n\n')}`]
}

function statistics(rows: readonly (readonly [string, Measured | null])[]): string {
  return table([
    ['STATISTIC', 'VALUE', '95% INTERVAL', 'RECORDS'],
    ...rows.map(([name, one]) => [name, shown(one), intervalOf(one), one === null ? '-' : String(one.count)]),
  ]).trimEnd()
}

function shown(one: Measured | null): string {
  return one === null ? '-' : figure(one.value)
}

function intervalOf(one: Measured | null): string {
  return one?.low == null || one.high === null ? '-' : `${figure(one.low)} to ${figure(one.high)}`
}

function figure(value: number): string {
  return value.toFixed(3)
}
