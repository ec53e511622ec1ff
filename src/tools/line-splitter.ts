const lineFeed = 10

/** Puts chunks of bytes together to lines, in a time that grows with the bytes and no faster. */
export class LineSplitter {
  readonly #maxBytes: number
  #parts: Buffer[] = []
  #bytes = 0

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  /**
   * Gives the lines that this chunk completes.
   * @throws RangeError when a line is longer than it may be
   */
  push(chunk: Buffer): readonly string[] {
    const lines: string[] = []
    let start = 0
    for (let end = chunk.indexOf(lineFeed); end >= 0; end = chunk.indexOf(lineFeed, start)) {
      this.#keep(chunk.subarray(start, end))
      lines.push(Buffer.concat(this.#parts).toString().replace(/\r$/, ''))
      this.clear()
      start = end + 1
    }
    this.#keep(chunk.subarray(start))
    return lines
  }

  clear(): void {
    this.#parts = []
    this.#bytes = 0
  }

  #keep(part: Buffer): void {
    this.#bytes += part.length
    if (this.#bytes > this.#maxBytes) throw new RangeError(`A line has more than ${this.#maxBytes} bytes.`)
    this.#parts.push(part)
  }
}
