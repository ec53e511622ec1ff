import {
  accuracy,
  answerCounts,
  balancedAccuracy,
  cohensKappa,
  confusionMatrix,
  type LabelledAnswer,
  majorityShare,
} from '../src/agreement/agreement.ts'
import { bootstrapInterval } from '../src/agreement/bootstrap.ts'
import { wilsonInterval } from '../src/agreement/interval.ts'
import {
  meanAbsoluteError,
  type NumberPair,
  pearsonCorrelation,
  spearmanCorrelation,
} from '../src/agreement/number-agreement.ts'
import {
  areaUnderRoc,
  brierScore,
  expectedCalibrationError,
  likeliest,
  logLoss,
  type WeighedOptions,
} from '../src/agreement/probability-agreement.ts'
import type { ClassificationOutput, Definition } from '../src/judges/definition.ts'
import type { Judgment } from '../src/judging/judgment.ts'
import type { LabelledRecord } from './labelled-records.ts'
import { percentile } from './processes.ts'

export interface JudgedRecord {
  readonly record: LabelledRecord
  readonly judgment: Judgment
}

interface Pace {
  readonly seconds: number
  readonly parallel: number
}

type Row = readonly [what: string, value: string]

/** What came of one file, as Markdown. Only records with an answer are compared; the others are counted. */
export function writeReport(
  title: string,
  { output, modelName }: Definition,
  judged: readonly JudgedRecord[],
  pace: Pace,
): string {
  const rows = [['model', modelName] as const, ...paceRows(judged, pace)]
  const more =
    output.type === 'CLASSIFICATION'
      ? classificationReport(judged, output)
      : { rows: numberRows(judged), after: '' }
  return `## ${title}\n\n${table(['', ''], [...rows, ...more.rows])}\n${more.after}`
}

function paceRows(judged: readonly JudgedRecord[], { seconds, parallel }: Pace): readonly Row[] {
  const outcomes = Map.groupBy(judged, ({ judgment }) => judgment.outcome)
  const latencies = judged
    .map(({ judgment }) => judgment.account.latencyMs / 1000)
    .sort((one, other) => one - other)
  const mean = (numbers: readonly number[]): string =>
    (numbers.reduce((sum, number) => sum + number, 0) / numbers.length).toFixed(0)
  return [
    ['records', String(judged.length)],
    ['outcomes', [...outcomes].map(([outcome, { length }]) => `${outcome} ${length}`).join(', ')],
    ['judgments a second', `${(judged.length / seconds).toFixed(2)}, ${parallel} at once`],
    [
      'latency',
      `p50 ${percentile(latencies, 0.5).toFixed(1)} s, p99 ${percentile(latencies, 0.99).toFixed(1)} s`,
    ],
    [
      'tokens a judgment',
      `${mean(judged.map(({ judgment }) => judgment.account.inputTokens))} in, ${mean(judged.map(({ judgment }) => judgment.account.outputTokens))} out`,
    ],
    ['attempts over one', String(judged.filter(({ judgment }) => judgment.account.attempts > 1).length)],
  ]
}

function classificationReport(
  judged: readonly JudgedRecord[],
  output: ClassificationOutput,
): { readonly rows: readonly Row[]; readonly after: string } {
  const options = output.options.map(({ value }) => value)
  const pairs = judged.flatMap(({ record, judgment }) =>
    judgment.outcome === 'answered' ? [{ label: String(record.label), answer: String(judgment.answer) }] : [],
  )
  const weighed = weighedOptions(judged)
  const matrix = confusionMatrix(pairs, options)
  const answers = answerCounts(matrix).map((count, at) => `${matrix.options[at]} ${count}`)
  const rows: readonly Row[] = [
    ...agreementRows('', pairs, options),
    ['always the most frequent label', shown(majorityShare(matrix))],
    ['answers given', answers.join(', ')],
    ...(weighed.length === 0 ? [] : probabilityRows(weighed, options)),
  ]
  const lines = matrix.counts.map((row, at) => [matrix.options[at] ?? '', ...row.map(String)])
  return { rows, after: `\n${table(['label \\ answer', ...matrix.options], lines)}\n` }
}

