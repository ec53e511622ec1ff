import { AssizeError } from '../errors.ts'
import { isSameDefinition } from '../judges/definition.ts'
import { digestOf } from '../judges/definition-digest.ts'
import {
  type ListedJudge,
  type Matches,
  matchJudges,
  type SavedJudge,
  type Unmatched,
} from '../judges/judge-match.ts'
import { type FolderFile, type JudgeFolder, readJudgeFolder } from './judges-folder.ts'
import { type Links, readLinks } from './judges-links.ts'
import type { FolderPlace } from './judges-place.ts'
import type { JudgeSource, SourceJudge } from './judges-source.ts'

/** A folder of judges and where they are saved. */
export interface JudgesPlaces {
  readonly place: FolderPlace
  readonly source: JudgeSource
}

export interface Comparison<Other extends ListedJudge = ListedJudge> {
  readonly folder: JudgeFolder
  readonly matches: Matches<SavedJudge, FolderFile, Other>
  /** Undefined while no judge tells which workspace it is. */
  readonly links: Links | undefined
  readonly workspaceId: string | undefined
}

/**
 * Reads the files of a folder and finds their saved judges, each at its latest revision.
 * @param names of judges, or their ids; all where there is none
 * @throws AssizeError `request_invalid` with every fault of every file, `judge_not_found` for a name that nothing has;
 * RemoteError
 */
export async function compareJudges(
  { place, source }: JudgesPlaces,
  names: readonly string[],
): Promise<Comparison> {
  const folder = await readJudgeFolder(place)
  const { judges, workspaceId } = await source.list()
  const links = workspaceId === undefined ? undefined : await readLinks(place, workspaceId, source.name)
  const all = matchJudges(folder.files, judges, links?.all ?? [])
  forgetLost(links, all)
  const { files, others } = names.length === 0 ? all : choose(all, names)
  const read = await Promise.all(
    files.map(async ({ file, saved, link }) => {
      const isSame = saved && isSameDefinition(saved.definition, file.definition)
      // What is known to be the same needs no call of its own.
      if (isSame && link?.digest === digestOf(saved.definition)) {
        const { revisionId, downRevisionId } = link
        return { file, link, saved: { ...saved, revisionId, downRevisionId } }
      }
      return { file, link, saved: saved && (await source.read(saved.id)) }
    }),
  )
  return { folder, matches: { files: read, others }, links, workspaceId }
}

/** What is remembered of a judge that is gone, and whose file is gone, is of no use any more. */
function forgetLost(links: Links | undefined, { files, others }: Matches<ListedJudge, FolderFile>): void {
  const used = new Set([...files, ...others].map(({ link }) => link?.judgeId))
  for (const { judgeId } of links?.all ?? []) if (!used.has(judgeId)) links?.forget(judgeId)
}

/** The same, where those without a file that matter are at their latest revision too. */
export async function readOthers(
  source: JudgeSource,
  others: readonly Unmatched<ListedJudge>[],
): Promise<readonly Unmatched<SavedJudge>[]> {
  const read = await Promise.all(
    others.map(async ({ saved, link }) => ({ link, saved: await source.read(saved.id) })),
  )
  return read.flatMap(({ saved, link }) => (saved === undefined ? [] : [{ saved, link }]))
}

function choose(
  { files, others }: Matches<SourceJudge, FolderFile>,
  names: readonly string[],
): Matches<SourceJudge, FolderFile> {
  const wanted = new Set(names)
  const isWanted = (judge: SourceJudge | undefined) =>
    judge !== undefined && (wanted.has(judge.id) || wanted.has(judge.definition.name))
  const chosen = {
    files: files.filter(({ file, saved }) => wanted.has(file.definition.name) || isWanted(saved)),
    others: others.filter(({ saved }) => isWanted(saved)),
  }
  for (const { file } of chosen.files) wanted.delete(file.definition.name)
  for (const { saved } of [...chosen.files, ...chosen.others]) {
    if (saved !== undefined) for (const known of [saved.id, saved.definition.name]) wanted.delete(known)
  }
  const [missing] = wanted
  if (missing === undefined) return chosen
  throw new AssizeError(
    'judge_not_found',
    `Neither a file nor a saved judge is called ${JSON.stringify(missing)}; expected the whole name or the id of one.`,
  )
}
