import type { ListedJudgment } from '../judging/judgment-store.ts'
import type { RunJudgmentFilter, RunJudgmentStore } from './run-judgment-store.ts'

/** A run's judgments in the order of its items, a few at a time. Reads on only when it is asked for more. */
export async function* readAll(
  made: RunJudgmentStore,
  runId: string,
  filter: RunJudgmentFilter,
): AsyncGenerator<readonly ListedJudgment[], void> {
  for (let after = 0; ; ) {
    const judgments = await made.readOn(runId, filter, after)
    const last = judgments.at(-1)
    if (last === undefined) return
    yield judgments
    after = last.run?.itemNumber ?? Infinity
  }
}
