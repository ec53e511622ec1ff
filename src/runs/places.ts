/** So many judgments under way at once, whatever runs they are of; whoever finds no place waits for its turn. */
export class Places {
  /** How many there are. */
  readonly most: number
  #free: number
  readonly #waiting = new Set<() => void>()

  constructor(most: number) {
    this.most = most
    this.#free = most
  }

  /**
   * Takes a place where one is free.
   * @param again called once when there may be one, where there is none now; the same function waits once
   */
  take(again: () => void): boolean {
    if (this.#free < 1) {
      this.#waiting.add(again)
      return false
    }
    this.#waiting.delete(again)
    this.#free -= 1
    return true
  }

  /** Gives a place back: whoever has waited longest may take it, and whoever wants it then waits behind the others. */
  giveBack(): void {
    this.#free += 1
    for (const again of this.#waiting) {
      if (this.#free < 1) return
      this.#waiting.delete(again)
      again()
    }
  }
}
