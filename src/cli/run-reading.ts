import type { RunData } from './run-data.ts'
import type { RefusedLine, RunItem } from './run-item.ts'
import type { Results } from './run-stream.ts'
import type { RunTotals } from './run-totals.ts'

interface RunReadingSettings {
  readonly data: RunData
  readonly results: Results
  readonly totals: RunTotals
  /** Records to take, at most. */
  readonly limit: number | undefined
  /** Nothing more is read once it is aborted. */
  readonly stop: AbortSignal
}

/** What is small is read once more to count it. */
const mostCountedBytes = 4_194_304
const mostKeptRefusals = 100

/** Goes through a run's data, and gives what is to be judged. */
export class RunReading {
  readonly #settings: RunReadingSettings
  readonly #lines: AsyncGenerator<RunItem | RefusedLine, void, undefined>
  readonly refusals: RefusedLine[] = []
  #counted: number | undefined
  #taken = 0
  #isAtEnd = false
  #turn: Promise<unknown> = Promise.resolve()

  private constructor(settings: RunReadingSettings, counted: number | undefined) {
    this.#settings = settings
    this.#counted = counted
    this.#lines = settings.data.read()
  }

  /**
   * Begins to read. What can be read twice is held against the results that are there before anything is judged.
   * @throws AssizeError where they are of other data
   */
  static async begin(settings: RunReadingSettings, isResumed: boolean): Promise<RunReading> {
    const { sizeBytes } = settings.data
    const isCounted = sizeBytes !== undefined && (isResumed || sizeBytes <= mostCountedBytes)
    return new RunReading(settings, isCounted ? await count(settings) : undefined)
  }

  /**
   * The next record without a judgment, with a place for its result; undefined behind the last. May be called again
   * while it is still at it: whoever comes first gets what stands first.
   * @throws AssizeError where the data can't be read
   */
  next(): Promise<RunItem | undefined> {
    const turn = this.#turn.then(() => this.#take())
    this.#turn = turn.catch(() => undefined)
    return turn
  }

  async #take(): Promise<RunItem | undefined> {
    const { results, totals, limit = Number.POSITIVE_INFINITY, stop } = this.#settings
    while (this.#taken < limit) {
      const { value: line } = await this.#lines.next().catch((error: unknown) => {
        // Reading was broken off because of it.
        if (stop.aborted) return { value: undefined }
        throw error
      })
      if (line === undefined) break
      totals.read += 1
      if ('reason' in line) {
        totals.refused += 1
        if (this.refusals.length < mostKeptRefusals) this.refusals.push(line)
        continue
      }
      this.#taken += 1
      if (results.has(line)) continue
      await results.begin(line)
      return line
    }
    this.#isAtEnd = true
    return undefined
  }

  /** Reads no further. */
  async end(): Promise<void> {
    await this.#lines.return()
  }

  /** Whether there was any record. */
  get isEmpty(): boolean {
    return this.#taken === 0
  }

  /** Records in all, as far as that is known or can be told from how much was read. */
  get total(): { readonly total: number | undefined; readonly isAbout: boolean } {
    if (this.#isAtEnd) return { total: this.#taken, isAbout: false }
    if (this.#counted !== undefined) return { total: this.#counted, isAbout: false }
    const { data, limit } = this.#settings
    const share = data.sizeBytes === undefined ? 0 : data.readBytes() / data.sizeBytes
    if (share === 0 || this.#taken === 0) return { total: limit, isAbout: limit !== undefined }
    const estimate = Math.round(this.#taken / share)
    return { total: Math.min(estimate, limit ?? estimate), isAbout: true }
  }
}

async function count({
  data,
  results,
  limit = Number.POSITIVE_INFINITY,
}: RunReadingSettings): Promise<number> {
  let records = 0
  for await (const line of data.read()) {
    if (records === limit) break
    if ('reason' in line) continue
    records += 1
    results.has(line)
  }
  return records
}
