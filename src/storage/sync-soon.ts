import { type FileHandle, open } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'

/** How long what was written may wait to be on the disk. */
const withinMs = 50

/**
 * Brings what was written to a file to the disk, whoever wrote it: soon, and without anybody waiting. The file is opened
 * when that is asked for first.
 */
export class SoonSynced implements AsyncDisposable {
  readonly #path: string
  readonly #closing = new AbortController()
  #handle: FileHandle | undefined
  #isWanted = false
  #syncing: Promise<void> | undefined

  constructor(path: string) {
    this.#path = path
  }

  /** What is written by now will be on the disk soon. */
  request(): void {
    this.#isWanted = true
    this.#syncing ??= this.#syncWhileWanted()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort()
    await this.#syncing
    await this.#handle?.close()
  }

  async #syncWhileWanted(): Promise<void> {
    while (this.#isWanted) {
      await delay(withinMs, undefined, { ref: false, signal: this.#closing.signal }).catch(() => {})
      // What is written from now on may miss this time.
      this.#isWanted = false
      await this.#sync()
    }
    this.#syncing = undefined
  }

  async #sync(): Promise<void> {
    try {
      this.#handle ??= await open(this.#path, 'r+')
      await this.#handle.datasync()
    } catch {
      // The next transaction that waits for the disk meets the same fault, and tells it.
    }
  }
}
