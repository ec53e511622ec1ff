import { readCsvRows } from './rows/csv-rows.ts'
import { readJsonItems } from './rows/json-items.ts'
import { readJsonLines } from './rows/json-lines.ts'
import { openParquet } from './rows/parquet-rows.ts'
import { peek, readText } from './rows/read-bytes.ts'
import type { Bytes, RandomAccess, Row } from './rows/row.ts'
import { formatOfContent, type RowFormat } from './rows/row-format.ts'

interface RowChoices {
  /** How many rows at the beginning are not wanted, and are skipped as fast as they can be. */
  readonly skippedRows?: number
  /** The same file at any place; without it, a Parquet file is held in memory as a whole. */
  readonly randomAccess?: RandomAccess
  /** Called before the first row where the file says how many rows it has in all. */
  readonly onRowCount?: (count: number) => void
}

/**
 * Reads a file's rows one after the other, in memory that doesn't grow with the file (of Parquet, with the group of
 * rows that is being read). gzip is unpacked, and UTF-16 read, by themselves.
 * @param format undefined lets the beginning of the file say it
 * @returns each row with its line, as a value or as the reason why it can't be read
 * @throws UnreadableFileError where the file can't be read, or not from there on
 */
export async function* readRows(
  source: Bytes,
  format: RowFormat | undefined,
  { skippedRows = 0, randomAccess, onRowCount }: RowChoices = {},
): AsyncGenerator<Row, void, undefined> {
  const packed = await peek(source, 4)
  if ((format ?? formatOfContent(packed.start)) === 'parquet') {
    const file = await openParquet(randomAccess ?? (await inMemory(packed.all)))
    onRowCount?.(file.rowCount)
    yield* file.rows(skippedRows)
    return
  }
  const { start, all } = await peek(await readText(packed.all), 256)
  const found = formatOfContent(start)
  // Files of JSON are often called by each other's name.
  const written = format === undefined || (format === 'jsonl' && found === 'json') ? found : format
  if (written === 'jsonl') yield* readJsonLines(all, skippedRows)
  else if (written === 'json') yield* readJsonItems(all, skippedRows)
  else yield* readCsvRows(all, skippedRows, written === 'tsv' ? '\t' : undefined)
}

async function inMemory(source: Bytes): Promise<RandomAccess> {
  const chunks: Uint8Array[] = []
  for await (const chunk of source) chunks.push(chunk)
  const bytes = Buffer.concat(chunks)
  return { sizeBytes: bytes.length, slice: async (start, end) => bytes.subarray(start, end) }
}

/** The first few rows, and all of them, the first few included. */
export async function firstRows(
  rows: AsyncIterable<Row>,
  count: number,
): Promise<{ readonly first: readonly Row[]; readonly all: AsyncIterable<Row> }> {
  const iterator = rows[Symbol.asyncIterator]()
  const first: Row[] = []
  while (first.length < count) {
    const next = await iterator.next()
    if (next.done) break
    first.push(next.value)
  }
  return { first, all: continued(first, iterator) }
}

async function* continued(
  first: readonly Row[],
  iterator: AsyncIterator<Row>,
): AsyncGenerator<Row, void, undefined> {
  try {
    yield* first
    for (let next = await iterator.next(); !next.done; next = await iterator.next()) yield next.value
  } finally {
    await iterator.return?.()
  }
}
