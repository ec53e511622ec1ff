/** Where the bytes of a result stand. */
export interface ResultPlace {
  /** Of the files that hold results, from 0. */
  readonly file: number
  readonly offset: number
  /** Without the end of its line. */
  readonly length: number
}

const firstRoom = 1024

/**
 * Where the result of each record stands, by the record's line: a few bytes each, as there may be many. Of two results
 * of a record, the one that was added last counts.
 */
export class ResultIndex {
  readonly #slots = new Map<number, number>()
  #files = new Uint8Array(firstRoom)
  #offsets = new Float64Array(firstRoom)
  #lengths = new Uint32Array(firstRoom)
  #fingerprints = new BigUint64Array(firstRoom)

  get size(): number {
    return this.#slots.size
  }

  /** @param fingerprint in hexadecimal digits; the first 16 are kept */
  add(line: number, { file, offset, length }: ResultPlace, fingerprint: string): void {
    const slot = this.#slots.get(line) ?? this.#slots.size
    if (slot === this.#offsets.length) this.#grow()
    this.#slots.set(line, slot)
    this.#files[slot] = file
    this.#offsets[slot] = offset
    this.#lengths[slot] = length
    this.#fingerprints[slot] = short(fingerprint)
  }

  has(line: number): boolean {
    return this.#slots.has(line)
  }

  /** Whether the result of this line was added with this fingerprint. */
  hasFingerprint(line: number, fingerprint: string): boolean {
    const slot = this.#slots.get(line)
    return slot !== undefined && this.#fingerprints[slot] === short(fingerprint)
  }

  /** In the order of the lines. */
  *places(): Generator<ResultPlace, void, undefined> {
    for (const line of Float64Array.from(this.#slots.keys()).sort()) {
      const slot = this.#slots.get(line) ?? 0
      yield {
        file: this.#files[slot] ?? 0,
        offset: this.#offsets[slot] ?? 0,
        length: this.#lengths[slot] ?? 0,
      }
    }
  }

  #grow(): void {
    const room = this.#offsets.length * 2
    this.#files = grown(this.#files, new Uint8Array(room))
    this.#offsets = grown(this.#offsets, new Float64Array(room))
    this.#lengths = grown(this.#lengths, new Uint32Array(room))
    this.#fingerprints = grown(this.#fingerprints, new BigUint64Array(room))
  }
}

function short(fingerprint: string): bigint {
  return /^[0-9a-f]{16}/.test(fingerprint) ? BigInt(`0x${fingerprint.slice(0, 16)}`) : 0n
}

function grown<Numbers extends { set(from: Numbers): void }>(from: Numbers, to: Numbers): Numbers {
  to.set(from)
  return to
}
