import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from 'node:zlib'
import type { AsyncBuffer, CompressionCodec, Compressors, FileMetaData } from 'hyparquet'
import { type RandomAccess, type Row, UnreadableFileError } from './row.ts'

/** Rows stand in groups, column by column, so that a group is read as a whole. */
const mostGroupBytes = 268_435_456
const mostGroupRows = 2_000_000

export interface ParquetFile {
  readonly rowCount: number
  /** @param skippedRows how many rows at the beginning are not wanted */
  rows(skippedRows?: number): AsyncGenerator<Row, void, undefined>
}

/**
 * Opens a Parquet file; a row's line is its number. Numbers that JavaScript can't hold become text, times text as in
 * ISO 8601, and bytes base64.
 * @throws UnreadableFileError where it is none, here and while rows are read
 */
export async function openParquet(source: RandomAccess): Promise<ParquetFile> {
  const file = new WatchedFile(source)
  const { parquetMetadataAsync } = await import('hyparquet')
  const metadata = await file.watch(() => parquetMetadataAsync(file.buffer, { geoparquet: false }))
  return {
    rowCount: Number(metadata.num_rows),
    rows: (skippedRows = 0) => readRows(file, metadata, skippedRows),
  }
}

async function* readRows(
  file: WatchedFile,
  metadata: FileMetaData,
  skippedRows: number,
): AsyncGenerator<Row, void, undefined> {
  const { parquetReadObjects, snappyUncompress } = await import('hyparquet')
  const compressors = createCompressors((input, output) => snappyUncompress(input, output))
  let start = 0
  for (const [index, group] of metadata.row_groups.entries()) {
    const end = start + Number(group.num_rows)
    const rowStart = Math.max(start, skippedRows)
    if (rowStart < end) {
      refuseLarge(index + 1, Number(group.total_byte_size), end - start)
      const options = { file: file.buffer, metadata, rowStart, rowEnd: end, compressors, geoparquet: false }
      const rows = await file.watch(() => parquetReadObjects(options))
      for (const [at, row] of rows.entries()) yield { line: rowStart + at + 1, value: plain(row) }
    }
    start = end
  }
}

function refuseLarge(number: number, bytes: number, rows: number): void {
  if (bytes <= mostGroupBytes && rows <= mostGroupRows) return
  throw new UnreadableFileError(
    `Row group ${number} of the Parquet file has ${rows.toLocaleString('en')} rows and ${bytes.toLocaleString('en')} bytes; expected at most ${mostGroupRows.toLocaleString('en')} and ${mostGroupBytes.toLocaleString('en')}: write the file with smaller groups (row_group_size in pyarrow and pandas).`,
  )
}

/** Tells what the source throws from what its content makes the reader throw. */
class WatchedFile {
  readonly buffer: AsyncBuffer
  #fault: { readonly error: unknown } | undefined

  constructor(source: RandomAccess) {
    this.buffer = {
      byteLength: source.sizeBytes,
      slice: async (start, end = source.sizeBytes) => {
        try {
          return exactBuffer(await source.slice(start, end))
        } catch (error) {
          this.#fault = { error }
          throw error
        }
      },
    }
  }

  async watch<Result>(read: () => Promise<Result>): Promise<Result> {
    try {
      return await read()
    } catch (error) {
      if (this.#fault !== undefined) throw this.#fault.error
      const { message } = error as Error
      throw new UnreadableFileError(`The Parquet file can't be read: ${message}.`, { cause: error })
    }
  }
}

function exactBuffer(bytes: Uint8Array): ArrayBuffer {
  const { buffer, byteOffset, byteLength } = bytes
  return buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer
}

type Unpack = (input: Uint8Array, outputLength: number) => Uint8Array

/** None makes more than a page is said to have. */
function createCompressors(unsnap: (input: Uint8Array, output: Uint8Array) => unknown): Compressors {
  const codecs: Partial<Record<CompressionCodec, Unpack>> = {
    SNAPPY: (input, outputLength) => {
      const output = new Uint8Array(outputLength)
      unsnap(input, output)
      return output
    },
    GZIP: (input, maxOutputLength) => gunzipSync(input, { maxOutputLength }),
    BROTLI: (input, maxOutputLength) => brotliDecompressSync(input, { maxOutputLength }),
    ZSTD: (input, maxOutputLength) => zstdDecompressSync(input, { maxOutputLength }),
  }
  return Object.fromEntries(
    Object.entries(codecs).map(([codec, unpack]) => [codec, unpackUpTo(mostGroupBytes, unpack)]),
  )
}

function unpackUpTo(mostBytes: number, unpack: Unpack): Unpack {
  return (input, outputLength) => {
    if (outputLength > mostBytes) throw new RangeError(`a page is said to have ${outputLength} bytes`)
    return unpack(input, outputLength)
  }
}

/** The value as JSON says it. */
function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value)
  if (typeof value !== 'object' || value === null) return value ?? null
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString()
  if (Array.isArray(value)) return value.map(plain)
  if (ArrayBuffer.isView(value)) {
    return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64')
  }
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, plain(inner)]))
}
