import { AssizeError } from '../errors.ts'
import type { Page } from '../judges/judge-store.ts'
import type { Author } from '../judges/judges.ts'
import type { ListedJudgment } from '../judging/judgment-store.ts'
import { type AnswerGroup, groupAnswers, groupStretches, mostNumbers } from './answer-counts.ts'
import { readAll } from './read-judgments.ts'
import type { Run } from './run.ts'
import type { RunJudgmentFilter, RunJudgmentQuery, RunJudgmentStore } from './run-judgment-store.ts'

/** What runs have made. Each throws `run_not_found`. */
export interface RunJudgments {
  /** In the order of the run. */
  listJudgments(author: Author, id: string, query: RunJudgmentQuery): Promise<Page<ListedJudgment>>
  /** Throws `judgment_not_found`. */
  findJudgment(author: Author, id: string, judgmentId: string): Promise<ListedJudgment>
  /** All of them in the order of the run, a few at a time. Throws at once. */
  readJudgments(
    author: Author,
    id: string,
    filter: RunJudgmentFilter,
  ): Promise<AsyncIterable<readonly ListedJudgment[]>>
  /** How often which answer was given. */
  countAnswers(author: Author, id: string): Promise<AnswerGroup[]>
}

/** @param find the run of an id, for who may see it */
export function createRunJudgments(
  made: RunJudgmentStore,
  find: (author: Author, id: string) => Promise<Run>,
): RunJudgments {
  return {
    async listJudgments(author, id, query) {
      return made.list((await find(author, id)).id, query)
    },

    async findJudgment(author, id, judgmentId) {
      const run = await find(author, id)
      const judgment = await made.find(run.id, judgmentId.toLowerCase())
      if (judgment !== undefined) return judgment
      throw new AssizeError('judgment_not_found', `There is no judgment ${judgmentId} in the run ${run.id}.`)
    },

    async readJudgments(author, id, filter) {
      return readAll(made, (await find(author, id)).id, filter)
    },

    async countAnswers(author, id) {
      const run = await find(author, id)
      const first = await made.countAnswers(run.id, mostNumbers + 1)
      if (first.length <= mostNumbers) return groupAnswers(first)
      // The judge's definition bounds options; nothing bounds how many different numbers there are.
      return typeof first[0]?.answer === 'number'
        ? groupStretches(await made.countStretches(run.id, mostNumbers))
        : groupAnswers(await made.countAnswers(run.id))
    },
  }
}
