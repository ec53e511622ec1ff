import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { z } from 'zod'
import { parseJson } from '../parse-json.ts'

const originSchema = z.object({ url: z.string(), version: z.string(), etag: z.string().optional() })

/** Where the bytes of a part came from: only the same version of the same file may go on where it stopped. */
export type PartOrigin = z.output<typeof originSchema>

/** The half of a download that is there already, beside the place where the whole will be. */
export class PartFile {
  readonly path: string
  readonly #originPath: string
  readonly #target: string

  constructor(target: string) {
    this.#target = target
    this.path = `${target}.part`
    this.#originPath = `${target}.part.json`
  }

  async sizeBytes(): Promise<number> {
    return (await stat(this.path).catch(() => undefined))?.size ?? 0
  }

  async origin(): Promise<PartOrigin | undefined> {
    const text = await readFile(this.#originPath, 'utf8').catch(() => undefined)
    if (text === undefined) return undefined
    const parsed = originSchema.safeParse(parseJson(text))
    return parsed.success ? parsed.data : undefined
  }

  async beginFrom(origin: PartOrigin): Promise<void> {
    await rm(this.path, { force: true })
    await writeFile(this.#originPath, JSON.stringify(origin))
  }

  async remove(): Promise<void> {
    await rm(this.path, { force: true })
    await rm(this.#originPath, { force: true })
  }

  async sha256(signal: AbortSignal): Promise<string> {
    const hash = createHash('sha256')
    await pipeline(createReadStream(this.path, { highWaterMark: 1 << 20 }), hash, { signal })
    return hash.digest('hex')
  }

  /** Puts the part where the whole belongs, so that a crash leaves either nothing or all of it there. */
  async moveIntoPlace(): Promise<void> {
    await syncToDisk(this.path)
    await rename(this.path, this.#target)
    await rm(this.#originPath, { force: true })
    // Windows can't open a directory to sync it.
    if (process.platform !== 'win32') await syncToDisk(dirname(this.#target))
  }
}

async function syncToDisk(path: string): Promise<void> {
  await using file = await open(path, 'r')
  await file.sync()
}
