import { AssizeError } from '../errors.ts'
import { type Definition, isSameDefinition } from './definition.ts'
import { checkInstructions } from './instructions.ts'
import type { FoundJudge, Judge, JudgeQuery, JudgeStore, Page } from './judge-store.ts'
import type { Revision } from './revision.ts'

/** On whose behalf something is done. */
export interface Author {
  readonly workspaceId: string
  readonly ownerId: string
}

export interface JudgesTools {
  readonly store: JudgeStore
  readonly now: () => Date
  /** A new UUID, version 7. */
  readonly newId: () => string
}

/** The use cases of judges. Every one sees the author's workspace and nothing else. */
export interface Judges {
  /** Throws `template_syntax`, `judge_name_taken`. */
  create(author: Author, definition: Definition): Promise<Judge>
  /** By a judge's id, or a revision's, which pins it. Throws `judge_not_found`. */
  find(author: Author, id: string): Promise<FoundJudge>
  list(author: Author, query: JudgeQuery): Promise<Page<Judge>>
  /**
   * Adds a revision. `isExpected` says of the latest revision's id whether the caller knew it; it is asked
   * again when another change came in between.
   * Throws `judge_not_found`, `revision_immutable`, `etag_mismatch`, `template_syntax`, `judge_unchanged`,
   * `judge_name_taken`.
   */
  replace(author: Author, id: string, definition: Definition, isExpected?: IsExpected): Promise<void>
  /** Throws `judge_not_found`, `revision_immutable`, `etag_mismatch`. */
  remove(author: Author, id: string, isExpected?: IsExpected): Promise<void>
  /** Newest first. Throws `judge_not_found`. */
  listRevisions(author: Author, id: string, page: number, pageSize: number): Promise<Page<Revision>>
}

export type IsExpected = (latestRevisionId: string) => boolean

/** @example createJudges({ store, now: () => new Date(), newId: uuidv7 }) */
export function createJudges({ store, now, newId }: JudgesTools): Judges {
  async function find(author: Author, id: string): Promise<FoundJudge> {
    const found = await store.find(author.workspaceId, id)
    if (found === undefined)
      throw new AssizeError('judge_not_found', `There is no judge ${id} in this workspace.`)
    return found
  }

  async function findLatest(author: Author, id: string, isExpected: IsExpected): Promise<Judge> {
    const { judge, isPinned } = await find(author, id)
    if (isPinned) {
      throw new AssizeError(
        'revision_immutable',
        `${id} is a revision of judge ${judge.id}, and revisions never change; expected the judge's id.`,
      )
    }
    if (!isExpected(judge.revision.id)) {
      throw new AssizeError(
        'etag_mismatch',
        `If-Match does not match: the latest revision of judge ${id} is ${judge.revision.id}. Read the judge again, then repeat the change.`,
      )
    }
    return judge
  }

  return {
    find,

    async create(author, definition) {
      checkInstructions(definition.instructions)
      const [id, revisionId] = [newId(), newId()]
      const createdAt = now()
      const { workspaceId, ownerId } = author
      const result = await store.insert({ id, workspaceId, ownerId, createdAt, revisionId, definition })
      if (result === 'name_taken') throw nameTaken(definition.name)
      return (await find(author, id)).judge
    },

    list: (author, query) => store.list(author.workspaceId, query),

    async replace(author, id, definition, isExpected = () => true) {
      for (;;) {
        const { revision } = await findLatest(author, id, isExpected)
        checkInstructions(definition.instructions)
        if (isSameDefinition(revision.definition, definition)) {
          throw new AssizeError(
            'judge_unchanged',
            `Judge ${id} has this definition already; nothing was changed.`,
          )
        }
        const result = await store.addRevision({
          ...author,
          judgeId: id,
          revisionId: newId(),
          createdAt: now(),
          definition,
          followsRevisionId: revision.id,
        })
        if (result === 'added') return
        if (result === 'name_taken') throw nameTaken(definition.name)
      }
    },

    async remove(author, id, isExpected = () => true) {
      for (;;) {
        const { revision } = await findLatest(author, id, isExpected)
        if ((await store.remove(author.workspaceId, id, revision.id, now())) === 'removed') return
      }
    },

    async listRevisions(author, id, page, pageSize) {
      const { judge } = await find(author, id)
      return store.listRevisions(author.workspaceId, judge.id, page, pageSize)
    },
  }
}

function nameTaken(name: string): AssizeError {
  return new AssizeError(
    'judge_name_taken',
    `name: another judge of this workspace is called ${JSON.stringify(name)}; expected a name of its own.`,
  )
}
