import type { ModelReply, ModelRequest } from '../../judging/model.ts'
import type { DisposableModel } from './llama-model.ts'

interface Held {
  readonly path: string
  readonly model: DisposableModel
  judgments: number
}

/** Models that are in memory at once, at most, unless more than that are at work. */
const mostHeld = 2

/** Keeps the models that were used last in memory, and lets go of the others once they are idle. */
export class ModelShelf implements AsyncDisposable {
  readonly #open: (path: string) => DisposableModel
  /** Least recently used first. */
  #held: Held[] = []
  readonly #leaving = new Set<Promise<unknown>>()

  constructor(open: (path: string) => DisposableModel) {
    this.#open = open
  }

  async complete(path: string, request: ModelRequest, signal: AbortSignal): Promise<ModelReply> {
    const held = this.#take(path)
    held.judgments += 1
    this.#letGoOfIdle()
    try {
      return await held.model.complete(request, signal)
    } finally {
      held.judgments -= 1
      this.#letGoOfIdle()
    }
  }

  #take(path: string): Held {
    const held = this.#held.find((one) => one.path === path) ?? {
      path,
      model: this.#open(path),
      judgments: 0,
    }
    this.#held = [...this.#held.filter((one) => one !== held), held]
    return held
  }

  #letGoOfIdle(): void {
    while (this.#held.length > mostHeld) {
      const idle = this.#held.find((one) => one.judgments === 0)
      if (idle === undefined) return
      this.#held = this.#held.filter((one) => one !== idle)
      const leaving = Promise.resolve(idle.model[Symbol.asyncDispose]())
      this.#leaving.add(leaving)
      const forget = (): boolean => this.#leaving.delete(leaving)
      leaving.then(forget, forget)
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const all = this.#held.map((one) => one.model[Symbol.asyncDispose]())
    this.#held = []
    await Promise.all([...all, ...this.#leaving])
  }
}
