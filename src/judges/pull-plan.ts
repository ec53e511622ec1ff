import { changedFields, type DefinitionField } from './changed-fields.ts'
import { digestOf } from './definition-digest.ts'
import type { JudgeFile, JudgeLink, MatchedFile, Matches, SavedJudge } from './judge-match.ts'
import { isChangedSince } from './judge-plan.ts'

/**
 * Why a file stays as it is. `edited`: it was changed here, and its judge was not; `edited_both`: its judge was changed
 * too; `never_pulled`: it and the judge of its name were never the same.
 */
export type KeepReason = 'edited' | 'edited_both' | 'never_pulled'

/** A judge that has no file, and gets one. */
export interface WriteNew {
  readonly action: 'write'
  readonly saved: SavedJudge
  /** Where it had a file once. */
  readonly path: string | undefined
}

export interface Rewrite<File> {
  readonly action: 'rewrite'
  readonly file: File
  readonly saved: SavedJudge
  readonly fields: readonly DefinitionField[]
}

export interface Keep<File> {
  readonly action: 'keep'
  readonly file: File
  readonly saved: SavedJudge
  readonly reason: KeepReason
}

export interface Same<File> {
  readonly action: 'same'
  readonly file: File
  readonly saved: SavedJudge
}

/** A file whose judge was deleted; `isEdited` also where nobody can tell. */
export interface Gone<File> {
  readonly action: 'gone'
  readonly file: File
  readonly link: JudgeLink
  readonly isEdited: boolean
}

export type Pulled<File> = WriteNew | Rewrite<File> | Keep<File> | Same<File> | Gone<File>

/**
 * What has to be done so that the files are as the saved judges, without losing what was changed in files.
 * @param force whether to lose it
 */
export function planPull<File extends JudgeFile>(
  { files, others }: Matches<SavedJudge, File>,
  force: boolean,
): readonly Pulled<File>[] {
  return [
    ...files.flatMap((matched) => pullFile(matched, force) ?? []),
    ...others.map(({ saved, link }) => ({ action: 'write' as const, saved, path: link?.path })),
  ]
}

function pullFile<File extends JudgeFile>(
  { file, saved, link }: MatchedFile<SavedJudge, File>,
  force: boolean,
): Pulled<File> | undefined {
  const isEdited = link?.digest !== digestOf(file.definition)
  if (saved === undefined) return link && { action: 'gone', file, link, isEdited }
  const fields = changedFields(file.definition, saved.definition)
  if (fields.length === 0) return { action: 'same', file, saved }
  if (force || !isEdited) return { action: 'rewrite', file, saved, fields }
  const reason = link === undefined ? 'never_pulled' : isChangedSince(saved, link) ? 'edited_both' : 'edited'
  return { action: 'keep', file, saved, reason }
}
