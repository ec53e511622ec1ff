import type { Output } from '../judges/definition.ts'
import type { AnsweredRun } from './estimate.ts'
import { fieldOf, type LabelValue, labelsIn } from './label.ts'
import { type Candidate, isSplit, type QueueStratum } from './label-queue.ts'
import type { LabelledJudgment } from './labelled-run.ts'
import type { ItemWithContent, LabelledItem, RunAnswer, RunLabelStore } from './run-label-store.ts'

/**
 * Where the labels of a report are: those that people gave for the judge, a field of the records (see `fieldOf`), or the answers of
 * another run, which is then what this one is measured by.
 */
export type LabelSource =
  | { readonly judgeId: string }
  | { readonly field: string }
  | { readonly runId: string }

/** Who is taken to have given labels that stand in a field. */
const fieldAuthor = 'field'

/** The labelled records of a run, in its order. */
export async function readLabelledJudgments(
  store: RunLabelStore,
  runId: string,
  source: LabelSource,
  output: Output,
): Promise<readonly LabelledJudgment[]> {
  const found: LabelledJudgment[] = []
  for (let after = 0; ; ) {
    const items = await readItems(store, runId, source, after)
    const last = items.at(-1)
    if (last === undefined) return found
    const labelled = items.filter(({ labels }) => labels.length > 0)
    found.push(...labelled.map((item) => ({ ...item, isSplit: isSplit(item.agreement, output) })))
    after = last.itemNumber
  }
}

async function readItems(
  store: RunLabelStore,
  runId: string,
  source: LabelSource,
  after: number,
): Promise<readonly LabelledItem[]> {
  if ('judgeId' in source) return store.readLabelled(runId, source.judgeId, after)
  if ('runId' in source) return store.readAnsweredBy(runId, source.runId, after)
  const items = await store.readContents(runId, after)
  return items.map((item) => withFieldLabel(item, source.field))
}

function withFieldLabel({ content, ...item }: ItemWithContent, field: string): LabelledItem {
  const value = fieldOf(content, field)
  const found = value === undefined ? [] : labelsIn(value, fieldAuthor)
  return { ...item, labels: found.map(({ author, value }) => ({ author, value: value as LabelValue })) }
}

/** The answers of a whole run, and which of its records could be labelled next. */
export interface ReadAnswers {
  readonly answered: AnsweredRun
  /** In the order of the run. */
  readonly candidates: readonly Candidate[]
}

/**
 * Reads all answers of a run.
 * @param compared the items that the estimate compares with a label
 * @param labelled the items that have a label of any kind, and are no candidates for another
 */
export async function readAnswers(
  store: RunLabelStore,
  runId: string,
  output: Output,
  compared: ReadonlySet<number>,
  labelled: ReadonlySet<number>,
): Promise<ReadAnswers> {
  const counts = new Map<string, { answer: string; isSplit: boolean; count: number }>()
  const unlabelled = { alike: [] as number[], split: [] as number[] }
  const candidates: Candidate[] = []
  for (let after = 0; ; ) {
    const read = await store.readAnswers(runId, after)
    for (const answer of read) {
      const split = isSplit(answer.agreement, output)
      if (output.type === 'CLASSIFICATION') countAnswer(counts, answer, split)
      else if (!compared.has(answer.itemNumber))
        unlabelled[split ? 'split' : 'alike'].push(Number(answer.answer))
      if (!labelled.has(answer.itemNumber)) {
        const { itemNumber, recordId } = answer
        candidates.push({ itemNumber, recordId, answer: answer.answer, isSplit: split })
      }
    }
    const last = read.at(-1)
    if (last === undefined) return { answered: { counts: [...counts.values()], unlabelled }, candidates }
    after = last.itemNumber
  }
}

function countAnswer(
  counts: Map<string, { answer: string; isSplit: boolean; count: number }>,
  { answer }: RunAnswer,
  split: boolean,
): void {
  const key = `${split ? 'split' : 'alike'} ${answer}`
  const row = counts.get(key) ?? { answer: String(answer), isSplit: split, count: 0 }
  row.count += 1
  counts.set(key, row)
}

/** What the queue knows of the labels of one kind of records: for numbers, the labels less what the judge says of them. */
interface KnownLabels {
  readonly answer: string | null
  readonly isSplit: boolean
  readonly labels: readonly (string | number)[]
}

/**
 * The kinds of records that the queue picks from: of options one for each answer, apart by whether samples were split; of
 * numbers only by that.
 * @param order a random number for a record, the same each time
 */
export function queueStrataOf(
  { answered, candidates }: ReadAnswers,
  judged: readonly {
    readonly judgment: LabelledJudgment
    readonly label: string | number
    readonly answer: string | number
  }[],
  output: Output,
  order: (candidate: Candidate) => number,
): readonly QueueStratum[] {
  const ordered = candidates.map((one) => ({ one, place: order(one) })).sort((a, b) => a.place - b.place)
  const kinds =
    output.type === 'CLASSIFICATION'
      ? output.options.flatMap(({ value }) =>
          [false, true].map((split) => ({ answer: value, isSplit: split })),
        )
      : [false, true].map((split) => ({ answer: null, isSplit: split }))
  return kinds.flatMap(({ answer, isSplit: split }) => {
    const isOfKind = (one: { answer: string | number; isSplit: boolean }): boolean =>
      one.isSplit === split && (answer === null || one.answer === answer)
    const mine = ordered.filter(({ one }) => isOfKind(one)).map(({ one }) => one)
    const labelled = judged.filter((one) => isOfKind({ answer: one.answer, isSplit: one.judgment.isSplit }))
    const size = answer === null ? mine.length + labelled.length : sizeOf(answered, answer, split)
    if (size === 0) return []
    const known = {
      answer,
      isSplit: split,
      labels: labelled.map(({ label, answer: said }) => toKnown(label, said)),
    }
    return [
      {
        ...kindOf(known),
        size,
        labelled: labelled.length,
        spread: spreadOf(known, output),
        candidates: mine,
      },
    ]
  })
}

function kindOf({ answer, isSplit: split }: KnownLabels): { answer: string | null; isSplit: boolean } {
  return { answer, isSplit: split }
}

function sizeOf({ counts }: AnsweredRun, answer: string, split: boolean): number {
  return counts.find((row) => row.answer === answer && row.isSplit === split)?.count ?? 0
}

function toKnown(label: string | number, answer: string | number): string | number {
  return typeof label === 'number' && typeof answer === 'number' ? label - answer : label
}

/**
 * The standard deviation of what a label tells. Of options that of the share of labels that are the answer, with one
 * imagined label each way; of numbers that of the judge's errors, and without two labels a quarter of the scale.
 */
function spreadOf({ answer, labels }: KnownLabels, output: Output): number {
  if (output.type === 'CLASSIFICATION') {
    const share = (labels.filter((label) => label === answer).length + 1) / (labels.length + 2)
    return Math.sqrt(share * (1 - share))
  }
  const errors = labels.map(Number)
  if (errors.length < 2) return (output.max - output.min) / 4
  const mean = errors.reduce((sum, error) => sum + error, 0) / errors.length
  const variance = errors.reduce((sum, error) => sum + (error - mean) ** 2, 0) / (errors.length - 1)
  return Math.max(Math.sqrt(variance), (output.max - output.min) / 1000)
}
