import type { Definition } from '../judges/definition.ts'
import type { ListedJudge, SavedJudge } from '../judges/judge-match.ts'

export interface SourceJudge extends ListedJudge {
  readonly updatedAt: Date
}

export interface LatestJudge extends SavedJudge {
  readonly workspaceId: string
}

export interface Listing {
  readonly judges: readonly SourceJudge[]
  /** Undefined where no judge is there to tell. */
  readonly workspaceId: string | undefined
}

/**
 * Where judges are saved: a workspace of the local database, or that of a key on a server. What fails throws AssizeError
 * or RemoteError.
 */
export interface JudgeSource extends AsyncDisposable {
  /** For people. */
  readonly name: string
  /** All living judges, by name. */
  list(): Promise<Listing>
  /** Undefined where no such judge lives any more. */
  read(judgeId: string): Promise<LatestJudge | undefined>
  create(definition: Definition): Promise<LatestJudge>
  /** Saves the next revision, unless there is one after the `revisionId` of `saved` already. */
  replace(saved: SavedJudge, definition: Definition): Promise<LatestJudge>
  /** Deletes a judge, unless there is a revision after the `revisionId` of `saved`. */
  remove(saved: SavedJudge): Promise<void>
}

interface JudgePage {
  readonly judges: readonly (SourceJudge & { readonly workspaceId: string })[]
  /** How many there are on all pages together. */
  readonly count: number
}

const pageSize = 100
const maxReadings = 5

/**
 * Reads a list page by page. Who deletes a judge meanwhile moves another one over the edge of a page; the list is read
 * again until it stays as long as it said, and holds as many.
 */
export async function readListing(
  readPage: (page: number, pageSize: number) => Promise<JudgePage>,
): Promise<Listing> {
  for (let reading = 1; ; reading += 1) {
    const found = new Map<string, JudgePage['judges'][number]>()
    const counts = new Set<number>()
    for (let [page, count] = [1, 1]; (page - 1) * pageSize < count; page += 1) {
      const answer = await readPage(page, pageSize)
      count = answer.count
      counts.add(count)
      for (const judge of answer.judges) found.set(judge.id, judge)
    }
    const isWhole = counts.size === 1 && counts.has(found.size)
    if (!isWhole && reading < maxReadings) continue
    const judges = [...found.values()].sort((one, other) => compare(nameOf(one), nameOf(other)))
    return { judges, workspaceId: judges[0]?.workspaceId }
  }
}

function nameOf({ definition }: ListedJudge): string {
  return definition.name
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0
}
