import { setImmediate as nextTurn } from 'node:timers/promises'
import { createLabels, type Labels, type LabelsTools } from './agreement/labels.ts'
import { createRunAgreements, type RunAgreements } from './agreement/run-agreements.ts'
import { createRunComparisons, type RunComparisons } from './agreement/run-comparisons.ts'
import { createSuggestions, type Suggestions, type SuggestionsTools } from './agreement/suggestions.ts'
import { LabelRows } from './storage/label-rows.ts'
import type { Database } from './storage/open-database.ts'
import { RecordRows } from './storage/record-rows.ts'
import { RunComparisonRows } from './storage/run-comparison-rows.ts'
import { RunLabelRows } from './storage/run-label-rows.ts'
import { RunRows } from './storage/run-rows.ts'

export interface AgreementServices {
  readonly labels: Labels
  readonly agreements: RunAgreements
  readonly suggestions: Suggestions
  readonly comparisons: RunComparisons
}

type Tools = Pick<LabelsTools, 'judges' | 'now' | 'newId'> & Pick<SuggestionsTools, 'judgeMaterial'>

/** Labels, and what runs are measured by: labels, and other runs. */
export function createAgreementServices(
  database: Database,
  { judges, now, newId, judgeMaterial }: Tools,
): AgreementServices {
  const records = new RecordRows(database)
  const runs = new RunRows(database)
  const agreements = createRunAgreements({
    runs,
    judges,
    store: new RunLabelRows(database),
    pause: async () => {
      await nextTurn()
    },
  })
  return {
    labels: createLabels({ store: new LabelRows(database), records, judges, now, newId }),
    agreements,
    suggestions: createSuggestions({ agreements, records, judges, judgeMaterial }),
    comparisons: createRunComparisons({ runs, store: new RunComparisonRows(database) }),
  }
}
