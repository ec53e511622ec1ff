import type { DatasetRecord } from '../datasets/dataset.ts'
import type { RecordStore, Stretch } from '../datasets/dataset-store.ts'
import { datasetNotFound } from '../datasets/datasets.ts'
import { recordNotFound } from '../datasets/records.ts'
import { AssizeError } from '../errors.ts'
import type { Output } from '../judges/definition.ts'
import type { Page } from '../judges/judge-store.ts'
import type { Author, Judges } from '../judges/judges.ts'
import { checkLabel, fieldOf, type Label, labelsIn } from './label.ts'
import type { LabelQuery, LabelStore } from './label-store.ts'

export interface LabelsTools {
  readonly store: LabelStore
  readonly records: Pick<RecordStore, 'find' | 'lastPlace' | 'readOn'>
  readonly judges: Pick<Judges, 'find'>
  readonly now: () => Date
  /** A new UUID, version 7. */
  readonly newId: () => string
}

/** A label as a person gives it. */
export interface GivenLabel {
  /** A judge's id, or a revision's: the label must be an answer of its output. */
  readonly judgeId: string
  /** Null: it can't be told. */
  readonly value: unknown
  /** Whose label it is. */
  readonly author: string
}

/** Where labels stand in a dataset's records: see `fieldOf`. */
export interface LabelField {
  readonly judgeId: string
  readonly field: string
  readonly author: string
}

/** What became of the labels in a dataset's records. */
export interface LabelsTaken {
  readonly records: number
  readonly taken: number
  /** Records without the field. */
  readonly without: number
  readonly refused: number
  /** The first of them. */
  readonly refusals: readonly { readonly recordId: string; readonly reason: string }[]
}

/** The use cases of labels. Every one sees the author's workspace and nothing else. */
export interface Labels {
  /**
   * Keeps a label, in the place of the one that the same author gave before.
   * @throws AssizeError `dataset_record_not_found`, `judge_not_found`, `request_invalid`
   */
  give(caller: Author, recordId: string, label: GivenLabel): Promise<Label>
  /** Newest first. Throws `dataset_record_not_found`. */
  list(caller: Author, recordId: string, query: LabelQuery): Promise<Page<Label>>
  /** Throws `dataset_record_not_found`, `label_not_found`. */
  remove(caller: Author, recordId: string, id: string): Promise<void>
  /**
   * Takes labels from a field of the records, as an import brought it. What is no answer of the judge is refused
   * by itself. Taking them again changes nothing.
   * @throws AssizeError `dataset_not_found`, `judge_not_found`
   */
  takeFromField(caller: Author, datasetId: string, from: LabelField): Promise<LabelsTaken>
}

const mostRefusals = 100
/** What storage keeps at once. */
const mostKept = 1000

/** @example createLabels({ store, records, judges, now: () => new Date(), newId: uuidv7 }) */
export function createLabels({ store, records, judges, now, newId }: LabelsTools): Labels {
  async function checkRecord({ workspaceId }: Author, recordId: string): Promise<void> {
    if ((await records.find(workspaceId, recordId)) === undefined) throw recordNotFound(recordId)
  }

  /** The judge's own id, whatever names it, and what its answers are. */
  async function findJudge(caller: Author, id: string): Promise<{ judgeId: string; output: Output }> {
    const { judge } = await judges.find(caller, id)
    return { judgeId: judge.id, output: judge.revision.definition.output }
  }

  return {
    async give(caller, recordId, { judgeId: named, value, author }) {
      await checkRecord(caller, recordId)
      const { judgeId, output } = await findJudge(caller, named)
      const { workspaceId } = caller
      const about = { id: newId(), workspaceId, judgeId, recordId: recordId.toLowerCase() }
      const label = { ...about, author, value: checkLabel(value, output, 'value'), createdAt: now() }
      if ((await store.put([label])) === 0) throw recordNotFound(recordId)
      return label
    },

    async list(caller, recordId, query) {
      await checkRecord(caller, recordId)
      return store.list(caller.workspaceId, recordId, query)
    },

    async remove(caller, recordId, id) {
      await checkRecord(caller, recordId)
      if ((await store.remove(caller.workspaceId, recordId, id)) === 'removed') return
      throw new AssizeError('label_not_found', `Record ${recordId} has no label ${id}.`)
    },

    async takeFromField(caller, datasetId, from) {
      const { workspaceId } = caller
      const through = await records.lastPlace(workspaceId, datasetId)
      if (through === undefined) throw datasetNotFound(datasetId)
      const { judgeId, output } = await findJudge(caller, from.judgeId)
      const tally = createTally()
      for (let stretch: Stretch = { after: 0, through }; ; ) {
        const read = await records.readOn(workspaceId, datasetId, stretch)
        if (read === undefined) throw datasetNotFound(datasetId)
        const last = read.at(-1)
        if (last === undefined) return tally.taken()
        const labels = read.flatMap((record) => tally.read(record, from, output))
        const whole = labels.map((label) => ({
          ...label,
          id: newId(),
          workspaceId,
          judgeId,
          createdAt: now(),
        }))
        for (let at = 0; at < whole.length; at += mostKept) {
          tally.keep(await store.put(whole.slice(at, at + mostKept)))
        }
        stretch = { after: last.place, through }
      }
    },
  }
}

/** Counts what becomes of each record. */
function createTally() {
  const refusals: { recordId: string; reason: string }[] = []
  const counts = { records: 0, taken: 0, without: 0, refused: 0 }
  return {
    taken: (): LabelsTaken => ({ ...counts, refusals }),
    keep(count: number): void {
      counts.taken += count
    },
    /** All labels of a record, or none of them where one is no answer of the judge. */
    read(
      record: DatasetRecord,
      { field, author }: LabelField,
      output: Output,
    ): Pick<Label, 'recordId' | 'author' | 'value'>[] {
      counts.records += 1
      const found = fieldOf(record, field)
      if (found === undefined) {
        counts.without += 1
        return []
      }
      try {
        return labelsIn(found, author).map((label) => ({
          recordId: record.id,
          author: label.author,
          value: checkLabel(label.value, output, field),
        }))
      } catch (error) {
        if (!(error instanceof AssizeError)) throw error
        counts.refused += 1
        if (refusals.length < mostRefusals) refusals.push({ recordId: record.id, reason: error.message })
        return []
      }
    },
  }
}
