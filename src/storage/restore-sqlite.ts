import { existsSync } from 'node:fs'
import { copyFile, link, mkdir, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { ConfigError } from '../config.ts'
import { refuseNewer } from './migrate.ts'
import { sqliteBusy } from './node-sqlite.ts'
import { readSqliteSchema } from './schema-state.ts'
import { type CopyOptions, copyWhole, syncFile } from './sqlite-copy.ts'

export interface RestoreOptions extends CopyOptions {
  /** Whether a database that is there may be put aside. */
  readonly mayReplace: boolean
  readonly now: Date
}

/**
 * Puts a backup in the place of a database. Whenever it is stopped, the place holds either what it held before or the
 * whole backup.
 * @returns what is missing of the schema, which the next start adds, and where the database that was there is now
 * @throws ConfigError where the backup is none, or is newer than this program, or the database may not be replaced, or
 * is in use
 * @throws AssizeError `database_unavailable` where the backup is damaged, or can't be copied
 */
export async function restoreSqlite(
  backupFile: string,
  path: string,
  options: RestoreOptions,
): Promise<{ missing: readonly string[]; keptAside: string | undefined }> {
  if (!existsSync(backupFile)) throw new ConfigError(`There is no file ${backupFile}.`)
  const schema = readSqliteSchema(backupFile)
  refuseNewer(schema.unknown)
  refuseToReplace(path, options.mayReplace)
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  const part = await copyWhole(backupFile, path, options)
  try {
    const keptAside = existsSync(path) ? await replace(path, part, options.now) : await place(path, part)
    await syncFile(dirname(path))
    return { missing: schema.missing, keptAside }
  } finally {
    await rm(part, { force: true })
  }
}

function refuseToReplace(path: string, mayReplace: boolean): void {
  if (!existsSync(path)) {
    if (!existsSync(`${path}-wal`)) return
    // SQLite would take this log for that of the backup.
    throw new ConfigError(`${path}-wal is there without its database. Move it away first.`)
  }
  if (!mayReplace) {
    throw new ConfigError(
      `There is a database ${path} already. Restore elsewhere with ASSIZE_DATABASE_URL=sqlite:PATH, or give --replace, which keeps it under another name.`,
    )
  }
  lockAlone(path).close()
}

async function place(path: string, part: string): Promise<undefined> {
  try {
    // Unlike a rename, this takes the place of nothing that was made meanwhile.
    await link(part, path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') {
      throw new ConfigError(`Somebody has made a database ${path} meanwhile. Nothing was restored.`)
    }
    await rename(part, path)
  }
}

/** The place is never empty: the old file gets a second name before the new one takes its first. */
async function replace(path: string, part: string, now: Date): Promise<string> {
  const aside = `${path}.before-restore-${now.toISOString().replaceAll(/[-:]|\.\d+/g, '')}`
  const old = lockAlone(path)
  try {
    await link(path, aside).catch(async (error: NodeJS.ErrnoException) => {
      if (error.code === 'EEXIST') throw new ConfigError(`${aside} is there already. Try again.`)
      await copyFile(path, aside)
      await syncFile(aside)
    })
    await rename(part, path)
    return aside
  } finally {
    old.close()
  }
}

/**
 * Locks out everyone else. What a log beside the file holds is in the file afterwards.
 * @throws ConfigError where somebody has the database open
 */
function lockAlone(path: string): DatabaseSync {
  const database = new DatabaseSync(path, { timeout: 1000 })
  try {
    // Everyone who has the file open holds a lock that this needs for itself.
    database.exec('pragma journal_mode = delete')
    database.exec('begin exclusive')
    return database
  } catch (error) {
    database.close()
    if ((error as { errcode?: unknown }).errcode !== sqliteBusy) {
      const reason = error instanceof Error ? error.message : String(error)
      throw new ConfigError(`${path} can't be put aside: ${reason}. Move it away by hand.`, { cause: error })
    }
    throw new ConfigError(
      `${path} is in use. Stop its servers, workers and commands first; nothing was restored.`,
      {
        cause: error,
      },
    )
  }
}
