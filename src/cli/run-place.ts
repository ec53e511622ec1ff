import { existsSync } from 'node:fs'
import { open, realpath, rm, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { AssizeError } from '../errors.ts'
import { lockFile } from '../models/local/file-lock.ts'
import { UsageError } from './usage-error.ts'

/** Of results that are not in order yet. */
export function partOf(path: string): string {
  return `${path}.part`
}

/**
 * Takes a file of results for this process alone.
 * @returns the file to replace, also where the path is a link to it; disposing gives it back
 * @throws UsageError where it can't be one, or another process is at it
 */
export async function takePlace(path: string): Promise<{ readonly path: string } & AsyncDisposable> {
  const found = await stat(path).catch(() => undefined)
  if (found !== undefined && !found.isFile()) {
    throw new UsageError(`--out is ${JSON.stringify(path)}, which is no file; expected the name of one.`)
  }
  const folder = await stat(dirname(path)).catch(() => undefined)
  if (!folder?.isDirectory())
    throw new UsageError(`--out is ${JSON.stringify(path)}; there is no such folder.`)
  const real = found === undefined ? path : await realpath(path)
  const lockPath = `${real}.lock`
  const lock = await lockResults(real, lockPath)
  return {
    path: real,
    async [Symbol.asyncDispose]() {
      await rm(lockPath, { force: true })
      lock[Symbol.dispose]()
    },
  }
}

async function lockResults(path: string, lockPath: string): Promise<Disposable> {
  const giveUp = new AbortController()
  const busy = new UsageError(`Another process is writing ${path}; wait for it, or give another --out.`)
  try {
    return await lockFile(lockPath, giveUp.signal, () => giveUp.abort(busy))
  } catch (error) {
    if (error === busy) throw error
    throw new AssizeError('request_invalid', `${path} can't be written: ${(error as Error).message}`, {
      cause: error,
    })
  }
}

/** @throws AssizeError where a run left results that another may not overwrite: they cost money */
export function refuseExisting(path: string): void {
  const found = [path, partOf(path)].find((one) => existsSync(one))
  if (found === undefined) return
  throw new AssizeError(
    'request_invalid',
    `${found} is there already: --resume goes on with it. Give another --out, or remove it, to judge anew.`,
  )
}

/** A renamed file outlives a failure of the machine only once its folder is written; not every system can do that. */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(dirname(path)).catch(() => undefined)
  await folder?.sync().catch(() => undefined)
  await folder?.close()
}
