import { randomUUID } from 'node:crypto'
import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'

/** Writes a file whole or not at all, and its folder where there is none. */
export async function writeWholeFile(path: string, content: string): Promise<void> {
  const folder = dirname(path)
  await mkdir(folder, { recursive: true })
  // Hidden, so that what a crash leaves is taken for no judge.
  const temporary = join(folder, `.${basename(path)}.${randomUUID()}`)
  try {
    await writeFile(temporary, content, { flag: 'wx', flush: true })
    await rename(temporary, path)
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
}
