import { once } from 'node:events'
import { AssizeError } from '../errors.ts'
import type { RunItem } from './run-item.ts'
import type { Counted } from './run-totals.ts'

/** Where the results of a run go. */
export interface Results extends AsyncDisposable {
  /** Whether a record's judgment is there already. Throws AssizeError where it is that of another record. */
  has(item: RunItem): boolean
  /** Makes a place for the record's result, in the order of the calls; waits while too many are to be filled. */
  begin(item: RunItem): Promise<void>
  /**
   * Takes a result. Once it resolves, the result is not lost with the process.
   * @throws AssizeError where it can't be written
   */
  add(item: RunItem, text: string): Promise<void>
  /** Results that were to be replaced, and are not so far. */
  outdated(): Iterable<Counted>
  /** Puts all results in the order of the records. */
  finish(): Promise<void>
}

/** Lines that wait for one before them; more are not begun until it is there. */
const mostWaiting = 4096

/** Writes results as lines in the order in which they were begun, each as soon as that allows. */
export class ResultStream implements Results {
  readonly #stream: NodeJS.WritableStream
  readonly #mostWaiting: number
  /** In order; a text is there once its judgment is. */
  readonly #waiting = new Map<number, string | undefined>()
  #roomMade: PromiseWithResolvers<void> | undefined
  #fault: Error | undefined

  constructor(stream: NodeJS.WritableStream, most = mostWaiting) {
    this.#stream = stream
    this.#mostWaiting = most
    stream.on('error', (error) => {
      this.#fault ??= error
    })
  }

  has(): boolean {
    return false
  }

  async begin({ line }: RunItem): Promise<void> {
    this.#waiting.set(line, undefined)
    while (this.#waiting.size > this.#mostWaiting && !this.#isFirst(line)) {
      this.#roomMade ??= Promise.withResolvers()
      await this.#roomMade.promise
    }
  }

  async add({ line }: RunItem, text: string): Promise<void> {
    this.#waiting.set(line, text)
    await this.#write()
  }

  outdated(): readonly Counted[] {
    return []
  }

  async finish(): Promise<void> {
    // What never got a result makes no others wait any more.
    for (const [line, text] of this.#waiting) if (text === undefined) this.#waiting.delete(line)
    await this.#write()
  }

  async [Symbol.asyncDispose](): Promise<void> {}

  #isFirst(line: number): boolean {
    const [first] = this.#waiting.keys()
    return first === line
  }

  async #write(): Promise<void> {
    let text = ''
    for (const [line, result] of this.#waiting) {
      if (result === undefined) break
      text += `${result}\n`
      this.#waiting.delete(line)
    }
    if (text === '') return
    this.#roomMade?.resolve()
    this.#roomMade = undefined
    if (!this.#stream.write(text) && this.#fault === undefined) {
      // Whoever reads it may have gone: that is told by an error, and never by room.
      await once(this.#stream, 'drain').catch((error: Error) => {
        this.#fault ??= error
      })
    }
    if (this.#fault !== undefined) throw unwritable('standard output', this.#fault)
  }
}

export function unwritable(name: string, cause: unknown): AssizeError {
  return new AssizeError('request_invalid', `${name} can't be written: ${(cause as Error).message}`, {
    cause,
  })
}
