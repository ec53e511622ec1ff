import { AssizeError } from '../errors.ts'
import { changedFields, type DefinitionField } from './changed-fields.ts'
import { digestOf } from './definition-digest.ts'
import type { JudgeFile, JudgeLink, ListedJudge, MatchedFile, Matches, SavedJudge } from './judge-match.ts'

/**
 * Why a change would lose something. `changed_since`: another revision was saved after the one that the file was last
 * the same as; `file_outdated`: and the file was not changed at all; `never_pulled`: a judge of that name is saved that the folder has never held; `deleted_since`: the
 * judge was deleted; `name_taken`: another judge that stays has the name, which nothing can override.
 */
export type ConflictReason =
  | 'changed_since'
  | 'file_outdated'
  | 'never_pulled'
  | 'deleted_since'
  | 'name_taken'

export interface Create {
  readonly action: 'create'
  readonly file: JudgeFile
  /** What is overridden. */
  readonly despite?: ConflictReason
}

export interface Update {
  readonly action: 'update'
  readonly file: JudgeFile
  readonly saved: SavedJudge
  readonly fields: readonly DefinitionField[]
  readonly despite?: ConflictReason
}

export interface Delete {
  readonly action: 'delete'
  /** Where its file was. */
  readonly path: string
  readonly saved: SavedJudge
  readonly despite?: ConflictReason
}

export interface Unchanged {
  readonly action: 'unchanged'
  readonly file: JudgeFile
  readonly saved: SavedJudge
}

export interface Conflict {
  readonly action: 'conflict'
  readonly reason: ConflictReason
  readonly wanted: Create | Update | Delete
}

export type Change = Create | Update | Delete
export type Planned = Change | Unchanged | Conflict

export interface PlanChoices {
  /** Whether to override what was saved meanwhile. */
  readonly force: boolean
  /** Whether to delete judges whose file is gone. */
  readonly prune: boolean
}

/**
 * What has to be done so that the saved judges are as the files say. Judges that never had a file are left alone, and
 * so are those whose latest revision is not given.
 * @returns one for each file, and for each judge to be deleted, in an order in which no name is taken before it is free
 * @throws AssizeError `request_invalid` where judges exchange names, for which there is no such order
 */
export function planJudges(
  { files, others }: Matches<SavedJudge, JudgeFile, ListedJudge>,
  { force, prune }: PlanChoices,
): readonly Planned[] {
  const wanted: Wanted[] = files.map(planFile)
  const taken = new Set<string>()
  for (const { saved, link } of others) {
    if (prune && link !== undefined && isRead(saved)) wanted.push(planDelete(saved, link))
    else taken.add(saved.definition.name)
  }
  const all = wanted.map((one) => decide(one, force))
  const checked = all.map((one) => refuseTakenName(one, taken))
  return inOrder(checked)
}

interface Wanted {
  readonly change: Change | Unchanged
  readonly reason: ConflictReason | undefined
}

function planFile({ file, saved, link }: MatchedFile<SavedJudge>): Wanted {
  if (saved === undefined) {
    return { change: { action: 'create', file }, reason: link && 'deleted_since' }
  }
  const fields = changedFields(saved.definition, file.definition)
  if (fields.length === 0) return { change: { action: 'unchanged', file, saved }, reason: undefined }
  const change: Update = { action: 'update', file, saved, fields }
  if (link === undefined) return { change, reason: 'never_pulled' }
  const isOutdated = isChangedSince(saved, link) && digestOf(file.definition) === link.digest
  return { change, reason: isOutdated ? 'file_outdated' : changedSince(saved, link) }
}

function isRead(judge: ListedJudge): judge is SavedJudge {
  return 'revisionId' in judge
}

function planDelete(saved: SavedJudge, link: JudgeLink): Wanted {
  return { change: { action: 'delete', path: link.path, saved }, reason: changedSince(saved, link) }
}

/** Whether a judge differs from the revision that is remembered; whoever changed it back has left nothing to lose. */
export function isChangedSince(saved: SavedJudge, link: JudgeLink): boolean {
  return saved.revisionId !== link.revisionId && digestOf(saved.definition) !== link.digest
}

function changedSince(saved: SavedJudge, link: JudgeLink): ConflictReason | undefined {
  return isChangedSince(saved, link) ? 'changed_since' : undefined
}

function decide({ change, reason }: Wanted, force: boolean): Planned {
  if (reason === undefined || change.action === 'unchanged') return change
  return force ? { ...change, despite: reason } : { action: 'conflict', reason, wanted: change }
}

function refuseTakenName(planned: Planned, taken: ReadonlySet<string>): Planned {
  const name = takenName(planned)
  if (name === undefined || !taken.has(name) || planned.action === 'unchanged') return planned
  const wanted = planned.action === 'conflict' ? planned.wanted : planned
  return { action: 'conflict', reason: 'name_taken', wanted }
}

/** What a change calls a judge that was not called so. */
function takenName(planned: Planned): string | undefined {
  const change = planned.action === 'conflict' ? planned.wanted : planned
  if (change.action === 'create') return change.file.definition.name
  const isRenamed = change.action === 'update' && change.fields.includes('name')
  return isRenamed ? change.file.definition.name : undefined
}

function freedName(planned: Planned): string | undefined {
  const change = planned.action === 'conflict' ? planned.wanted : planned
  if (change.action === 'delete') return change.saved.definition.name
  const isRenamed = change.action === 'update' && change.fields.includes('name')
  return isRenamed ? change.saved.definition.name : undefined
}

/** As they are, but that what frees a name comes before what takes it. */
function inOrder(all: readonly Planned[]): readonly Planned[] {
  const freeing = new Map(all.map((planned) => [freedName(planned), planned]))
  const done = new Set<Planned>()
  const waiting = new Set<Planned>()
  function visit(planned: Planned): void {
    if (done.has(planned)) return
    if (waiting.has(planned)) throw exchanged([...waiting])
    waiting.add(planned)
    const name = takenName(planned)
    const before = name === undefined ? undefined : freeing.get(name)
    if (before !== undefined) visit(before)
    waiting.delete(planned)
    done.add(planned)
  }
  for (const planned of all) visit(planned)
  return [...done]
}

function exchanged(planned: readonly Planned[]): AssizeError {
  const names = planned.map((one) => JSON.stringify(takenName(one))).join(', ')
  return new AssizeError(
    'request_invalid',
    `The judges ${names} exchange their names, which can't be done one after the other; expected one of them to get a name that is free first.`,
  )
}
