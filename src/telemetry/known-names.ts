/** Names beyond these are one name: what a caller makes up is not to fill the memory. */
const mostNames = 200

/** Names as labels of metrics: the first so many as they are, all others as `other`. */
export class KnownNames {
  readonly #names = new Set<string>()

  nameOf(name: string): string {
    if (this.#names.has(name)) return name
    if (this.#names.size >= mostNames) return 'other'
    this.#names.add(name)
    return name
  }
}
