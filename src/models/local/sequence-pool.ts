import type { LlamaContextSequence, Token } from 'node-llama-cpp'

/** Whoever holds a sequence evaluates in it alone; it goes back when the block ends. */
export interface HeldSequence extends Disposable {
  readonly sequence: LlamaContextSequence
}

interface Waiter {
  give(sequence: LlamaContextSequence): void
}

/** Hands out a context's sequences, first come first served, and keeps what each has evaluated. */
export class SequencePool {
  readonly #free: LlamaContextSequence[]
  readonly #waiters = new Set<Waiter>()

  constructor(sequences: readonly LlamaContextSequence[]) {
    this.#free = [...sequences]
  }

  /**
   * A free sequence, the one that shares the longest beginning with the prompt.
   * @throws the signal's reason, when it is aborted before one is free.
   */
  async acquire(prompt: readonly Token[], signal: AbortSignal): Promise<HeldSequence> {
    signal.throwIfAborted()
    const sequence = this.#takeBest(prompt) ?? (await this.#wait(signal))
    return { sequence, [Symbol.dispose]: () => this.#release(sequence) }
  }

  #takeBest(prompt: readonly Token[]): LlamaContextSequence | undefined {
    let best = this.#free[0]
    for (const sequence of this.#free) {
      if (best && sharedStart(sequence, prompt) > sharedStart(best, prompt)) best = sequence
    }
    if (best) this.#free.splice(this.#free.indexOf(best), 1)
    return best
  }

  #wait(signal: AbortSignal): Promise<LlamaContextSequence> {
    return new Promise((resolve, reject) => {
      const giveUp = (): void => {
        this.#waiters.delete(waiter)
        reject(signal.reason)
      }
      const waiter: Waiter = {
        give: (sequence) => {
          signal.removeEventListener('abort', giveUp)
          resolve(sequence)
        },
      }
      this.#waiters.add(waiter)
      signal.addEventListener('abort', giveUp, { once: true })
    })
  }

  #release(sequence: LlamaContextSequence): void {
    const [next] = this.#waiters
    if (next === undefined) {
      this.#free.push(sequence)
      return
    }
    this.#waiters.delete(next)
    next.give(sequence)
  }
}

/** How many of the prompt's tokens the sequence has evaluated already. */
export function sharedStart(sequence: LlamaContextSequence, prompt: readonly Token[]): number {
  return sequence.compareContextTokens([...prompt]).firstDifferentIndex
}
