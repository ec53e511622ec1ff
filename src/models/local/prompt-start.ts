import type { LlamaContextSequence, Token } from 'node-llama-cpp'
import { orAborted } from '../or-aborted.ts'
import type { LlamaEngine } from './llama-engine.ts'
import { type SequencePool, sharedStart } from './sequence-pool.ts'

/** Small enough that a call that is given up stops soon, large enough to keep a processor, or a GPU, busy. */
const sliceTokens = { processor: 128, gpu: 512 }
/** Fewer tokens are evaluated about as fast as a sequence is copied. */
const leastWorthCopying = 64

interface Running {
  readonly sequence: LlamaContextSequence
  readonly prompt: readonly Token[]
  /** Settles when the next slice is evaluated, or none will be. */
  progress: PromiseWithResolvers<void>
}

/**
 * Evaluates prompts up to their last token, which generation begins with. What several have in common is
 * evaluated once: it stays in the sequence for the next judgment and is copied to the other sequences, and a
 * prompt whose beginning is being evaluated elsewhere waits for it.
 */
export class PromptStarts {
  readonly #engine: LlamaEngine
  readonly #pool: Pick<SequencePool, 'sequences'>
  readonly #running: Running[] = []

  constructor(engine: LlamaEngine, pool: Pick<SequencePool, 'sequences'>) {
    this.#engine = engine
    this.#pool = pool
  }

  /**
   * @returns how many of the prompt's tokens were evaluated before
   * @throws the signal's reason once it is aborted
   */
  async evaluate(
    sequence: LlamaContextSequence,
    prompt: readonly Token[],
    signal: AbortSignal,
  ): Promise<number> {
    // No await between the last look at the others and becoming one of them.
    for (;;) {
      const other = this.#aheadOf(sequence, prompt)
      if (other === undefined) break
      await orAborted(other.progress.promise, signal)
    }
    const running: Running = { sequence, prompt, progress: Promise.withResolvers() }
    this.#running.push(running)
    try {
      return await this.#run(running, signal)
    } finally {
      this.#running.splice(this.#running.indexOf(running), 1)
      running.progress.resolve()
    }
  }

  async #run(running: Running, signal: AbortSignal): Promise<number> {
    const { sequence, prompt } = running
    await this.#copyFromOther(sequence, prompt)
    const reused = Math.min(sharedStart(sequence, prompt), prompt.length - 1)
    // Never shift what comes after a difference into place: it was evaluated after another conversation's text.
    await sequence.adaptStateToTokens(prompt.slice(0, reused), false)
    // Some architectures can only keep less than was asked.
    const kept = sequence.nextTokenIndex
    const slice = this.#engine.llama.gpu === false ? sliceTokens.processor : sliceTokens.gpu
    for (let start = kept; start < prompt.length - 1; start += slice) {
      signal.throwIfAborted()
      const end = Math.min(start + slice, prompt.length - 1)
      await sequence.evaluateWithoutGeneratingNewTokens(prompt.slice(start, end))
      running.progress.resolve()
      running.progress = Promise.withResolvers()
    }
    return kept
  }

  /** Who is about to evaluate more of the prompt's beginning than this sequence has. */
  #aheadOf(sequence: LlamaContextSequence, prompt: readonly Token[]): Running | undefined {
    const own = sharedStart(sequence, prompt)
    return this.#running.find((running) => {
      const shared = sharedLength(running.prompt, prompt)
      return shared - own >= leastWorthCopying && sharedStart(running.sequence, prompt) < shared
    })
  }

  async #copyFromOther(sequence: LlamaContextSequence, prompt: readonly Token[]): Promise<void> {
    // Nothing of theirs can be cut off at a place of our choice.
    if (sequence.needsCheckpoints) return
    const others = this.#pool.sequences.filter((other) => other !== sequence)
    const best = others.reduce<LlamaContextSequence | undefined>((longest, other) => {
      if (longest === undefined) return other
      return sharedStart(other, prompt) > sharedStart(longest, prompt) ? other : longest
    }, undefined)
    if (best === undefined) return
    const shared = Math.min(sharedStart(best, prompt), prompt.length - 1)
    if (shared - sharedStart(sequence, prompt) < leastWorthCopying) return
    if ((await copyState(sequence, best, shared)) === false) await sequence.clearHistory()
  }
}

/** node-llama-cpp copies states for its own decisions only: where a version has no such method, nothing is copied. */
async function copyState(
  to: LlamaContextSequence,
  from: LlamaContextSequence,
  tokens: number,
): Promise<boolean | undefined> {
  const copy: unknown = Reflect.get(to, '_copyStateFromOtherSequence')
  return typeof copy === 'function' ? await copy.call(to, from, tokens) : undefined
}

function sharedLength(one: readonly Token[], other: readonly Token[]): number {
  const end = one.findIndex((token, place) => other[place] !== token)
  return end === -1 ? one.length : end
}
