import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type KeepReason, type Pulled, planPull } from '../judges/pull-plan.ts'
import type { Io } from './commands.ts'
import { compareJudges, type JudgesPlaces, readOthers } from './judges-compare.ts'
import type { FolderFile, JudgeFolder } from './judges-folder.ts'
import type { Links } from './judges-links.ts'
import { fileNameOf } from './judges-slug.ts'
import { writeWholeFile } from './judges-write-file.ts'
import { rewriteJudge, writeJudge } from './judges-yaml.ts'
import { visibleText } from './visible-text.ts'

export interface PullRequest extends JudgesPlaces {
  readonly names: readonly string[]
  /** Whether to overwrite what was changed in files. */
  readonly force: boolean
  /** Whether to remember what is saved also where the file is kept, so that it can be applied. */
  readonly keep: boolean
  /** Whether to delete the files of judges that were deleted. */
  readonly prune: boolean
}

/**
 * Makes the files be as the saved judges, and says of each what was done. Gives the exit code: 1 when a file was kept
 * that is not as its judge and misses something of it.
 * @throws AssizeError, RemoteError
 */
export async function pullJudges(request: PullRequest, io: Io): Promise<number> {
  const { place, source, names, force } = request
  const { folder, matches, links } = await compareJudges(request, names)
  const others = await readOthers(source, matches.others)
  const pulled = planPull({ files: matches.files, others }, force)
  const puller: Puller = { ...request, folder, links, takenPaths: new Set(folder.takenPaths) }
  let [written, misses] = [0, false]
  try {
    for (const one of pulled) {
      const { told, isWritten = false, isMissed = false } = await pull(one, puller)
      if (told !== undefined) io.stdout.write(`${visibleText(told)}\n`)
      if (isWritten) written += 1
      misses ||= isMissed
    }
  } finally {
    await links?.save()
  }
  const same = pulled.filter(({ action }) => action === 'same').length
  io.stdout.write(`${written} written, ${same} unchanged, in ${visibleText(place.shown)}.\n`)
  return misses ? 1 : 0
}

interface Puller extends PullRequest {
  readonly folder: JudgeFolder
  readonly links: Links | undefined
  /** Files that there are, in lower case. */
  readonly takenPaths: Set<string>
}

interface Result {
  /** Undefined where there is nothing to say. */
  readonly told?: string
  readonly isWritten?: boolean
  /** Whether something is saved that the files do not have. */
  readonly isMissed?: boolean
}

async function pull(one: Pulled<FolderFile>, puller: Puller): Promise<Result> {
  const { place, links, folder } = puller
  switch (one.action) {
    case 'write': {
      const path = newPath(one.path, one.saved.definition.name, puller)
      await writeWholeFile(join(place.folder, path), writeJudge(one.saved.definition))
      links?.set(path, one.saved)
      return { told: `wrote ${folder.shownPath(path)} (${one.saved.definition.name})`, isWritten: true }
    }
    case 'rewrite': {
      const { file, saved, fields } = one
      await writeWholeFile(join(place.folder, file.path), rewriteJudge(file.text, saved.definition))
      links?.set(file.path, saved)
      return { told: `wrote ${file.shown} (${fields.join(', ')})`, isWritten: true }
    }
    case 'same':
      links?.set(one.file.path, one.saved)
      return {}
    case 'keep':
      return keepFile(one, puller)
    case 'gone':
      return removeFile(one, puller)
  }
}

const keepReasons: Readonly<Record<KeepReason, string>> = {
  edited: 'it has changes that were not applied',
  edited_both: 'it has changes that were not applied, and its judge was changed too',
  never_pulled: 'it differs from the saved judge of its name, which was never pulled',
}

function keepFile(
  { file, saved, reason }: Extract<Pulled<FolderFile>, { action: 'keep' }>,
  { keep, links }: Puller,
): Result {
  const told = `kept ${file.shown}: ${keepReasons[reason]}`
  if (reason === 'edited') return { told }
  if (!keep)
    return {
      told: `${told}; --force overwrites the file, --keep lets apply override the judge`,
      isMissed: true,
    }
  links?.set(file.path, saved)
  return { told: `${told}; apply will override it` }
}

/** Where the judge had its file; else a file of its own name that is not there yet. */
function newPath(before: string | undefined, name: string, { takenPaths }: Puller): string {
  const isFree = before !== undefined && !takenPaths.has(before.toLowerCase())
  const path = isFree ? before : fileNameOf(name, takenPaths)
  takenPaths.add(path.toLowerCase())
  return path
}

async function removeFile(
  { file, link, isEdited }: Extract<Pulled<FolderFile>, { action: 'gone' }>,
  { place, links, prune, force, keep }: Puller,
): Promise<Result> {
  const what = `${file.shown}: its judge was deleted`
  if (keep) {
    links?.forget(link.judgeId)
    return { told: `kept ${what}; apply will make it again` }
  }
  if (!prune) return { told: `kept ${what}; --prune deletes the file, --keep lets apply make it again` }
  if (isEdited && !force) {
    return {
      told: `kept ${what}, and it has changes that were not applied; --force deletes it`,
      isMissed: true,
    }
  }
  await rm(join(place.folder, file.path))
  links?.forget(link.judgeId)
  return { told: `deleted ${what}` }
}
