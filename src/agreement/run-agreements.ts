import { AssizeError } from '../errors.ts'
import type { Output } from '../judges/definition.ts'
import type { Author, Judges } from '../judges/judges.ts'
import { type Run, runNotFound } from '../runs/run.ts'
import type { RunStore } from '../runs/run-store.ts'
import { type AgreementReport, agreementReport } from './agreement-report.ts'
import type { Pause } from './bootstrap.ts'
import { type Estimate, estimateTruth } from './estimate.ts'
import { type Candidate, moreLabelsFor, pickForLabels, type QueueStratum } from './label-queue.ts'
import { type JudgedLabel, type LabelledJudgment, readLabelledRun } from './labelled-run.ts'
import { randomOfText } from './random-draws.ts'
import {
  type LabelSource,
  queueStrataOf,
  type ReadAnswers,
  readAnswers,
  readLabelledJudgments,
} from './run-answers.ts'
import type { RunLabelStore } from './run-label-store.ts'
import { type TransferredShare, transferShares } from './transfer-shares.ts'

export interface RunAgreementsTools {
  readonly runs: Pick<RunStore, 'find'>
  readonly judges: Pick<Judges, 'find'>
  readonly store: RunLabelStore
  readonly pause: Pause
}

/** Where labels are read from; absent: those that people gave for the run's judge. */
export interface LabelChoice {
  /** A field of the records that holds one label of each, or an array of several people's. */
  readonly field?: string
  /**
   * Another run, whose answers stand in the place of labels: the estimate is then what its judge would say of all records
   * of this run, bridged by those that both judged.
   */
  readonly answersOf?: string
}

export interface RunAgreement {
  readonly run: Run
  readonly output: Output
  readonly report: AgreementReport
}

/** What to label next, and how far that leads. */
export interface LabelQueue {
  readonly run: Run
  readonly picks: readonly Candidate[]
  readonly estimate: Estimate
  /** How many more labels bring the interval to the width that was asked for; null where none do, or none was asked. */
  readonly moreLabels: number | null
}

/** A run's shares, corrected by another run whose records are labelled. */
export interface TransferredAgreement {
  readonly run: Run
  readonly from: Run
  /** What differs between the runs, so that the judge may err otherwise here than there. */
  readonly warnings: readonly string[]
  readonly shares: readonly TransferredShare[]
}

/** The use cases of comparing runs with labels. Every one sees the author's workspace and nothing else. */
export interface RunAgreements {
  /** Throws `run_not_found`. */
  report(author: Author, runId: string, choice?: LabelChoice): Promise<RunAgreement>
  /** The records that people and judge both answered. Throws `run_not_found`. */
  judged(
    author: Author,
    runId: string,
    choice?: LabelChoice,
  ): Promise<{ readonly run: Run; readonly judged: readonly JudgedLabel[] }>
  /**
   * @param count how many records to pick
   * @param width of the interval that is wanted
   * @throws AssizeError `run_not_found`
   */
  queue(
    author: Author,
    runId: string,
    count: number,
    width?: number,
    choice?: LabelChoice,
  ): Promise<LabelQueue>
  /**
   * Corrects a run's shares where the labels are those of another run of the same judge.
   * @throws AssizeError `run_not_found`, `request_invalid` where the runs can't be put together
   */
  transfer(author: Author, runId: string, fromId: string, choice?: LabelChoice): Promise<TransferredAgreement>
}

interface FoundRun {
  readonly run: Run
  readonly output: Output
}

interface LabelledRecords extends FoundRun {
  readonly labelled: readonly LabelledJudgment[]
  readonly judged: readonly JudgedLabel[]
}

/** All that is read of a run to compare it with labels. */
interface ReadRun extends LabelledRecords {
  readonly answers: ReadAnswers
}

const noItems: ReadonlySet<number> = new Set()

