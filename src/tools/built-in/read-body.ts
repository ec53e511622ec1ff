import { pipeline, type Readable, type Transform } from 'node:stream'
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'
import { PageError } from './page-address.ts'

const decompressors: Readonly<Record<string, () => Transform>> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
}

/** What `readBody` can undo, for a request's header. */
export const acceptedEncodings = 'gzip, deflate, br'

/**
 * Reads a body to its end.
 * @param encoding of the header `content-encoding`
 * @param maxBytes of what comes out of the decompression, which stops there
 * @throws PageError where it is longer or in another encoding; what the stream throws
 */
export async function readBody(body: Readable, encoding: string, maxBytes: number): Promise<Buffer> {
  const name = encoding.trim().toLowerCase()
  const decompress = Object.hasOwn(decompressors, name) ? decompressors[name] : undefined
  if (decompress === undefined && name !== '' && name !== 'identity') {
    throw new PageError('The page came in a compression that cannot be read.')
  }
  // The loop below gets the failure of either stream from the last one.
  const content = decompress ? pipeline(body, decompress(), () => undefined) : body
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of content) {
    length += chunk.length
    if (length > maxBytes) throw new PageError(`The page is too large: more than ${maxBytes} bytes.`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}
