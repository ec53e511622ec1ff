import { CsvSplitter } from './csv-splitter.ts'
import { peek } from './read-bytes.ts'
import { type Bytes, notUtf8, type Row, textOf, UnreadableFileError } from './row.ts'

/** How far the first line of a file is looked at for what separates its cells. */
const mostSeenBytes = 65_536

/** Where a line has as many of two, the one that is seldom in names. */
const delimiters = ['\t', ';', ',']

/**
 * Reads comma-separated values (RFC 4180), of which the first row names the columns: each row is an object of texts.
 * Empty lines are no rows. A row with more or fewer cells than there are columns, or with text behind a closed quote,
 * is refused.
 * @param skippedRows how many rows at the beginning are not wanted, and need no reading
 * @param delimiter between cells; without one, what the first line has most of: commas, semicolons or tabs
 * @throws UnreadableFileError where the file has no usable header, or a quote that is never closed
 */
export async function* readCsvRows(
  bytes: Bytes,
  skippedRows = 0,
  delimiter?: string,
): AsyncGenerator<Row, void, undefined> {
  const { start, all } = await peek(bytes, mostSeenBytes)
  const rows = new CsvRows(delimiter ?? delimiterOf(start), skippedRows)
  for await (const chunk of all) yield* rows.push(chunk)
  yield* rows.end()
}

class CsvRows {
  readonly #delimiter: string
  readonly #splitter: CsvSplitter
  readonly #skippedRows: number
  #columns: readonly string[] | undefined
  #rows = 0

  constructor(delimiter: string, skippedRows: number) {
    this.#delimiter = delimiter
    this.#splitter = new CsvSplitter(delimiter)
    this.#skippedRows = skippedRows
  }

  *push(chunk: Uint8Array): Generator<Row, void, undefined> {
    yield* this.#read(this.#splitter.push(chunk))
  }

  *end(): Generator<Row, void, undefined> {
    yield* this.#read(this.#splitter.end())
  }

  *#read(records: ReturnType<CsvSplitter['push']>): Generator<Row, void, undefined> {
    for (const record of records) {
      if (this.#columns === undefined) {
        const header = 'reason' in record ? record.reason : this.#cellsOf(record.content)
        this.#columns = columnsOf(header)
      } else {
        this.#rows += 1
        if (this.#rows > this.#skippedRows)
          yield 'reason' in record ? record : this.#rowOf(record.line, record.content, this.#columns)
      }
    }
  }

  #rowOf(line: number, content: Uint8Array, columns: readonly string[]): Row {
    const cells = this.#cellsOf(content)
    if (typeof cells === 'string') return { line, reason: cells }
    if (cells.length !== columns.length) {
      return {
        line,
        reason: `The row has ${cells.length} ${cells.length === 1 ? 'cell' : 'cells'}; expected ${columns.length}, one a column.`,
      }
    }
    return { line, value: Object.fromEntries(columns.map((column, index) => [column, cells[index]])) }
  }

  /** @returns what is wrong, where the record can't be read */
  #cellsOf(content: Uint8Array): readonly string[] | string {
    const text = textOf(content)
    return text === undefined ? notUtf8(0).reason : cellsOf(text, this.#delimiter)
  }
}

function cellsOf(record: string, delimiter: string): readonly string[] | string {
  const cells: string[] = []
  for (let start = 0; start <= record.length; ) {
    let end = record.indexOf(delimiter, start)
    if (record[start] === '"') {
      end = endOfQuoted(record, start)
      cells.push(record.slice(start + 1, end - 1).replaceAll('""', '"'))
      if (end < record.length && record[end] !== delimiter) {
        return `The row has text behind the closing quote of cell ${cells.length}; within quotes, write a quote twice.`
      }
    } else {
      if (end < 0) end = record.length
      cells.push(record.slice(start, end))
    }
    start = end + 1
  }
  return cells
}

/** @returns the index behind the closing quote */
function endOfQuoted(record: string, start: number): number {
  let end = record.indexOf('"', start + 1)
  while (record[end + 1] === '"') end = record.indexOf('"', end + 2)
  return end + 1
}

/** @param header its cells, or why they can't be read */
function columnsOf(header: readonly string[] | string): readonly string[] {
  if (typeof header === 'string') throw new UnreadableFileError(`The header of the CSV: ${header}`)
  const columns = header.map((column) => column.trim())
  const twice = columns.find((column, index) => columns.indexOf(column) !== index)
  if (twice === undefined) return columns
  throw new UnreadableFileError(
    `The header of the CSV has the column ${JSON.stringify(twice)} twice; expected a name of its own for each.`,
  )
}

function delimiterOf(start: Uint8Array): string {
  const counts = new Map(delimiters.map((delimiter) => [delimiter, 0]))
  let isQuoted = false
  for (const character of Buffer.from(start).toString('latin1')) {
    if (character === '"') isQuoted = !isQuoted
    else if (isQuoted) continue
    else if (character === '\n' || character === '\r') break
    else if (counts.has(character)) counts.set(character, (counts.get(character) ?? 0) + 1)
  }
  const most = Math.max(...counts.values())
  return (most > 0 && delimiters.find((delimiter) => counts.get(delimiter) === most)) || ','
}
