import type { LlamaContextSequence, Token } from 'node-llama-cpp'

/** Whoever holds a sequence evaluates in it alone; it goes back when the block ends. */
export interface HeldSequence extends Disposable {
  readonly sequence: LlamaContextSequence
}

/** Sequences that judgments are evaluated in; the memory of all of them is taken until it is disposed of. */
export interface OpenContext extends AsyncDisposable {
  readonly sequences: readonly LlamaContextSequence[]
  /** Tokens that each of them has room for. */
  readonly contextTokens: number
}

interface ContextSource {
  /** The most that `openContext` can be asked for. */
  readonly contextTokens: number
  openContext(tokens: number): Promise<OpenContext>
}

interface Waiter {
  readonly prompt: readonly Token[]
  readonly tokens: number
  give(sequence: LlamaContextSequence): void
  fail(error: unknown): void
}

/** The room that most judgments need. */
const leastContextTokens = 1024

/**
 * Hands out a context's sequences, first come first served, and keeps what each has evaluated. The context has as
 * much room as the longest judgment so far has needed: for a longer one it makes place for a larger context, once
 * those before it are done.
 */
export class SequencePool implements AsyncDisposable {
  readonly #source: ContextSource
  #context: OpenContext | undefined
  #free: LlamaContextSequence[] = []
  #growing: Promise<void> | undefined
  readonly #waiters = new Set<Waiter>()

  constructor(source: ContextSource) {
    this.#source = source
  }

  /** All of the context that is open now, held or free. */
  get sequences(): readonly LlamaContextSequence[] {
    return this.#context?.sequences ?? []
  }

  /**
   * A free sequence, the one that shares the longest beginning with the prompt.
   * @param tokens room that the prompt and what follows it need, no more than the source can give
   * @throws the signal's reason, when it is aborted before one is free; what opening a larger context throws
   */
  async acquire(prompt: readonly Token[], tokens: number, signal: AbortSignal): Promise<HeldSequence> {
    signal.throwIfAborted()
    const sequence = await this.#wait(prompt, tokens, signal)
    return {
      sequence,
      [Symbol.dispose]: () => {
        this.#free.push(sequence)
        this.#serve()
      },
    }
  }

  #wait(prompt: readonly Token[], tokens: number, signal: AbortSignal): Promise<LlamaContextSequence> {
    const { promise, resolve, reject } = Promise.withResolvers<LlamaContextSequence>()
    const giveUp = (): void => {
      this.#waiters.delete(waiter)
      reject(signal.reason)
      this.#serve()
    }
    const leave = (): void => {
      this.#waiters.delete(waiter)
      signal.removeEventListener('abort', giveUp)
    }
    const waiter: Waiter = {
      prompt,
      tokens,
      give: (sequence) => {
        leave()
        resolve(sequence)
      },
      fail: (error) => {
        leave()
        reject(error)
      },
    }
    signal.addEventListener('abort', giveUp, { once: true })
    this.#waiters.add(waiter)
    this.#serve()
    return promise
  }

  /** Nobody overtakes one who waits for more room: a long conversation would wait for as long as short ones come. */
  #serve(): void {
    for (const waiter of this.#waiters) {
      if (this.#growing !== undefined) return
      if (waiter.tokens > (this.#context?.contextTokens ?? 0)) {
        const isUnused = this.#free.length === this.sequences.length
        if (isUnused) this.#growing = this.#grow()
        return
      }
      const sequence = this.#takeBest(waiter.prompt)
      if (sequence === undefined) return
      waiter.give(sequence)
    }
  }

  #takeBest(prompt: readonly Token[]): LlamaContextSequence | undefined {
    let best = this.#free[0]
    for (const sequence of this.#free) {
      if (best && sharedStart(sequence, prompt) > sharedStart(best, prompt)) best = sequence
    }
    if (best) this.#free.splice(this.#free.indexOf(best), 1)
    return best
  }

  /** The old context goes first, so that there is never memory for two. */
  async #grow(): Promise<void> {
    const tokens = this.#sizeFor(Math.max(...Array.from(this.#waiters, (waiter) => waiter.tokens)))
    const old = this.#context
    this.#context = undefined
    this.#free = []
    try {
      await old?.[Symbol.asyncDispose]()
      this.#context = await this.#source.openContext(tokens)
      this.#free = [...this.#context.sequences]
    } catch (error) {
      // The others may be content with less.
      for (const waiter of this.#waiters) if (this.#sizeFor(waiter.tokens) === tokens) waiter.fail(error)
    }
    this.#growing = undefined
    this.#serve()
  }

  /** Powers of two, so that conversations that get longer and longer find a larger context made a few times only. */
  #sizeFor(tokens: number): number {
    let size = leastContextTokens
    while (size < tokens) size *= 2
    return Math.min(size, this.#source.contextTokens)
  }

  /** Gives the memory back. Nobody holds a sequence, or waits for one, any more. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#growing
    const context = this.#context
    this.#context = undefined
    this.#free = []
    await context?.[Symbol.asyncDispose]()
  }
}

/** How many of the prompt's tokens the sequence has evaluated already. */
export function sharedStart(sequence: LlamaContextSequence, prompt: readonly Token[]): number {
  return sequence.compareContextTokens([...prompt]).firstDifferentIndex
}
