import { gzipSync } from 'node:zlib'
import { parse as parseCsv } from 'csv-parse/sync'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { allOf } from '../../test/support/all-of.ts'
import { firstRows, readRows } from './read-rows.ts'
import { mostRowBytes, type Row, UnreadableFileError } from './rows/row.ts'
import type { RowFormat } from './rows/row-format.ts'

/** The content in chunks of these sizes, the last of which repeats. */
async function* chunked(content: string | Uint8Array, sizes: readonly number[] = [1_000_000]) {
  const bytes = Buffer.from(content)
  for (let start = 0, index = 0; start < bytes.length; index++) {
    const size = sizes[Math.min(index, sizes.length - 1)] as number
    yield bytes.subarray(start, start + size)
    start += size
  }
}

async function read(
  content: string | Uint8Array,
  format?: RowFormat,
  { sizes, skippedRows = 0 }: { sizes?: readonly number[]; skippedRows?: number } = {},
): Promise<Row[]> {
  return await allOf(readRows(chunked(content, sizes), format, { skippedRows }))
}

function values(rows: readonly Row[]): unknown[] {
  return rows.map((row) => ('value' in row ? row.value : row.reason))
}

async function faultOf(content: string | Uint8Array, format?: RowFormat): Promise<string> {
  const error = await read(content, format).catch((thrown) => thrown)
  expect(error).toBeInstanceOf(UnreadableFileError)
  return error.message
}

const sizesArbitrary = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 20 })
const text = fc.string({ unit: 'grapheme', maxLength: 12 })
const rowArbitrary = fc.dictionary(text, fc.jsonValue({ maxDepth: 3 }), { maxKeys: 4 })

describe('lines of JSON', () => {
  it('are read with the line on which each stands, whatever ends it', async () => {
    expect(await read('{"a":1}\n\r\n  {"a":2}\r\n\n{"a":3}', 'jsonl')).toEqual([
      { line: 1, value: { a: 1 } },
      { line: 3, value: { a: 2 } },
      { line: 5, value: { a: 3 } },
    ])
  })

  it('are refused one by one, and the others read', async () => {
    const bytes = Buffer.concat([
      Buffer.from('{"a":1}\n{"a":\n"'),
      Buffer.from([0xff]),
      Buffer.from('"\n[2]\n'),
    ])
    expect(await read(bytes, 'jsonl')).toEqual([
      { line: 1, value: { a: 1 } },
      { line: 2, reason: expect.stringMatching(/^The row is no JSON: Unexpected end/) },
      { line: 3, reason: expect.stringMatching(/^The row is no UTF-8/) },
      { line: 4, value: [2] },
    ])
  })

  it('that are too long are refused without being held', async () => {
    const rows = await read(`"${'x'.repeat(mostRowBytes)}"\n{}\n`, 'jsonl', { sizes: [65_536] })
    expect(rows).toEqual([
      { line: 1, reason: 'The row is longer than 16,000,000 bytes, the most that is read of one.' },
      { line: 2, value: {} },
    ])
  })

  it('come back as they were written, cut anywhere', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(rowArbitrary),
        sizesArbitrary,
        fc.nat(5),
        async (rows, sizes, skippedRows) => {
          const content = rows.map((row) => `${JSON.stringify(row)}\n`).join('')
          const parsed = rows.map((row) => JSON.parse(JSON.stringify(row)))
          const found = await read(content, 'jsonl', { sizes, skippedRows })
          expect(values(found)).toEqual(parsed.slice(skippedRows))
        },
      ),
    )
  })
})

