import type { RecordStore } from '../datasets/dataset-store.ts'
import { toMaterial } from '../datasets/records.ts'
import type { Definition } from '../judges/definition.ts'
import type { Author, Judges } from '../judges/judges.ts'
import type { JudgedLabel } from './labelled-run.ts'
import type { LabelChoice, RunAgreements } from './run-agreements.ts'
import {
  type LabelledMaterial,
  type Suggestion,
  type SuggestionTools,
  suggestInstructions,
} from './suggest-instructions.ts'

export interface SuggestionsTools {
  readonly agreements: Pick<RunAgreements, 'judged'>
  readonly records: Pick<RecordStore, 'readRecords'>
  readonly judges: Pick<Judges, 'find'>
  readonly judgeMaterial: SuggestionTools['judgeMaterial']
}

/** How a suggestion is made. */
export interface SuggestionRequest
  extends LabelChoice,
    Omit<SuggestionTools, 'judgeMaterial' | 'workspaceId'> {
  /** Of the model that proposes; absent: the judge's own. */
  readonly modelName?: string
}

export interface RunSuggestion extends Suggestion {
  readonly judgeId: string
  readonly definition: Definition
  readonly modelName: string
}

/** The use case of improving a judge by a run whose records are labelled. */
export interface Suggestions {
  /**
   * Proposes instructions in the place of those of the run's revision, and measures them. Nothing is saved.
   * @throws AssizeError `run_not_found`, and what `suggestInstructions` throws
   */
  suggest(author: Author, runId: string, request: SuggestionRequest): Promise<RunSuggestion>
}

const readAtOnce = 200

/** @example createSuggestions({ agreements, records, judges, judgeMaterial }) */
export function createSuggestions({
  agreements,
  records,
  judges,
  judgeMaterial,
}: SuggestionsTools): Suggestions {
  async function withMaterial(
    { workspaceId }: Author,
    judged: readonly JudgedLabel[],
  ): Promise<readonly LabelledMaterial[]> {
    const found: LabelledMaterial[] = []
    for (let from = 0; from < judged.length; from += readAtOnce) {
      const part = new Map(judged.slice(from, from + readAtOnce).map((one) => [one.judgment.recordId, one]))
      for (const record of await records.readRecords(workspaceId, [...part.keys()])) {
        const one = part.get(record.id)
        if (one === undefined) continue
        const { judgment, label, answer } = one
        const { recordId, analysis } = judgment
        found.push({ recordId, material: toMaterial(record), label, answer, analysis })
      }
    }
    return found
  }

  return {
    async suggest(author, runId, { field, modelName: named, ...tools }) {
      const { run, judged } = await agreements.judged(author, runId, field === undefined ? {} : { field })
      const { judge } = await judges.find(author, run.revisionId)
      const { definition } = judge.revision
      const modelName = named ?? definition.modelName
      const labelled = await withMaterial(author, judged)
      const suggestion = await suggestInstructions(definition, labelled, modelName, {
        ...tools,
        judgeMaterial,
        workspaceId: author.workspaceId,
      })
      return { ...suggestion, judgeId: judge.id, definition, modelName }
    },
  }
}
