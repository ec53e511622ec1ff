import { pipeline, Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { type Bytes, UnreadableFileError } from './row.ts'

/**
 * Looks at the beginning without taking it away.
 * @param count the bytes that are looked at, or fewer where the source has no more
 */
export async function peek(
  source: Bytes,
  count: number,
): Promise<{ readonly start: Uint8Array; readonly all: Bytes }> {
  const iterator = source[Symbol.asyncIterator]()
  const seen: Uint8Array[] = []
  let length = 0
  let isAtEnd = false
  while (length < count && !isAtEnd) {
    const next = await iterator.next()
    if (next.done) isAtEnd = true
    else {
      seen.push(next.value)
      length += next.value.length
    }
  }
  const start = Buffer.concat(seen)
  return { start: start.subarray(0, count), all: begunWith(start, iterator) }
}

async function* begunWith(
  start: Uint8Array,
  iterator: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    if (start.length > 0) yield start
    for (let next = await iterator.next(); !next.done; next = await iterator.next()) yield next.value
  } finally {
    await iterator.return?.()
  }
}

/**
 * The text of a file as UTF-8 without a byte order mark: what is compressed with gzip is unpacked, and what its mark
 * says to be UTF-16 is written anew.
 * @throws UnreadableFileError while it is read, where the compressed file is damaged
 */
export async function readText(source: Bytes): Promise<Bytes> {
  const packed = await peek(source, 2)
  if (packed.start[0] !== 0x1f || packed.start[1] !== 0x8b) return await asUtf8(packed.all)
  return await asUtf8(unpacked(packed.all))
}

/** All members of a gzip file, one after the other. */
async function* unpacked(source: Bytes): AsyncGenerator<Uint8Array, void, undefined> {
  const gunzip = createGunzip()
  // Its faults come through `gunzip`.
  pipeline(Readable.from(source, { objectMode: false }), gunzip, () => {})
  try {
    yield* gunzip
  } catch (error) {
    const { code } = error as { code?: unknown }
    // What the source threw comes through as it is.
    if (typeof code !== 'string' || !code.startsWith('Z_')) throw error
    throw new UnreadableFileError('The file is compressed with gzip, and it is damaged or cut off.', {
      cause: error,
    })
  }
}

async function asUtf8(source: Bytes): Promise<Bytes> {
  const { start, all } = await peek(source, 3)
  const mark = Buffer.from(start).toString('hex')
  if (mark === 'efbbbf') return without(3, all)
  if (mark.startsWith('fffe')) return recoded(all, 'utf-16le')
  if (mark.startsWith('feff')) return recoded(all, 'utf-16be')
  return all
}

async function* without(count: number, source: Bytes): AsyncGenerator<Uint8Array, void, undefined> {
  let left = count
  for await (const chunk of source) {
    yield chunk.subarray(left)
    left -= Math.min(left, chunk.length)
  }
}

async function* recoded(source: Bytes, encoding: string): AsyncGenerator<Uint8Array, void, undefined> {
  const decoder = new TextDecoder(encoding)
  const encoder = new TextEncoder()
  for await (const chunk of source) yield encoder.encode(decoder.decode(chunk, { stream: true }))
  yield encoder.encode(decoder.decode())
}
