/** Keeps the first few, by an order, of any number of items, and forgets the others as they come. */
export class FirstItems<Item> {
  readonly #limit: number
  readonly #compare: (one: Item, other: Item) => number
  #kept: Item[] = []

  /** @param compare as `Array.sort` takes it: below 0 where `one` comes first */
  constructor(limit: number, compare: (one: Item, other: Item) => number) {
    this.#limit = limit
    this.#compare = compare
  }

  add(item: Item): void {
    this.#kept.push(item)
    // Twice as many, so that sorting is rare.
    if (this.#kept.length > 2 * this.#limit) this.#kept = [...this.inOrder()]
  }

  inOrder(): readonly Item[] {
    return this.#kept.toSorted(this.#compare).slice(0, this.#limit)
  }
}
