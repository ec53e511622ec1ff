import { writeSync } from 'node:fs'
import type { FileHandle } from 'node:fs/promises'
import { setImmediate } from 'node:timers/promises'

/** How long what was written may wait until it is safe from a failure of the machine too. */
const syncEveryMs = 1000

interface Batch {
  text: string
  readonly written: Promise<void>
}

/**
 * A file to which lines are added, many at a time where many come together. Once an addition is acknowledged, it
 * outlives the process.
 */
export class Journal {
  readonly #file: FileHandle
  #size: number
  /** Takes lines until the batch before it is written. */
  #open: Batch | undefined
  #last: Promise<void> = Promise.resolve()
  #syncedAtMs = performance.now()

  /** @param size of what the file holds; it ends with the end of a line */
  constructor(file: FileHandle, size: number) {
    this.#file = file
    this.#size = size
  }

  /**
   * Resolves once the line is written. Throws what the file system does; nothing more can be added then.
   * @param text without line breaks
   * @returns where the line stands, without its end
   */
  async add(text: string): Promise<{ readonly offset: number; readonly length: number }> {
    const length = Buffer.byteLength(text)
    const offset = this.#size
    this.#size += length + 1
    this.#open ??= this.#openBatch()
    this.#open.text += `${text}\n`
    await this.#open.written
    return { offset, length }
  }

  /** Waits until everything that was added is safe from a failure of the machine. */
  async sync(): Promise<void> {
    await this.#last
    await this.#file.datasync()
  }

  #openBatch(): Batch {
    const written = this.#last.then(async () => {
      // What comes in the same turn of the event loop is one batch.
      await setImmediate()
      this.#open = undefined
      await this.#write(batch.text)
    })
    this.#last = written
    const batch: Batch = { text: '', written }
    return batch
  }

  async #write(text: string): Promise<void> {
    // What is written goes to the system's memory, for which no thread needs to wait.
    const written = writeSync(this.#file.fd, text)
    if (written < Buffer.byteLength(text)) writeRest(this.#file.fd, Buffer.from(text), written)
    if (performance.now() - this.#syncedAtMs < syncEveryMs) return
    await this.#file.datasync()
    this.#syncedAtMs = performance.now()
  }
}

function writeRest(file: number, bytes: Buffer, written: number): void {
  for (let done = written; done < bytes.length; ) done += writeSync(file, bytes, done)
}
