import { AssizeError } from '../errors.ts'
import type { Definition } from '../judges/definition.ts'
import type { Page } from '../judges/judge-store.ts'
import type { Author } from '../judges/judges.ts'
import { type Run, runNotFound } from '../runs/run.ts'
import type { RunStore } from '../runs/run-store.ts'
import { type ComparedSide, toComparedOutput, whyIncomparable } from './comparability.ts'
import { compareRuns } from './compare-runs.ts'
import type { ComparedRecord, Flip, FlippedJudgment, RunComparison } from './run-comparison.ts'
import type { RunComparisonStore } from './run-comparison-store.ts'

export interface RunComparisonsTools {
  readonly runs: Pick<RunStore, 'find'>
  readonly store: RunComparisonStore
}

export interface ComparedRuns {
  readonly first: Run
  readonly second: Run
  readonly comparison: RunComparison
}

/** The use cases of comparing two runs. Every one sees the author's workspace and nothing else. */
export interface RunComparisons {
  /**
   * Both as they stand: of a run that is under way, what it has judged so far.
   * @param mostFlips how many of the flips to show, the largest changes first
   * @throws AssizeError `run_not_found`; `request_invalid` where both are the same run
   */
  compare(author: Author, firstId: string, secondId: string, mostFlips: number): Promise<ComparedRuns>
  /**
   * All flips, in the order of the first run.
   * @param page from 1
   * @param pageSize 0 to 100
   * @throws AssizeError `run_not_found`; `request_invalid` where both are the same run, or can't be compared
   */
  listFlips(
    author: Author,
    firstId: string,
    secondId: string,
    page: number,
    pageSize: number,
  ): Promise<Page<Flip>>
}

interface RunSide extends ComparedSide {
  readonly run: Run
}

/** @example createRunComparisons({ runs, store }) */
export function createRunComparisons({ runs, store }: RunComparisonsTools): RunComparisons {
  async function findSide({ workspaceId }: Author, id: string): Promise<RunSide> {
    const run = await runs.find(workspaceId, id)
    const definition = run && (await store.findDefinition(run.revisionId))
    if (run === undefined || definition === undefined) throw runNotFound(id)
    return { run, output: toComparedOutput(definition.output), traits: traitsOf(run, definition) }
  }

  async function findSides(
    author: Author,
    firstId: string,
    secondId: string,
  ): Promise<{ first: RunSide; second: RunSide }> {
    const [first, second] = [await findSide(author, firstId), await findSide(author, secondId)]
    if (first.run.id !== second.run.id) return { first, second }
    throw new AssizeError('request_invalid', `with: expected another run than ${firstId} itself.`)
  }

  return {
    async compare(author, firstId, secondId, mostFlips) {
      const { first, second } = await findSides(author, firstId, secondId)
      const records = readRecords(store, first.run.id, second.run.id)
      const compared = await compareRuns({ first, second, mostFlips }, records)
      return { first: first.run, second: second.run, comparison: await explainComparison(store, compared) }
    },

    async listFlips(author, firstId, secondId, page, pageSize) {
      const { first, second } = await findSides(author, firstId, secondId)
      const reason = whyIncomparable(first.output, second.output)
      if (reason !== undefined) {
        throw new AssizeError(
          'request_invalid',
          `with: ${secondId} can't be compared with ${firstId}: ${reason}.`,
        )
      }
      const [from, to] = [(page - 1) * pageSize, page * pageSize]
      const items: Flip[] = []
      let count = 0
      for (let after = 0; ; ) {
        const { flips, lastItem } = await store.readFlips(first.run.id, second.run.id, after)
        if (lastItem === undefined) break
        items.push(...flips.slice(Math.max(0, from - count), Math.max(0, to - count)))
        count += flips.length
        after = lastItem
      }
      return { items: await explainFlips(store, items), count }
    },
  }
}

/** Every record of the first run, then those that only the second has. */
async function* readRecords(
  store: RunComparisonStore,
  firstId: string,
  secondId: string,
): AsyncGenerator<ComparedRecord> {
  let inBoth = 0
  for await (const record of readPairs(store, firstId, secondId)) {
    if (record.second !== undefined) inBoth += 1
    yield record
  }
  if ((await store.countItems(secondId)) === inBoth) return
  for await (const record of readPairs(store, secondId, firstId)) {
    if (record.second === undefined) yield { ...record, first: undefined, second: record.first }
  }
}

async function* readPairs(
  store: RunComparisonStore,
  runId: string,
  otherRunId: string,
): AsyncGenerator<ComparedRecord> {
  for (let after = 0; ; ) {
    const records = await store.readPairs(runId, otherRunId, after)
    const last = records.at(-1)
    if (last === undefined) return
    yield* records
    after = last.itemNumber
  }
}

async function explainComparison(
  store: RunComparisonStore,
  comparison: RunComparison,
): Promise<RunComparison> {
  const { answers } = comparison
  if (answers === undefined) return comparison
  const largest = await explainFlips(store, answers.flips.largest)
  return { ...comparison, answers: { ...answers, flips: { ...answers.flips, largest } } }
}

/** Reads what the judgments say, which is too long to be read of every record. */
async function explainFlips(store: RunComparisonStore, flips: readonly Flip[]): Promise<readonly Flip[]> {
  const ids = flips.flatMap(({ first, second }) => [first.id, second.id]).filter((id) => id !== null)
  const analyses = await store.findAnalyses(ids)
  const explained = (judgment: FlippedJudgment): FlippedJudgment => ({
    ...judgment,
    analysis: (judgment.id === null ? undefined : analyses.get(judgment.id)) ?? null,
  })
  return flips.map((flip) => ({ ...flip, first: explained(flip.first), second: explained(flip.second) }))
}

/** What may differ between two runs, apart from what their judgments tell. */
function traitsOf(run: Run, definition: Definition): ComparedSide['traits'] {
  return {
    judge: run.judgeId,
    revision: run.revisionId,
    model: definition.modelName,
    instructions: definition.instructions,
    output: JSON.stringify(definition.output),
    tools: definition.tools.join(', '),
    samples: String(run.samples),
    dataset: run.datasetId,
    filter: run.filter && JSON.stringify(run.filter),
  }
}
