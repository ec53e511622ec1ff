import { existsSync } from 'node:fs'
import { rename, rm, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { ConfigError } from '../config.ts'
import { readSqliteSchema } from './schema-state.ts'
import { type CopyOptions, copyWhole, syncFile } from './sqlite-copy.ts'

/**
 * Copies a database file, which may be in use, to a new file, which is there only once it is whole.
 * @returns the size of the copy in bytes
 * @throws ConfigError where there is no database, or there is something at `target` already
 * @throws AssizeError `database_unavailable` where the database can't be read, or the copy not be written
 */
export async function backUpSqlite(path: string, target: string, options: CopyOptions): Promise<number> {
  if (!existsSync(path)) throw new ConfigError(`There is no database ${path} to back up.`)
  if (existsSync(target))
    throw new ConfigError(`${target} is there already. Name a file that is not, or remove it.`)
  if (!existsSync(dirname(target))) throw new ConfigError(`There is no folder ${dirname(target)}.`)
  readSqliteSchema(path)
  const part = await copyWhole(path, target, options)
  try {
    await rename(part, target)
  } catch (error) {
    await rm(part, { force: true })
    throw error
  }
  await syncFile(dirname(target))
  return (await stat(target)).size
}
