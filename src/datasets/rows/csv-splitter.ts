import { GatheredBytes } from './gathered-bytes.ts'
import { type RefusedRow, tooLong, UnreadableFileError } from './row.ts'

const lineFeed = 10
const carriageReturn = 13
const quote = 34

type CsvRecord = { readonly line: number; readonly content: Uint8Array } | RefusedRow

/**
 * Cuts comma-separated values into records, which end where a line ends outside of quotes: at a line feed, a carriage
 * return, or both. Empty lines are no records.
 */
export class CsvSplitter {
  readonly #delimiter: number
  readonly #record = new GatheredBytes()
  /** Of the next byte: where a quote opens a cell; within quotes; behind a quote that closes or is doubled; else. */
  #place: 'cell start' | 'quoted' | 'quote' | 'cell' = 'cell start'
  #isBehindReturn = false
  #line = 1
  #firstLine = 1

  constructor(delimiter: string) {
    this.#delimiter = delimiter.charCodeAt(0)
  }

  *push(chunk: Uint8Array): Generator<CsvRecord, void, undefined> {
    let start = 0
    for (let index = 0; index < chunk.length; index++) {
      const byte = chunk[index] as number
      const endsPair = this.#isBehindReturn && byte === lineFeed
      const endsLine = (byte === lineFeed && !endsPair) || byte === carriageReturn
      if (endsLine) this.#line += 1
      this.#isBehindReturn = byte === carriageReturn
      if (this.#place === 'quoted') {
        if (byte === quote) this.#place = 'quote'
      } else if (endsLine) {
        this.#record.add(chunk.subarray(start, index))
        yield* this.#endRecord()
        start = index + 1
      } else if (endsPair) start = index + 1
      else this.#place = this.#placeBehind(byte)
    }
    this.#record.add(chunk.subarray(start))
  }

  /** @throws UnreadableFileError where a quote is never closed */
  *end(): Generator<CsvRecord, void, undefined> {
    if (this.#place === 'quoted') {
      throw new UnreadableFileError(
        `The CSV has a quote in the row of line ${this.#firstLine} that is never closed, so that nothing behind it could be read.`,
      )
    }
    yield* this.#endRecord()
  }

  #placeBehind(byte: number): 'cell start' | 'quoted' | 'cell' {
    if (byte === this.#delimiter) return 'cell start'
    if (byte === quote && this.#place !== 'cell') return 'quoted'
    return 'cell'
  }

  *#endRecord(): Generator<CsvRecord, void, undefined> {
    const line = this.#firstLine
    this.#firstLine = this.#line
    this.#place = 'cell start'
    if (this.#record.isTooLong) {
      this.#record.clear()
      yield tooLong(line)
    } else if (!this.#record.isEmpty) yield { line, content: this.#record.take() }
  }
}