/** @example createRunAgreements({ runs, judges, store, pause: () => setImmediate() }) */
export function createRunAgreements({ runs, judges, store, pause }: RunAgreementsTools): RunAgreements {
  async function find(author: Author, runId: string): Promise<FoundRun> {
    const run = await runs.find(author.workspaceId, runId)
    if (run === undefined) throw runNotFound(runId)
    const { judge } = await judges.find(author, run.revisionId)
    return { run, output: judge.revision.definition.output }
  }

  async function readLabels(
    author: Author,
    { run, output }: FoundRun,
    choice: LabelChoice = {},
  ): Promise<LabelledRecords> {
    const source = await sourceOf(author, run, choice)
    const labelled = await readLabelledJudgments(store, run.id, source, output)
    return { run, output, labelled, judged: readLabelledRun(labelled, output).judged }
  }

  async function read(author: Author, runId: string, choice?: LabelChoice): Promise<ReadRun> {
    const found = await readLabels(author, await find(author, runId), choice)
    const { run, output, labelled, judged } = found
    const compared = new Set(judged.map(({ judgment }) => judgment.itemNumber))
    const withLabel = new Set(labelled.map(({ itemNumber }) => itemNumber))
    return { ...found, answers: await readAnswers(store, run.id, output, compared, withLabel) }
  }

  async function sourceOf(author: Author, run: Run, { field, answersOf }: LabelChoice): Promise<LabelSource> {
    if (field !== undefined) return { field }
    if (answersOf === undefined) return { judgeId: run.judgeId }
    const other = await runs.find(author.workspaceId, answersOf)
    if (other === undefined) throw runNotFound(answersOf)
    return { runId: other.id }
  }

  return {
    async report(author, runId, choice) {
      const { run, output, labelled, answers } = await read(author, runId, choice)
      return { run, output, report: await agreementReport(labelled, answers.answered, output, pause) }
    },

    judged: async (author, runId, choice) => readLabels(author, await find(author, runId), choice),

    async queue(author, runId, count, width, choice) {
      const found = await read(author, runId, choice)
      const { run, output, judged, answers } = found
      const estimate = estimateTruth(judged, answers.answered, output)
      const strata = strataOf(found)
      const moreLabels = width === undefined ? null : moreLabelsFor(width, strata, estimate)
      return { run, picks: pickForLabels(strata, count), estimate, moreLabels }
    },

    async transfer(author, runId, fromId, choice) {
      const [here, there] = [await find(author, runId), await find(author, fromId)]
      checkTransferable(here, there)
      const { judged } = await readLabels(author, there, choice)
      const { answered } = await readAnswers(store, here.run.id, here.output, noItems, noItems)
      return {
        run: here.run,
        from: there.run,
        warnings: here.run.revisionId === there.run.revisionId ? [] : [otherRevision(here.run, there.run)],
        shares: transferShares(answered, judged, here.output),
      }
    },
  }
}

/** In an order that is by chance and yet the same each time: two people who ask at once get the same records. */
function strataOf({ run, output, judged, answers }: ReadRun): readonly QueueStratum[] {
  return queueStrataOf(answers, judged, output, ({ recordId }) => randomOfText(`${run.id} ${recordId}`))
}

function checkTransferable(here: FoundRun, there: FoundRun): void {
  if (here.output.type !== 'CLASSIFICATION') {
    throw new AssizeError(
      'request_invalid',
      `Run ${here.run.id} answers with numbers; labels of another run correct shares of options only. Label some of its own records.`,
    )
  }
  if (here.run.judgeId === there.run.judgeId) return
  throw new AssizeError(
    'request_invalid',
    `labels_of: run ${there.run.id} is another judge's (${there.run.judgeId}); expected one of judge ${here.run.judgeId}.`,
  )
}

function otherRevision(here: Run, there: Run): string {
  return `The labelled run ${there.id} has revision ${there.revisionId} of the judge, and this one ${here.revisionId}: they may err differently.`
}
