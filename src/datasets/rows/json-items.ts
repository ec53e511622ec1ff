import { GatheredBytes } from './gathered-bytes.ts'
import { isWhiteSpace, JsonScanner } from './json-scanner.ts'
import { type Bytes, jsonRow, type Row, tooLong, UnreadableFileError } from './row.ts'

/**
 * Reads the items of a JSON array, which may stand in an object as in `{"data": [...]}`; of several objects one after
 * the other, each is an item. An item that is no JSON is a refused row; a row's line is the item's number.
 * @param skippedRows how many items at the beginning are not wanted, and need no parsing
 * @throws UnreadableFileError where the array itself is broken
 */
export async function* readJsonItems(bytes: Bytes, skippedRows = 0): AsyncGenerator<Row, void, undefined> {
  const items = new ItemSplitter(skippedRows)
  for await (const chunk of bytes) yield* items.push(chunk)
  items.end()
}

/** The end of an object's beginning, up to the list of rows in it. */
const listBehind = /[{,\s]"(?:data|records|rows|items|examples|instances|results)"\s*:\s*$/
const longestName = 100

const openBracket = 91
const closeBracket = 93
const openBrace = 123
const closeBrace = 125
const comma = 44

class ItemSplitter {
  readonly #skippedRows: number
  readonly #scanner = new JsonScanner()
  readonly #item = new GatheredBytes()
  #items = 0
  #bytesBefore = 0
  /** What the next byte belongs to; `rest` is what stands behind the list in its object. */
  #place: 'file' | 'list' | 'item' | 'rest' = 'file'
  #listIsIn: 'file' | 'object' | undefined
  #isBehindItem = false
  #isBehindComma = false

  constructor(skippedRows: number) {
    this.#skippedRows = skippedRows
  }

  *push(chunk: Uint8Array): Generator<Row, void, undefined> {
    for (let index = 0; index < chunk.length; ) {
      if (this.#place === 'item') {
        index = this.#scanItem(chunk, index)
        if (this.#place !== 'item' && !this.#item.isEmpty) yield* this.#endItem()
      } else if (this.#place === 'rest') {
        const end = this.#scanner.scan(chunk, index)
        if (end >= 0) this.#place = 'file'
        index = end < 0 ? chunk.length : end
      } else index = this.#begin(chunk, index)
    }
    this.#bytesBefore += chunk.length
  }

  end(): void {
    if (this.#place === 'file') return
    const place = this.#place === 'item' ? `in item ${this.#items + 1}` : `behind item ${this.#items}`
    throw new UnreadableFileError(`The JSON breaks off ${place}: the file is not whole.`)
  }

  /** @returns where to read on */
  #begin(chunk: Uint8Array, index: number): number {
    const byte = chunk[index]
    if (isWhiteSpace(byte)) return index + 1
    if (this.#place === 'file') {
      if (byte === openBracket) this.#beginList('file')
      else if (byte === openBrace) return this.#beginItem(index)
      else throw this.#unexpected(chunk, index, 'an array of objects')
    } else if (byte === closeBracket && !this.#isBehindComma) this.#endList()
    else if (this.#isBehindItem) {
      if (byte !== comma) throw this.#unexpected(chunk, index, '"," or "]"')
      this.#isBehindItem = false
      this.#isBehindComma = true
    } else if (byte === comma || byte === closeBracket || byte === closeBrace) {
      throw this.#unexpected(chunk, index, 'an item')
    } else return this.#beginItem(index)
    return index + 1
  }

  #beginItem(index: number): number {
    this.#place = 'item'
    this.#scanner.begin()
    return index
  }

  /** @returns where to read on */
  #scanItem(chunk: Uint8Array, from: number): number {
    let isList = false
    const isInNoList = this.#listIsIn === undefined
    const end = this.#scanner.scan(chunk, from, (at) => {
      isList = isInNoList && this.#endsInListName(chunk.subarray(from, at))
      return isList
    })
    if (isList) {
      this.#item.clear()
      this.#beginList('object')
      return end + 1
    }
    this.#item.add(chunk.subarray(from, end < 0 ? chunk.length : end))
    if (end < 0) return chunk.length
    this.#place = isInNoList ? 'file' : 'list'
    this.#isBehindItem = true
    this.#isBehindComma = false
    return end
  }

  #endsInListName(part: Uint8Array): boolean {
    const last = Buffer.concat([this.#item.last(longestName), part]).subarray(-longestName)
    return listBehind.test(last.toString('latin1'))
  }

  *#endItem(): Generator<Row, void, undefined> {
    this.#items += 1
    const isTooLong = this.#item.isTooLong
    const content = this.#item.take()
    if (this.#items > this.#skippedRows) {
      yield isTooLong ? tooLong(this.#items) : jsonRow(this.#items, content)
    }
  }

  #beginList(listIsIn: 'file' | 'object'): void {
    this.#place = 'list'
    this.#listIsIn = listIsIn
    this.#isBehindItem = false
    this.#isBehindComma = false
  }

  #endList(): void {
    this.#place = this.#listIsIn === 'object' ? 'rest' : 'file'
    this.#listIsIn = undefined
    this.#scanner.begin(1)
  }

  #unexpected(chunk: Uint8Array, index: number, expected: string): UnreadableFileError {
    const found = JSON.stringify(String.fromCharCode(chunk[index] as number))
    const place = this.#items === 0 ? 'at the beginning' : `behind item ${this.#items}`
    const byte = (this.#bytesBefore + index + 1).toLocaleString('en')
    return new UnreadableFileError(
      `The JSON has ${found} ${place} (byte ${byte}); expected ${expected} there.`,
    )
  }
}
