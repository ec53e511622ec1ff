import { type FileHandle, open, rename, rm } from 'node:fs/promises'
import { AssizeError } from '../errors.ts'
import { NearbyReader } from './file-lines.ts'
import type { RunItem } from './run-item.ts'
import { Journal } from './run-journal.ts'
import { type Loaded, loadResults, type OnLoaded } from './run-load.ts'
import { partOf, refuseExisting, syncFolder, takePlace } from './run-place.ts'
import { type Results, unwritable } from './run-stream.ts'
import type { Counted } from './run-totals.ts'

interface ResultFileSettings {
  /** The file that has all results in order once the run ends. */
  readonly path: string
  readonly isResumed: boolean
  /** Whether records that were judged, and got no answer, are judged again. */
  readonly retriesFailed: boolean
  readonly onLoaded: OnLoaded
}

/**
 * The results of a run in a file. While the run goes on they are added to a journal beside it, in the order in which
 * they come; at its end, all are written in the order of the records, and the file is replaced at once.
 */
export class ResultFile implements Results {
  readonly #path: string
  readonly #loaded: Loaded
  readonly #journal: Journal
  /** Of records that are judged again. */
  readonly #replaced: Map<number, Counted>
  readonly #resources: AsyncDisposableStack

  private constructor(path: string, loaded: Loaded, retriesFailed: boolean, resources: AsyncDisposableStack) {
    this.#path = path
    this.#loaded = loaded
    this.#journal = new Journal(loaded.journal, loaded.journalBytes)
    this.#replaced = retriesFailed ? loaded.failed : new Map()
    this.#resources = resources
  }

  /**
   * @throws AssizeError `request_invalid` where results are there that this run may not go on with; UsageError where
   *   there can be none, or another process is writing them
   */
  static async open(settings: ResultFileSettings): Promise<ResultFile> {
    await using opened = new AsyncDisposableStack()
    const { path } = opened.use(await takePlace(settings.path))
    if (!settings.isResumed) refuseExisting(path)
    const loaded = await loadResults(path, settings.onLoaded)
    for (const file of loaded.files) opened.use(file)
    return new ResultFile(path, loaded, settings.retriesFailed, opened.move())
  }

  has({ line, fingerprint }: RunItem): boolean {
    const { index } = this.#loaded
    if (!index.has(line)) return false
    if (index.hasFingerprint(line, fingerprint)) return !this.#replaced.has(line)
    throw new AssizeError(
      'request_invalid',
      `${this.#path} has the judgment of another record for line ${line}: --resume goes on with the same data only. Give another --out to judge this data.`,
    )
  }

  async begin(): Promise<void> {}

  async add({ line, fingerprint }: RunItem, text: string): Promise<void> {
    const place = await this.#journal.add(text).catch((error: unknown) => {
      throw unwritable(partOf(this.#path), error)
    })
    this.#loaded.index.add(line, { ...place, file: this.#loaded.files.length - 1 }, fingerprint)
    this.#replaced.delete(line)
  }

  outdated(): Iterable<Counted> {
    return this.#replaced.values()
  }

  async finish(): Promise<void> {
    if (this.#loaded.index.size === 0) return
    try {
      await this.#journal.sync()
      await this.#replaceFile()
    } catch (error) {
      throw unwritable(this.#path, error)
    }
    await rm(partOf(this.#path))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // A file without results would only be in the way of the next run.
    if (this.#loaded.index.size === 0) await rm(partOf(this.#path), { force: true })
    await this.#resources.disposeAsync()
  }

  async #replaceFile(): Promise<void> {
    const temporary = `${this.#path}.tmp`
    const file = await open(temporary, 'w')
    try {
      await this.#writeInOrder(file)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(temporary, this.#path)
    await syncFolder(this.#path)
  }

  async #writeInOrder(to: FileHandle): Promise<void> {
    const readers = this.#loaded.files.map((file) => new NearbyReader(file))
    let held: Buffer[] = []
    let heldBytes = 0
    for (const { file, offset, length } of this.#loaded.index.places()) {
      const text = await (readers[file] as NearbyReader).read(offset, length)
      // The reader reads what comes next into the same memory.
      held.push(Buffer.concat([text, newline]))
      heldBytes += length
      if (heldBytes < mostHeldBytes) continue
      await to.appendFile(Buffer.concat(held))
      ;[held, heldBytes] = [[], 0]
    }
    await to.appendFile(Buffer.concat(held))
  }
}

const newline = Buffer.from('\n')
const mostHeldBytes = 1_048_576
