import { type FileHandle, open, rm } from 'node:fs/promises'
import { AssizeError } from '../errors.ts'
import { fileLines } from './file-lines.ts'
import type { RunItem } from './run-item.ts'

/** What is remembered of a record that was sent to a server. */
export type SentItem = Pick<RunItem, 'line' | 'id' | 'fingerprint'>

/** A run on a server, and what it is of. */
export interface Ticket {
  readonly server: string
  readonly run_id: string
  readonly judge_fingerprint: string
  /** Lines of the data that held no record. */
  readonly refused: number
}

/** The file beside the results in which a run on a server is remembered: its records in order, and then the run. */
export class TicketFile implements AsyncDisposable {
  readonly #path: string
  readonly #file: FileHandle
  #held = ''

  private constructor(path: string, file: FileHandle) {
    this.#path = path
    this.#file = file
  }

  /** @param isNew whether what is there is of no use any more */
  static async open(path: string, isNew: boolean): Promise<TicketFile> {
    return new TicketFile(path, await open(path, isNew ? 'w+' : 'a+'))
  }

  async add({ line, id, fingerprint }: SentItem): Promise<void> {
    this.#held += `${JSON.stringify([line, id, fingerprint])}\n`
    if (this.#held.length > 65_536) await this.#write()
  }

  /** From now on the run can be gone on with. */
  async complete(ticket: Ticket): Promise<void> {
    this.#held += `${JSON.stringify(ticket)}\n`
    await this.#write()
    await this.#file.datasync()
  }

  /**
   * The run that the file is of; undefined where it holds none yet.
   * @throws AssizeError `request_invalid` where it holds something else
   */
  async read(): Promise<Ticket | undefined> {
    let last: unknown
    for await (const { text, isEnded } of fileLines(this.#file)) {
      if (isEnded) last = this.#parse(text)
    }
    return Array.isArray(last) || last === undefined ? undefined : (last as Ticket)
  }

  /** The records in the order in which they were sent. */
  async *items(): AsyncGenerator<SentItem, void, undefined> {
    for await (const { text } of fileLines(this.#file)) {
      const item = this.#parse(text)
      if (!Array.isArray(item)) return
      const [line, id, fingerprint] = item
      yield { line, id, fingerprint }
    }
  }

  async remove(): Promise<void> {
    await rm(this.#path, { force: true })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file.close()
  }

  async #write(): Promise<void> {
    await this.#file.appendFile(this.#held)
    this.#held = ''
  }

  #parse(text: string): unknown {
    try {
      const value = JSON.parse(text)
      if (Array.isArray(value) || typeof value.run_id === 'string') return value
    } catch {
      // It is told below.
    }
    throw new AssizeError(
      'request_invalid',
      `${this.#path} is of no run on a server; go on without --server, or give another --out.`,
    )
  }
}
