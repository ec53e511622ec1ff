import type { Bytes } from './rows/row.ts'

/**
 * The same bytes in chunks of one size, of which the last may be shorter. A chunk is good until the next one is asked
 * for: they share their memory, which else would be garbage faster than it is collected.
 */
export async function* inChunks(bytes: Bytes, size: number): AsyncGenerator<Uint8Array, void, undefined> {
  const chunk = Buffer.allocUnsafe(size)
  let filled = 0
  for await (const part of bytes) {
    for (let start = 0; start < part.length; ) {
      const taken = part.subarray(start, start + size - filled)
      chunk.set(taken, filled)
      filled += taken.length
      start += taken.length
      if (filled === size) {
        yield chunk
        filled = 0
      }
    }
  }
  if (filled > 0) yield chunk.subarray(0, filled)
}
