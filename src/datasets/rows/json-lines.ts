import { GatheredBytes } from './gathered-bytes.ts'
import { isWhiteSpace } from './json-scanner.ts'
import { type Bytes, jsonRow, type Row, tooLong } from './row.ts'

const lineFeed = 10

/**
 * Reads JSON that stands one value a line; empty lines are no rows. A line that is no JSON is a refused row.
 * @param skippedRows how many rows at the beginning are not wanted, and need no parsing
 */
export async function* readJsonLines(bytes: Bytes, skippedRows = 0): AsyncGenerator<Row, void, undefined> {
  const gathered = new GatheredBytes()
  let line = 1
  let rows = 0
  function* endLine(): Generator<Row, void, undefined> {
    const isTooLong = gathered.isTooLong
    const content = gathered.take()
    if (isTooLong || !isBlank(content)) {
      rows += 1
      if (rows > skippedRows) yield isTooLong ? tooLong(line) : jsonRow(line, content)
    }
    line += 1
  }
  for await (const chunk of bytes) {
    let start = 0
    for (let end = chunk.indexOf(lineFeed); end >= 0; end = chunk.indexOf(lineFeed, start)) {
      gathered.add(chunk.subarray(start, end))
      yield* endLine()
      start = end + 1
    }
    gathered.add(chunk.subarray(start))
  }
  yield* endLine()
}

function isBlank(content: Uint8Array): boolean {
  return content.every(isWhiteSpace)
}
