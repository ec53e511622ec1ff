import type { FileHandle } from 'node:fs/promises'

/** A line of a file, and where it stands in bytes. */
export interface FileLine {
  readonly text: string
  readonly offset: number
  /** Without the end of the line. */
  readonly length: number
  /** Whether it ends with the end of a line, and not with the end of the file. */
  readonly isEnded: boolean
}

const chunkBytes = 1_048_576
const newline = 10

/** Reads a file line by line, in chunks. Lines that are empty are given too. */
export async function* fileLines(file: FileHandle): AsyncGenerator<FileLine, void, undefined> {
  const chunk = Buffer.alloc(chunkBytes)
  let begun: Buffer[] = []
  let offset = 0
  for (let position = 0; ; ) {
    const { bytesRead } = await file.read(chunk, 0, chunkBytes, position)
    if (bytesRead === 0) break
    position += bytesRead
    let from = 0
    for (let end = chunk.indexOf(newline); end >= 0 && end < bytesRead; end = chunk.indexOf(newline, from)) {
      const bytes = Buffer.concat([...begun, chunk.subarray(from, end)])
      begun = []
      yield { text: bytes.toString(), offset, length: bytes.length, isEnded: true }
      offset += bytes.length + 1
      from = end + 1
    }
    if (from < bytesRead) begun.push(Buffer.from(chunk.subarray(from, bytesRead)))
  }
  const rest = Buffer.concat(begun)
  if (rest.length > 0) yield { text: rest.toString(), offset, length: rest.length, isEnded: false }
}

/** Small enough to be read for nothing where pieces do not stand near each other. */
const blockBytes = 262_144

/** Reads pieces of a file that mostly stand near each other. */
export class NearbyReader {
  readonly #file: FileHandle
  readonly #block = Buffer.alloc(blockBytes)
  #start = 0
  #length = 0

  constructor(file: FileHandle) {
    this.#file = file
  }

  /** @throws Error where the file is shorter than it was */
  async read(offset: number, length: number): Promise<Buffer> {
    if (length > blockBytes / 2) return this.#fill(Buffer.alloc(length), offset, length)
    if (offset < this.#start || offset + length > this.#start + this.#length) {
      // Pieces come in another order than that of the file, but not in one that is far from it.
      this.#start = Math.max(0, offset - blockBytes / 4)
      const { bytesRead } = await this.#file.read(this.#block, 0, blockBytes, this.#start)
      this.#length = bytesRead
      if (offset + length > this.#start + bytesRead) return this.#fill(Buffer.alloc(length), offset, length)
    }
    return this.#block.subarray(offset - this.#start, offset - this.#start + length)
  }

  async #fill(buffer: Buffer, offset: number, length: number): Promise<Buffer> {
    for (let done = 0; done < length; ) {
      const { bytesRead } = await this.#file.read(buffer, done, length - done, offset + done)
      if (bytesRead === 0) throw new Error('A file of results became shorter while it was read.')
      done += bytesRead
    }
    return buffer
  }
}
