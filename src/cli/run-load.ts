import { existsSync } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { AssizeError } from '../errors.ts'
import { fileLines } from './file-lines.ts'
import { ResultIndex } from './run-index.ts'
import { partOf } from './run-place.ts'
import { parseResult, type ResultLine } from './run-result.ts'
import type { Counted } from './run-totals.ts'

/** Results that are there when a run goes on. */
export interface Loaded {
  /** The file in order where it is there, and then the journal. */
  readonly files: readonly FileHandle[]
  readonly journal: FileHandle
  readonly journalBytes: number
  readonly index: ResultIndex
  /** Those without an answer, by line. */
  readonly failed: Map<number, Counted>
}

/**
 * Sees each result, and the one whose place it takes; `place` is its file.
 * Throws where the run that goes on is not the one that it is of.
 */
export type OnLoaded = (result: ResultLine, replaced: Counted | undefined, place: string) => void

/**
 * Reads what a run left, in order or not. The last line of the journal is cut off where it has no end: its record is
 * judged again.
 * @throws AssizeError `request_invalid` where the files hold something else
 */
export async function loadResults(path: string, onLoaded: OnLoaded): Promise<Loaded> {
  await using opened = new AsyncDisposableStack()
  const files: FileHandle[] = []
  if (existsSync(path)) files.push(opened.use(await open(path)))
  const journal = opened.use(await open(partOf(path), 'a+'))
  files.push(journal)
  const results = new LoadedResults(onLoaded)
  for (const [number, file] of files.entries()) {
    const isJournal = file === journal
    const name = isJournal ? partOf(path) : path
    let bytes = 0
    for await (const { text, offset, length, isEnded } of fileLines(file)) {
      if (isJournal && !isEnded) break
      bytes = offset + length + 1
      if (text.trim() === '') continue
      const result = parseResult(text)
      if (result === undefined) throw unreadable(name, offset)
      results.add(result, { file: number, offset, length }, name)
    }
    if (!isJournal) continue
    await journal.truncate(bytes)
    opened.move()
    return { files, journal, journalBytes: bytes, index: results.index, failed: results.failed }
  }
  throw new Error('There is always a journal.')
}

class LoadedResults {
  readonly index = new ResultIndex()
  readonly failed = new Map<number, Counted>()
  readonly #onLoaded: OnLoaded

  constructor(onLoaded: OnLoaded) {
    this.#onLoaded = onLoaded
  }

  add(result: ResultLine, place: Parameters<ResultIndex['add']>[1], name: string): void {
    const { line, outcome, answer, input_tokens, output_tokens, cost, input_fingerprint } = result
    const failure = this.failed.get(line)
    // An answer is never judged again: it stands twice where the process ended between two files.
    if (this.index.has(line) && failure === undefined) return
    this.#onLoaded(result, failure, name)
    this.index.add(line, place, input_fingerprint)
    if (outcome === 'answered') this.failed.delete(line)
    else this.failed.set(line, { outcome, answer, input_tokens, output_tokens, cost })
  }
}

function unreadable(name: string, offset: number): AssizeError {
  return new AssizeError(
    'request_invalid',
    `${name}: what begins at byte ${offset} is no result of a run; --resume goes on with files that this command wrote.`,
  )
}