describe('an array of JSON', () => {
  it.each([
    ['an array', '[{"a":1},{"a":[2,"]"]}]'],
    ['spread over lines', '\n[\n  {"a": 1},\n  {"a": [2, "]"]}\n]\n'],
    ['in an object', '{"total":2,"meta":{"data":[9]},"data" : [{"a":1},{"a":[2,"]"]}],"next":null}'],
    ['objects without an array', '{"a":1}\n{"a":[2,"]"]}'],
    ['objects over lines', '{\n"a":1\n}\n{"a":\n[2,"]"]}\n'],
  ])('is read: %s', async (_name, content) => {
    for (const sizes of [[1], [3], [100]]) {
      expect(values(await read(content, 'json', { sizes }))).toEqual([{ a: 1 }, { a: [2, ']'] }])
    }
  })

  it('has items of every kind, each with its number', async () => {
    expect(await read('[1,"a\\"]",null,{"a":1} ,-2.5e3\n]', 'json')).toEqual([
      { line: 1, value: 1 },
      { line: 2, value: 'a"]' },
      { line: 3, value: null },
      { line: 4, value: { a: 1 } },
      { line: 5, value: -2500 },
    ])
  })

  it('is not taken for a list where another field only looks like one', async () => {
    const content = '{"x, \\"data\\": [":1,"y\\"data":[2],"conversations":[3]}'
    expect(values(await read(content, 'json'))).toEqual([JSON.parse(content)])
  })

  it('loses an item that is no JSON, and goes on', async () => {
    expect(values(await read('[{"a":1},{"a":tru},{"a":3}]', 'json'))).toEqual([
      { a: 1 },
      expect.stringMatching(/^The row is no JSON/),
      { a: 3 },
    ])
  })

  it.each([
    ['[{"a":1},', 'The JSON breaks off behind item 1: the file is not whole.'],
    ['[{"a":1},{"a"', 'The JSON breaks off in item 2: the file is not whole.'],
    ['[{"a":1} {"a":2}]', 'The JSON has "{" behind item 1 (byte 10); expected "," or "]" there.'],
    ['[{"a":1},]', 'The JSON has "]" behind item 1 (byte 10); expected an item there.'],
    ['[,1]', 'The JSON has "," at the beginning (byte 2); expected an item there.'],
    ['hello', 'The JSON has "h" at the beginning (byte 1); expected an array of objects there.'],
  ])('that is broken says where: %s', async (content, message) => {
    expect(await faultOf(content, 'json')).toBe(message)
  })

  it('comes back as it was written, cut anywhere', async () => {
    const item = fc.oneof(rowArbitrary, fc.jsonValue({ maxDepth: 2 }))
    const space = fc.constantFrom(undefined, 1, '\t')
    await fc.assert(
      fc.asyncProperty(
        fc.array(item),
        space,
        sizesArbitrary,
        fc.nat(4),
        fc.constantFrom('data', undefined),
        async (items, indent, sizes, skippedRows, field) => {
          const document = field === undefined ? items : { count: 1, [field]: items, more: [{}] }
          const found = await read(JSON.stringify(document, null, indent), 'json', { sizes, skippedRows })
          expect(values(found)).toEqual(JSON.parse(JSON.stringify(items)).slice(skippedRows))
        },
      ),
    )
  })
})

describe('comma-separated values', () => {
  it('are read with the line on which each row begins', async () => {
    const content = 'question,answer\r\n"a ""b"", c","1\r\n2"\r\n\r\n5" pipe,\r\n,x'
    for (const sizes of [[1], [2], [7], [100]]) {
      expect(await read(content, 'csv', { sizes })).toEqual([
        { line: 2, value: { question: 'a "b", c', answer: '1\r\n2' } },
        { line: 5, value: { question: '5" pipe', answer: '' } },
        { line: 6, value: { question: '', answer: 'x' } },
      ])
    }
  })

  it.each([
    [',', 'a,b\n1;2,3\n', { a: '1;2', b: '3' }],
    [';', '"a,1";b\n1,5;2\n', { 'a,1': '1,5', b: '2' }],
    ['\t', 'a\tb, c\n1\t2\n', { a: '1', 'b, c': '2' }],
    ['nothing', 'a\n1,2\n', 'The row has 2 cells; expected 1, one a column.'],
  ])('may have %j between the cells', async (_name, content, row) => {
    expect(values(await read(content, 'csv'))).toEqual([row])
  })

  it('with tabs need no detection where the format says so', async () => {
    expect(values(await read('a,b,c\td\n1\t2\n', 'tsv'))).toEqual([{ 'a,b,c': '1', d: '2' }])
  })

  it('lose a row that is wrong, and go on', async () => {
    const bytes = Buffer.concat([
      Buffer.from('a,b\n1\n1,2,3\n"x" y,2\n'),
      Buffer.from([0xe9]),
      Buffer.from(',2\r5,6\r'),
    ])
    expect(await read(bytes, 'csv')).toEqual([
      { line: 2, reason: 'The row has 1 cell; expected 2, one a column.' },
      { line: 3, reason: 'The row has 3 cells; expected 2, one a column.' },
      {
        line: 4,
        reason: 'The row has text behind the closing quote of cell 1; within quotes, write a quote twice.',
      },
      { line: 5, reason: 'The row is no UTF-8; save the file in this encoding.' },
      { line: 6, value: { a: '5', b: '6' } },
    ])
  })

  it('that are too long are refused without being held', async () => {
    const content = `a,b\n"${'x'.repeat(mostRowBytes)}",\n1,2\n`
    expect(values(await read(content, 'csv', { sizes: [65_536] }))).toEqual([
      expect.stringMatching(/^The row is longer than/),
      { a: '1', b: '2' },
    ])
  })

  it('that can not be read on from somewhere say where', async () => {
    expect(await faultOf('a,b\n1,2\n3,"4\n5,6\n', 'csv')).toMatch(/in the row of line 3 that is never closed/)
    expect(await faultOf('a,b,a\n1,2,3\n', 'csv')).toMatch(/the column "a" twice/)
    expect(await faultOf('"a"b,c\n1,2\n', 'csv')).toMatch(/^The header of the CSV: The row has text behind/)
  })

  it('are read as another reader reads them, cut anywhere', async () => {
    const cell = fc.oneof(text, fc.constantFrom('"', '\n', '\r\n', ',', ';', '""', ' "x" ', 'ä\u20ac'))
    const table = fc
      .integer({ min: 2, max: 4 })
      .chain((columns) =>
        fc.array(fc.array(cell, { minLength: columns, maxLength: columns }), { minLength: 1, maxLength: 6 }),
      )
    await fc.assert(
      fc.asyncProperty(
        table,
        fc.constantFrom(',', ';', '\t'),
        fc.constantFrom('\n', '\r\n'),
        sizesArbitrary,
        fc.nat(3),
        async (rows, delimiter, end, sizes, skippedRows) => {
          const header = (rows[0] ?? []).map((_, index) => `column ${index}`)
          const content = [header, ...rows]
            .map((row) => row.map((one) => `"${one.replaceAll('"', '""')}"`).join(delimiter) + end)
            .join('')
          const expected = parseCsv(content, { columns: true, delimiter }) as unknown[]
          expect(expected).toHaveLength(rows.length)
          expect(values(await read(content, 'csv', { sizes, skippedRows }))).toEqual(
            expected.slice(skippedRows),
          )
        },
      ),
    )
  })

  it('without quotes are read as another reader reads them', async () => {
    const cell = fc.stringMatching(/^[a-z0-9 .é]{1,6}$/)
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(cell, cell, cell), { minLength: 1 }),
        sizesArbitrary,
        async (rows, sizes) => {
          const content = ['a,b,c', ...rows.map((row) => row.join(','))].join('\n')
          const expected = parseCsv(content, { columns: true }) as unknown[]
          expect(values(await read(content, 'csv', { sizes }))).toEqual(expected)
        },
      ),
    )
  })
})

