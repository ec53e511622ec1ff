import { setImmediate as nextTurn } from 'node:timers/promises'

interface Timer {
  readonly atMs: number
  readonly ring: () => void
  /** Whose it is: those of someone who is dead or asleep do not ring. */
  readonly owner: Sleeper
}

/** Someone whose timers ring, unless they are dead or asleep. */
export interface Sleeper {
  isDead: boolean
  /** On the clock of the simulation. */
  asleepUntilMs: number
}

/** Time that passes at once: when everybody waits, the clock jumps to the next who is to be woken. */
export class SimulatedTime {
  #nowMs = Date.UTC(2026, 0, 1)
  #timers: Timer[] = []
  /** Calls of storage that are under way, which take no time on this clock. */
  #busy = 0

  nowMs(): number {
    return this.#nowMs
  }

  pauseOf(owner: Sleeper): (ms: number, ended: AbortSignal) => Promise<void> {
    return (ms, ended) =>
      new Promise((resolve) => {
        if (owner.isDead) return
        const ring = (): void => {
          this.#timers = this.#timers.filter((timer) => timer.ring !== ring)
          ended.removeEventListener('abort', ring)
          if (!owner.isDead) resolve()
        }
        this.#timers.push({ atMs: this.#nowMs + ms, ring, owner })
        if (ended.aborted) queueMicrotask(ring)
        else ended.addEventListener('abort', ring)
      })
  }

  /** Time stands still while this is under way. */
  async during<Result>(work: () => Promise<Result>): Promise<Result> {
    this.#busy += 1
    try {
      return await work()
    } finally {
      this.#busy -= 1
    }
  }

  /** Lets everybody do what can be done now. */
  async settle(): Promise<void> {
    for (let quietTurns = 0; quietTurns < 5; quietTurns += 1) {
      await nextTurn()
      if (this.#busy > 0) quietTurns = 0
    }
  }

  /** Lets everybody do what can be done now, then jumps to the next who wakes. */
  async pass(): Promise<void> {
    await this.settle()
    this.#timers = this.#timers.filter(({ owner }) => !owner.isDead)
    const wakesAt = ({ atMs, owner }: Timer): number => Math.max(atMs, owner.asleepUntilMs)
    const next = this.#timers.toSorted((one, other) => wakesAt(one) - wakesAt(other))[0]
    if (next === undefined) return
    this.#nowMs = Math.max(this.#nowMs, wakesAt(next))
    next.ring()
  }
}

/** @see https://github.com/bryc/code/blob/master/jshash/PRNGs.md#mulberry32 */
export function randomFrom(seed: number): () => number {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
