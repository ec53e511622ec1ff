import { AssizeError } from '../errors.ts'
import type { Page } from '../judges/judge-store.ts'
import type { Author, Judges } from '../judges/judges.ts'
import type { JudgmentRecord } from './judgment.ts'
import type { JudgmentPageQuery, JudgmentStore, JudgmentsOf, ListedJudgment } from './judgment-store.ts'

export interface JudgmentsTools {
  readonly judges: Pick<Judges, 'find'>
  readonly store: JudgmentStore
}

/**
 * The use cases of the judgments that are kept of live judging. Each takes the id of a judge in the author's
 * workspace, or of one of its revisions, which means the judgments of that revision alone; each throws
 * `judge_not_found`.
 */
export interface Judgments {
  /**
   * Newest first.
   * @throws AssizeError `request_invalid` where `judgeId` is one revision's and `revisionId` another's
   */
  list(
    author: Author,
    judgeId: string,
    query: Omit<JudgmentPageQuery, 'judgeId'>,
  ): Promise<Page<ListedJudgment>>
  /** Throws `judgment_not_found`. */
  find(author: Author, judgeId: string, id: string): Promise<JudgmentRecord>
  /** Throws `judgment_not_found`. */
  remove(author: Author, judgeId: string, id: string): Promise<void>
  /** Deletes those that were made before a time, and tells how many they were. */
  removeOlder(author: Author, judgeId: string, before: Date): Promise<number>
}

/** @example createJudgments({ judges, store }) */
export function createJudgments({ judges, store }: JudgmentsTools): Judgments {
  async function of(author: Author, judgeId: string): Promise<JudgmentsOf> {
    const { judge, isPinned } = await judges.find(author, judgeId)
    return { judgeId: judge.id, ...(isPinned && { revisionId: judge.revision.id }) }
  }

  return {
    async list(author, judgeId, query) {
      const asked = await of(author, judgeId)
      const { revisionId = asked.revisionId } = query
      if (asked.revisionId !== undefined && revisionId?.toLowerCase() !== asked.revisionId) {
        throw new AssizeError(
          'request_invalid',
          `revision_id: expected ${asked.revisionId}, the revision that the path names, or nothing, found ${revisionId}.`,
        )
      }
      return store.list({ ...query, ...asked, ...(revisionId !== undefined && { revisionId }) })
    },

    async find(author, judgeId, id) {
      const found = await store.findOf(await of(author, judgeId), id)
      if (found === undefined) throw judgmentNotFound(judgeId, id)
      return found
    },

    async remove(author, judgeId, id) {
      if ((await store.remove(await of(author, judgeId), id)) === 'missing') {
        throw judgmentNotFound(judgeId, id)
      }
    },

    async removeOlder(author, judgeId, before) {
      return store.removeOlder(before, await of(author, judgeId))
    },
  }
}

function judgmentNotFound(judgeId: string, id: string): AssizeError {
  return new AssizeError(
    'judgment_not_found',
    `There is no judgment ${id} of ${judgeId} here; those of runs are with their runs.`,
  )
}
