/** Those that wait for their turn, first come, first served; whoever's signal is aborted leaves. */
export class WaitingLine<Wish> implements Iterable<Wish> {
  readonly #entries = new Map<symbol, { readonly wish: Wish; readonly enter: () => void }>()

  get length(): number {
    return this.#entries.size
  }

  /**
   * Resolves when it is let in.
   * @param wish what it waits for
   * @param reasonOf what is thrown when the signal is aborted before
   */
  wait(wish: Wish, signal: AbortSignal, reasonOf = (): unknown => signal.reason): Promise<void> {
    return new Promise((resolve, reject) => {
      const key = Symbol()
      const leave = (): void => {
        this.#entries.delete(key)
        signal.removeEventListener('abort', giveUp)
      }
      const enter = (): void => {
        leave()
        resolve()
      }
      const giveUp = (): void => {
        leave()
        reject(reasonOf())
      }
      if (signal.aborted) return giveUp()
      this.#entries.set(key, { wish, enter })
      signal.addEventListener('abort', giveUp, { once: true })
    })
  }

  /**
   * Lets in those at the front, as long as there is room for the first.
   * @param takeRoom takes the room for a wish, or says that there is none
   */
  letIn(takeRoom: (wish: Wish) => boolean): void {
    for (const { wish, enter } of this.#entries.values()) {
      if (!takeRoom(wish)) return
      enter()
    }
  }

  *[Symbol.iterator](): Iterator<Wish> {
    for (const { wish } of this.#entries.values()) yield wish
  }
}
