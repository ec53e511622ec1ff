import { randomUUID } from 'node:crypto'
import { open, rm } from 'node:fs/promises'
import { backup, DatabaseSync } from 'node:sqlite'
import { AssizeError } from '../errors.ts'

/** How far a copy is: pages of the database. */
export type OnCopied = (copied: number, total: number) => void

export interface CopyOptions {
  readonly onCopied: OnCopied
  readonly stop: AbortSignal
}

/** Enough for a step to be quick, and for a bar to move. */
const pagesPerStep = 2000

/**
 * Copies a database that others may be writing to, as it is at one moment, into a new file beside `target`, and checks
 * the copy. Whoever calls moves it to its place.
 * @param source the path of a database file
 * @param target where the copy is to be in the end; nothing is written there
 * @returns the path of the copy: one file, on disk, which only its owner may read
 * @throws AssizeError `database_unavailable` where the source can't be read, or the copy is not whole
 */
export async function copyWhole(
  source: string,
  target: string,
  { onCopied, stop }: CopyOptions,
): Promise<string> {
  const part = `${target}.${randomUUID()}.part`
  // Made before SQLite opens it, which would let everyone read it.
  await (await open(part, 'wx', 0o600)).close()
  try {
    await copyPages(source, part, { onCopied, stop })
    stop.throwIfAborted()
    makeOneFile(part)
    await syncFile(part)
    return part
  } catch (error) {
    for (const suffix of ['', '-wal', '-shm', '-journal']) await rm(part + suffix, { force: true })
    if (stop.aborted) throw error
    throw new AssizeError(
      'database_unavailable',
      `${source} can't be copied to ${target}: ${error instanceof Error ? error.message : String(error)}.`,
      { cause: error },
    )
  }
}

async function copyPages(source: string, part: string, { onCopied, stop }: CopyOptions): Promise<void> {
  const database = new DatabaseSync(source, { readOnly: true, timeout: 10_000 })
  try {
    // A transaction that reads holds on to what was there when it began: the copy would begin anew at each write else.
    database.exec('begin')
    database.prepare('select count(*) from sqlite_schema').get()
    await backup(database, part, {
      rate: pagesPerStep,
      progress: ({ totalPages, remainingPages }) => {
        stop.throwIfAborted()
        onCopied(totalPages - remainingPages, totalPages)
      },
    })
  } finally {
    database.close()
  }
}

/** Leaves no log beside the file, and checks all of it. */
function makeOneFile(path: string): void {
  const database = new DatabaseSync(path)
  try {
    database.exec('pragma journal_mode = delete')
    refuseDamaged(database)
  } finally {
    database.close()
  }
}

/** Throws an Error that says what is damaged. */
function refuseDamaged(database: DatabaseSync): void {
  const [first] = database.prepare('pragma integrity_check(1)').all()
  if (first?.integrity_check !== 'ok') throw new Error(`the copy is damaged: ${first?.integrity_check}`)
  const [orphan] = database.prepare('pragma foreign_key_check').all()
  if (orphan !== undefined) throw new Error(`the copy has rows in ${orphan.table} that belong to nothing`)
}

/** Has a file, or what a folder lists, on disk. */
export async function syncFile(path: string): Promise<void> {
  const file = await open(path, 'r')
  try {
    await file.sync()
  } finally {
    await file.close()
  }
}