describe('any text', () => {
  const csv = 'a,b\n"ä\n€",😀\n'
  const rows = [{ line: 2, value: { a: 'ä\n€', b: '😀' } }]

  it.each([
    ['with a byte order mark', Buffer.from(`\ufeff${csv}`)],
    ['in UTF-16, little end first', Buffer.from(`\ufeff${csv}`, 'utf16le')],
    ['in UTF-16, big end first', Buffer.from(`\ufeff${csv}`, 'utf16le').swap16()],
    ['compressed', gzipSync(csv)],
    ['compressed in two parts', Buffer.concat([gzipSync(csv.slice(0, 5)), gzipSync(csv.slice(5))])],
    ['compressed with a byte order mark', gzipSync(`\ufeff${csv}`)],
  ])('is read %s', async (_name, bytes) => {
    for (const sizes of [[1], [3], [100]]) expect(await read(bytes, 'csv', { sizes })).toEqual(rows)
  })

  it('that is cut off or damaged while compressed is told so', async () => {
    const whole = gzipSync('{"a":1}\n'.repeat(1000))
    expect(await faultOf(whole.subarray(0, 40))).toMatch(/gzip, and it is damaged or cut off/)
    expect(await faultOf(Buffer.from([0x1f, 0x8b, 1, 2, 3, 4, 5, 6, 7, 8]))).toMatch(/damaged or cut off/)
  })

  it.each([
    ['an array of JSON', ' [{"a":1}]'],
    ['lines of JSON', '{"a":1}'],
    ['comma-separated values', 'a\n1'],
    ['an array that is said to be lines', '\n[{"a":1}]', 'jsonl'],
    ['lines that are said to be an array', '{"a":1}\n', 'json'],
  ] as const)('says by itself that it is %s', async (_name, content, format?: RowFormat) => {
    const [row] = values(await read(content, format))
    expect([{ a: 1 }, { a: '1' }]).toContainEqual(row)
  })

  it('that is empty has no rows', async () => {
    for (const format of ['jsonl', 'json', 'csv', undefined] as const) {
      expect(await read('', format)).toEqual([])
      expect(await read('\ufeff\n', format)).toEqual([])
    }
  })

  it('gives what its source throws as it is', async () => {
    async function* broken() {
      yield gzipSync('{"a":1}\n'.repeat(100)).subarray(0, 30)
      throw new Error('the disk is gone')
    }
    await expect(allOf(readRows(broken(), 'jsonl'))).rejects.toThrow('the disk is gone')
  })

  it('is let go of when nobody reads on', async () => {
    let isClosed = false
    async function* endless() {
      try {
        for (;;) yield Buffer.from('{"a":1}\n')
      } finally {
        isClosed = true
      }
    }
    const { first, all } = await firstRows(readRows(endless(), undefined), 3)
    expect(values(first)).toEqual([{ a: 1 }, { a: 1 }, { a: 1 }])
    for await (const row of all) {
      expect(row.line).toBe(1)
      break
    }
    expect(isClosed).toBe(true)
  })
})
