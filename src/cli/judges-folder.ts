import type { Dirent } from 'node:fs'
import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { AssizeError } from '../errors.ts'
import type { JudgeFile } from '../judges/judge-match.ts'
import { type Fault, parseJudge } from './judges-parse.ts'
import { type FolderPlace, pathInFolder } from './judges-place.ts'
import { visibleText } from './visible-text.ts'

/** A file of a folder of judges. */
export interface FolderFile extends JudgeFile {
  /** Of the folder, and then in it: as it is told to people. */
  readonly shown: string
  readonly text: string
  /** Fields of it that mean nothing. */
  readonly unknownFields: readonly string[]
}

export interface JudgeFolder {
  readonly files: readonly FolderFile[]
  /** Of everything in it, in lower case: names that a new file can't have everywhere. */
  readonly takenPaths: ReadonlySet<string>
  /** A path in it, as it is told to people. */
  shownPath(path: string): string
}

/**
 * Reads every file of judges below a folder: what ends in .yaml or .yml, and is not hidden.
 * @throws AssizeError `request_invalid` with every fault of every file
 */
export async function readJudgeFolder({ folder, shown }: FolderPlace): Promise<JudgeFolder> {
  const files: FolderFile[] = []
  const faults: string[] = []
  const takenPaths = new Set<string>()
  for await (const { path, entry } of walk(folder, '', shown)) {
    takenPaths.add(path.toLowerCase())
    const place = join(shown, path)
    const isRead = /\.ya?ml$/i.test(path)
    if (!isRead && !(await isLinkToFolder(join(folder, path), entry))) continue
    const fault = placeFault(path, entry)
    if (fault !== undefined) {
      faults.push(visibleText(`${place}: ${fault}`))
      continue
    }
    const text = await readFile(join(folder, path), 'utf8')
    const parsed = parseJudge(text)
    if ('faults' in parsed) faults.push(...parsed.faults.map((fault) => faultLine(place, fault)))
    else files.push({ path, shown: place, text, ...parsed })
  }
  faults.push(...repeatedNames(files))
  if (faults.length > 0) throw new AssizeError('request_invalid', faults.join('\n'))
  return { files, takenPaths, shownPath: (path) => join(shown, path) }
}

/** Files behind it would be taken for gone. */
async function isLinkToFolder(path: string, entry: Dirent): Promise<boolean> {
  if (!entry.isSymbolicLink()) return false
  return stat(path).then(
    (target) => target.isDirectory(),
    () => false,
  )
}

function placeFault(path: string, entry: Dirent): string | undefined {
  if (!entry.isFile()) return 'expected a file or a folder, found something else, such as a symbolic link.'
  return pathInFolder.test(path)
    ? undefined
    : 'expected a name without colons, backslashes and control characters.'
}

/** Links are not followed, so that nothing outside of the folder is read or written. */
async function* walk(
  folder: string,
  below: string,
  shown: string,
): AsyncGenerator<{ readonly path: string; readonly entry: Dirent }> {
  const entries = await readdir(join(folder, below), { withFileTypes: true }).catch((error: Error) => {
    const place = visibleText(join(shown, below))
    throw new AssizeError('request_invalid', `${place} can't be read: ${error.message}`, { cause: error })
  })
  entries.sort((one, other) => (one.name < other.name ? -1 : 1))
  for (const entry of entries) {
    if (entry.name.startsWith('.') || entry.name === 'node_modules') continue
    const path = below === '' ? entry.name : `${below}/${entry.name}`
    yield { path, entry }
    if (entry.isDirectory()) yield* walk(folder, path, shown)
  }
}

function faultLine(place: string, { line, message }: Fault): string {
  const [first = '', ...others] = message.split('\n')
  return visibleText([`${place}:${line}: ${first.replace(/\.?$/, '.')}`, ...others].join(' '))
}

function repeatedNames(files: readonly FolderFile[]): readonly string[] {
  const seen = new Map<string, FolderFile>()
  return files.flatMap((file) => {
    const { name } = file.definition
    const first = seen.get(name)
    if (first === undefined) {
      seen.set(name, file)
      return []
    }
    const judge = JSON.stringify(name)
    return [
      visibleText(
        `${file.shown}: name: ${first.shown} has the judge ${judge} too; expected one file a judge.`,
      ),
    ]
  })
}
