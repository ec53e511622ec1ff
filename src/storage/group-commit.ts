import { AssizeError } from '../errors.ts'

interface Waiting<Item> {
  readonly item: Item
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
}

/**
 * Writes items together that arrive together, so that they share one transaction and its fsync: all that come
 * in one turn of the event loop, or while the batch before is being written.
 */
export class GroupCommit<Item> {
  readonly #write: (items: readonly Item[]) => Promise<void>
  readonly #maxItems: number
  #waiting: Waiting<Item>[] = []
  #isWriting = false

  /** `write` stores all items or none. */
  constructor(write: (items: readonly Item[]) => Promise<void>, maxItems: number) {
    this.#write = write
    this.#maxItems = maxItems
  }

  /** Resolves once the item is stored, and rejects for what is wrong with this one alone. */
  add(item: Item): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ item, resolve, reject })
      if (this.#isWriting) return
      this.#isWriting = true
      setImmediate(() => void this.#writeAll())
    })
  }

  async #writeAll(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.slice(0, this.#maxItems)
      this.#waiting = this.#waiting.slice(this.#maxItems)
      await this.#writeBatch(batch)
    }
    this.#isWriting = false
  }

  async #writeBatch(batch: readonly Waiting<Item>[]): Promise<void> {
    try {
      await this.#write(batch.map(({ item }) => item))
      for (const { resolve } of batch) resolve()
    } catch (error) {
      // To try each alone finds the bad item, but where nothing can be written it only multiplies the wait.
      const isAlone = batch.length === 1 || error instanceof AssizeError
      if (isAlone) for (const { reject } of batch) reject(error)
      else for (const waiting of batch) await this.#writeBatch([waiting])
    }
  }
}