function agreementRows(
  prefix: string,
  pairs: readonly LabelledAnswer[],
  options: readonly string[],
): readonly Row[] {
  const matrixOf = (sample: readonly LabelledAnswer[]) => confusionMatrix(sample, options)
  const hits = pairs.filter(({ label, answer }) => label === answer).length
  return [
    [`${prefix}accuracy`, `${shown(accuracy(matrixOf(pairs)))}${range(wilsonInterval(hits, pairs.length))}`],
    withBootstrap(`${prefix}balanced accuracy`, pairs, (sample) => balancedAccuracy(matrixOf(sample))),
    withBootstrap(`${prefix}Cohen's kappa`, pairs, (sample) => cohensKappa(matrixOf(sample))),
  ]
}

/** Only distributions that the model's own probabilities made: one answer alone says nothing of how sure it is. */
function weighedOptions(judged: readonly JudgedRecord[]): readonly WeighedOptions[] {
  return judged.flatMap(({ record, judgment: { outcome, distribution } }) =>
    outcome === 'answered' &&
    distribution?.type === 'CLASSIFICATION' &&
    distribution.method === 'token_probabilities'
      ? [{ label: String(record.label), shares: distribution.shares }]
      : [],
  )
}

function probabilityRows(weighed: readonly WeighedOptions[], options: readonly string[]): readonly Row[] {
  const pairs = weighed.map(({ label, shares }) => ({ label, answer: likeliest(shares)?.[0] ?? '' }))
  const [positive = '', other] = options
  const isBinary = other !== undefined && options.length === 2
  return [
    ['records with probabilities', String(weighed.length)],
    ...agreementRows('likeliest option: ', pairs, options),
    [`log loss (all alike: ${Math.log(options.length).toFixed(3)})`, shown(logLoss(weighed))],
    [`Brier score (all alike: ${(1 - 1 / options.length).toFixed(3)})`, shown(brierScore(weighed))],
    ['expected calibration error', shown(expectedCalibrationError(weighed))],
    ...(isBinary
      ? [withBootstrap('area under ROC', weighed, (sample) => areaUnderRoc(sample, positive))]
      : []),
  ]
}

function numberRows(judged: readonly JudgedRecord[]): readonly Row[] {
  const answered = judged.flatMap(({ record, judgment }) =>
    judgment.outcome === 'answered' ? [{ label: Number(record.label), judgment }] : [],
  )
  const pairs = answered.map(({ label, judgment }): NumberPair => [label, Number(judgment.answer)])
  const labels = pairs.map(([label]) => label).sort((one, other) => one - other)
  const middle = percentile(labels, 0.5)
  const means = answered.flatMap(({ label, judgment: { distribution } }): NumberPair[] =>
    distribution?.type === 'REGRESSION' && distribution.method === 'token_probabilities'
      ? [[label, distribution.mean]]
      : [],
  )
  return [
    ...numberAgreementRows('', pairs),
    [
      `mean absolute error of always ${middle}`,
      shown(meanAbsoluteError(pairs.map(([label]) => [label, middle]))),
    ],
    ...(means.length === 0 ? [] : numberAgreementRows('mean of the probabilities: ', means)),
  ]
}

function numberAgreementRows(prefix: string, pairs: readonly NumberPair[]): readonly Row[] {
  return [
    withBootstrap(`${prefix}mean absolute error`, pairs, meanAbsoluteError),
    withBootstrap(`${prefix}Pearson's correlation`, pairs, pearsonCorrelation),
    withBootstrap(`${prefix}Spearman's correlation`, pairs, spearmanCorrelation),
  ]
}

function withBootstrap<Item>(
  what: string,
  items: readonly Item[],
  statistic: (sample: readonly Item[]) => number | undefined,
): Row {
  return [what, `${shown(statistic(items))}${range(bootstrapInterval(items, statistic))}`]
}

function shown(value: number | undefined): string {
  return value === undefined ? 'undefined' : value.toFixed(3)
}

function range(interval: { readonly low: number; readonly high: number } | undefined): string {
  return interval === undefined ? '' : ` (${interval.low.toFixed(3)} to ${interval.high.toFixed(3)})`
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |\n`
  return [head, head.map(() => '---'), ...rows].map(line).join('')
}
