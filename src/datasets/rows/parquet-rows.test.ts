import { brotliCompressSync, gzipSync, zstdCompressSync } from 'node:zlib'
import type { CompressionCodec } from 'hyparquet'
import { parquetWriteBuffer } from 'hyparquet-writer'
import { describe, expect, it } from 'vitest'
import { allOf } from '../../../test/support/all-of.ts'
import { readRows } from '../read-rows.ts'
import { openParquet } from './parquet-rows.ts'
import { type RandomAccess, UnreadableFileError } from './row.ts'

function inMemory(bytes: Uint8Array): RandomAccess & { readonly slices: (readonly [number, number])[] } {
  const slices: (readonly [number, number])[] = []
  return {
    slices,
    sizeBytes: bytes.length,
    slice: async (start, end) => {
      slices.push([start, end])
      return bytes.subarray(start, end)
    },
  }
}

const questions = Array.from({ length: 250 }, (_, index) => `question ${index}`)

function table(options: { rowGroupSize?: number; codec?: CompressionCodec } = {}): Uint8Array {
  return new Uint8Array(
    parquetWriteBuffer({
      columnData: [
        { name: 'question', data: questions },
        { name: 'score', data: questions.map((_, index) => (index % 2 === 0 ? index / 2 : null)) },
      ],
      ...options,
      compressors: {
        GZIP: (input) => gzipSync(input),
        BROTLI: (input) => brotliCompressSync(input),
        ZSTD: (input) => zstdCompressSync(input),
      },
    }),
  )
}

const expected = questions.map((question, index) => ({
  line: index + 1,
  value: { question, score: index % 2 === 0 ? index / 2 : null },
}))

describe('a Parquet file', () => {
  it.each(['UNCOMPRESSED', 'SNAPPY', 'GZIP', 'BROTLI', 'ZSTD'] as const)(
    'compressed with %s is read row by row',
    async (codec) => {
      const file = await openParquet(inMemory(table({ codec })))
      expect(file.rowCount).toBe(250)
      expect(await allOf(file.rows())).toEqual(expected)
    },
  )

  it('is read on from any row, and groups that are not wanted are not read', async () => {
    const source = inMemory(table({ rowGroupSize: 100 }))
    const whole = await allOf((await openParquet(source)).rows())
    expect(whole).toEqual(expected)
    for (const skippedRows of [1, 99, 100, 101, 249, 250, 300]) {
      const file = await openParquet(source)
      const slicesBefore = source.slices.length
      expect(await allOf(file.rows(skippedRows))).toEqual(expected.slice(skippedRows))
      expect(source.slices.length - slicesBefore).toBeLessThanOrEqual(
        2 * Math.ceil((250 - skippedRows) / 100),
      )
    }
  })

  it('is read from a stream too, whatever it is called', async () => {
    async function* stream() {
      const bytes = table()
      for (let start = 0; start < bytes.length; start += 100) yield bytes.subarray(start, start + 100)
    }
    expect(await allOf(readRows(stream(), 'parquet'))).toEqual(expected)
    expect(await allOf(readRows(stream(), undefined, { skippedRows: 248 }))).toEqual(expected.slice(248))
  })

  it('has values as JSON says them', async () => {
    const bytes = new Uint8Array(
      parquetWriteBuffer({
        columnData: [
          { name: 'long', data: [1n, 2n ** 60n], type: 'INT64' },
          { name: 'when', data: [new Date('2026-03-01T12:00:00.000Z'), new Date(0)], type: 'TIMESTAMP' },
          { name: 'deep', data: [{ list: [1, { a: null }] }, []], type: 'JSON' },
        ],
      }),
    )
    const rows = await allOf((await openParquet(inMemory(bytes))).rows())
    expect(rows.map((row) => 'value' in row && row.value)).toEqual([
      { long: 1, when: '2026-03-01T12:00:00.000Z', deep: { list: [1, { a: null }] } },
      { long: '1152921504606846976', when: '1970-01-01T00:00:00.000Z', deep: [] },
    ])
  })

  it.each([
    ['no Parquet', Buffer.from('{"question": "What?"}\n'.repeat(10))],
    ['cut off', table().subarray(0, 500)],
    ['damaged', table().fill(0xff, 4, 60)],
    ['empty', new Uint8Array()],
  ])('that is %s is told so', async (_name, bytes) => {
    const reading = openParquet(inMemory(bytes)).then((file) => allOf(file.rows()))
    await expect(reading).rejects.toThrow(UnreadableFileError)
    await expect(reading).rejects.toThrow(/^The Parquet file can't be read: /)
  })

  it('gives what its source throws as it is', async () => {
    const source = inMemory(table({ rowGroupSize: 100 }))
    const file = await openParquet(source)
    source.slice = async () => {
      throw new TypeError('the database is away')
    }
    await expect(allOf(file.rows())).rejects.toThrow(new TypeError('the database is away'))
  })
})
