import { mostRowBytes } from './row.ts'

/** The bytes of one row, which may come in several chunks; of one that is too long, no more is kept. */
export class GatheredBytes {
  #parts: Uint8Array[] = []
  #length = 0

  get isTooLong(): boolean {
    return this.#length > mostRowBytes
  }

  get isEmpty(): boolean {
    return this.#length === 0
  }

  add(part: Uint8Array): void {
    this.#length += part.length
    if (this.isTooLong) this.#parts = []
    else if (part.length > 0) this.#parts.push(part)
  }

  /** The last of what was gathered, as far as it is kept: as many bytes as this at least, or all. */
  last(count: number): Uint8Array {
    return Buffer.concat(this.#parts.slice(-count))
  }

  /** Gives what was gathered, and begins anew. */
  take(): Uint8Array {
    const [first = new Uint8Array()] = this.#parts
    const bytes = this.#parts.length <= 1 ? first : Buffer.concat(this.#parts)
    this.clear()
    return bytes
  }

  clear(): void {
    this.#parts = []
    this.#length = 0
  }
}
