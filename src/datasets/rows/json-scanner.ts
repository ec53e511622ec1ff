const quote = 34
const comma = 44
const openBracket = 91
const backslash = 92
const closeBracket = 93
const openBrace = 123
const closeBrace = 125

/** Finds the end of one JSON value that comes in chunks, whether or not the value is right in itself. */
export class JsonScanner {
  #depth = 0
  #isInString = false
  #isEscaped = false

  /** Makes it ready for a value, or for the rest of an object whose beginning was seen. */
  begin(depth = 0): void {
    this.#depth = depth
    this.#isInString = false
    this.#isEscaped = false
  }

  /**
   * Reads on in the value.
   * @param stopsAt sees where an array begins on the first level of an object, and may stop there
   * @returns the index behind the value, or where it was stopped; -1 where it goes on in the next chunk
   */
  scan(chunk: Uint8Array, from: number, stopsAt?: (index: number) => boolean): number {
    for (let index = from; index < chunk.length; index++) {
      const byte = chunk[index]
      if (this.#isInString) {
        if (this.#isEscaped) this.#isEscaped = false
        else if (byte === backslash) this.#isEscaped = true
        else if (byte === quote) {
          this.#isInString = false
          if (this.#depth === 0) return index + 1
        }
      } else if (byte === quote) this.#isInString = true
      else if (byte === openBrace || byte === openBracket) {
        if (byte === openBracket && this.#depth === 1 && stopsAt?.(index)) return index
        this.#depth += 1
      } else if (byte === closeBrace || byte === closeBracket) {
        // What closes here is around a number.
        if (this.#depth === 0) return index
        this.#depth -= 1
        if (this.#depth === 0) return index + 1
      } else if (this.#depth === 0 && (byte === comma || isWhiteSpace(byte))) return index
    }
    return -1
  }
}

/** As JSON has it. */
export function isWhiteSpace(byte: number | undefined): boolean {
  return byte === 32 || byte === 10 || byte === 13 || byte === 9
}
