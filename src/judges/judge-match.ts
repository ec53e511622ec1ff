import type { Definition } from './definition.ts'

/** A judge as a file says it. */
export interface JudgeFile {
  /** In the folder, with slashes. */
  readonly path: string
  readonly definition: Definition
}

/** What a folder remembers of a file: the saved judge, and the revision that the file was last the same as. */
export interface JudgeLink {
  readonly path: string
  /** What the judge was called in that revision. */
  readonly name: string
  readonly judgeId: string
  readonly revisionId: string
  readonly downRevisionId: string | null
  /** Of the definition in that revision; see `digestOf`. */
  readonly digest: string
}

/** A living judge as it is saved. */
export interface ListedJudge {
  readonly id: string
  readonly definition: Definition
}

/** A living judge at its latest revision. */
export interface SavedJudge extends ListedJudge {
  readonly revisionId: string
  /** The revision before; null for the first. */
  readonly downRevisionId: string | null
}

export interface MatchedFile<Saved, File extends JudgeFile = JudgeFile> {
  readonly file: File
  /** Undefined where the file's judge is not saved. */
  readonly saved: Saved | undefined
  /** What is remembered of that judge; of one that lives no more where `saved` is undefined. */
  readonly link: JudgeLink | undefined
}

export interface Unmatched<Saved> {
  readonly saved: Saved
  /** Where the judge had a file once. */
  readonly link: JudgeLink | undefined
}

export interface Matches<Saved, File extends JudgeFile = JudgeFile, Other = Saved> {
  readonly files: readonly MatchedFile<Saved, File>[]
  /** Saved judges that no file says anything of. */
  readonly others: readonly Unmatched<Other>[]
}

/**
 * Finds the saved judge that each file is about. A judge is known by its name, which is unique among living ones and
 * the same on every server. What the folder remembers comes first, so that a judge stays the same one when its file
 * is moved (the name tells), or when the name in its file is changed (the path tells).
 * @param files with distinct paths and names
 */
export function matchJudges<Saved extends ListedJudge, File extends JudgeFile>(
  files: readonly File[],
  saved: readonly Saved[],
  links: readonly JudgeLink[],
): Matches<Saved, File> {
  const byId = new Map(saved.map((judge) => [judge.id, judge]))
  const byName = new Map(saved.map((judge) => [judge.definition.name, judge]))
  const ofPath = new Map(links.map((link) => [link.path, link]))
  const ofName = new Map(links.map((link) => [link.name, link]))
  const ofJudge = new Map(links.map((link) => [link.judgeId, link]))
  const linked = (link: JudgeLink | undefined): Saved | undefined => link && byId.get(link.judgeId)
  const rules: readonly ((file: JudgeFile) => Saved | undefined)[] = [
    ({ path, definition }) => {
      const link = ofPath.get(path)
      return link?.name === definition.name ? linked(link) : undefined
    },
    ({ definition }) => linked(ofName.get(definition.name)),
    ({ path }) => linked(ofPath.get(path)),
    ({ definition }) => byName.get(definition.name),
  ]
  const found = new Map<JudgeFile, Saved>()
  const taken = new Set<Saved>()
  for (const rule of rules) {
    for (const file of files) {
      const judge = found.has(file) ? undefined : rule(file)
      if (judge === undefined || taken.has(judge)) continue
      found.set(file, judge)
      taken.add(judge)
    }
  }
  const deadLink = ({ path, definition }: JudgeFile): JudgeLink | undefined =>
    [ofPath.get(path), ofName.get(definition.name)].find((link) => link && !byId.has(link.judgeId))
  return {
    files: files.map((file) => {
      const judge = found.get(file)
      return { file, saved: judge, link: judge ? ofJudge.get(judge.id) : deadLink(file) }
    }),
    others: saved
      .filter((judge) => !taken.has(judge))
      .map((judge) => ({ saved: judge, link: ofJudge.get(judge.id) })),
  }
}
