import type { Pause } from './keep-judgments.ts'
import { Places } from './places.ts'
import type { RunningRun } from './run-work-store.ts'
import { nextTurns } from './turns.ts'
import { RunWork, type RunWorkTools } from './work-on-run.ts'

export interface RunWorkerTools extends Omit<RunWorkTools, 'sharersOf' | 'onOver' | 'places'> {
  /** Runs that are worked on at the same time; the others wait their turn. */
  readonly atOnce: number
  /** Judgments of all runs together at the same time; absent: whatever the runs ask for. */
  readonly mostInFlight?: number
  readonly pause: Pause
}

/** Works on whatever runs there are. Disposing stops it as `stop` does, with no time to finish anything. */
export interface RunWorker extends AsyncDisposable {
  /** Begins to work: what runs there are is known by their rows alone. */
  start(): void
  /** Says that something has changed with a run. */
  wake(): void
  /**
   * Begins nothing new, and resolves once what is under way is finished and stored.
   * @param timeUp once it is aborted, what is not finished is broken off
   */
  stop(timeUp: AbortSignal): Promise<void>
}

/** How often to look for runs, and how those stand that are worked on: a cancelled run goes on for so long. */
const lookEveryMs = 1000

/** How long somebody is remembered who had a turn: longer than anybody waits for one. */
const mostRemembered = 10_000

/** @example const worker = createRunWorker({ store, judgeMaterial, atOnce: 4, ... }); worker.start() */
export function createRunWorker(tools: RunWorkerTools): RunWorker {
  return new WorkerOnRuns(tools)
}

class WorkerOnRuns implements RunWorker {
  readonly #tools: RunWorkerTools
  readonly #places: Places
  readonly #works = new Map<string, RunWork>()
  /** Since when runs have their turns, and when those of others ended. */
  readonly #current = new Map<string, number>()
  readonly #ended = new Map<string, number>()
  #rest = new AbortController()
  #working: Promise<void> | undefined
  #isStopping = false

  constructor(tools: RunWorkerTools) {
    this.#tools = tools
    this.#places = new Places(tools.mostInFlight ?? Infinity)
  }

  start(): void {
    if (!this.#isStopping) this.#working ??= this.#work()
  }

  wake(): void {
    this.#rest.abort()
  }

  async stop(timeUp: AbortSignal): Promise<void> {
    this.#isStopping = true
    this.wake()
    const breakOff = (): void => {
      for (const work of this.#works.values()) work.abandon(timeUp.reason as Error)
    }
    timeUp.addEventListener('abort', breakOff, { once: true })
    await this.#working
    for (const work of this.#works.values()) work.endTurn()
    if (timeUp.aborted) breakOff()
    await Promise.all([...this.#works.values()].map((work) => work.over()))
    timeUp.removeEventListener('abort', breakOff)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop(AbortSignal.abort(new Error('This process is ending.')))
  }

  async #work(): Promise<void> {
    while (!this.#isStopping) {
      this.#rest = new AbortController()
      await this.#look()
      if (!this.#isStopping) await this.#tools.pause(lookEveryMs, this.#rest.signal)
    }
  }

  async #look(): Promise<void> {
    try {
      const running = await this.#tools.store.listRunning()
      this.#forgetWhatIsOver()
      this.#giveTurns(running)
    } catch (error) {
      this.#tools.onFailure(error)
    }
    await Promise.all([...this.#works.values()].map((work) => work.look()))
  }

  #forgetWhatIsOver(): void {
    for (const [id, work] of this.#works) {
      if (!work.isOver()) continue
      this.#works.delete(id)
      this.#endTurn(id)
    }
  }

  #giveTurns(running: readonly RunningRun[]): void {
    const { elapsedMs, atOnce } = this.#tools
    const turns = { current: this.#current, ended: this.#ended }
    const { begin, end } = nextTurns(running, turns, atOnce, elapsedMs())
    for (const id of end) {
      this.#works.get(id)?.endTurn()
      this.#endTurn(id)
    }
    for (const run of running) if (begin.includes(run.id)) this.#beginTurn(run)
  }

  #beginTurn(run: RunningRun): void {
    this.#current.set(run.id, this.#tools.elapsedMs())
    const known = this.#works.get(run.id)
    if (known !== undefined) known.beginTurn()
    else this.#works.set(run.id, new RunWork(run, this.#toolsOfWork()))
  }

  #toolsOfWork(): RunWorkTools {
    const sharersOf = (provider: string): number => this.#sharersOf(provider)
    return { ...this.#tools, sharersOf, places: this.#places, onOver: () => this.wake() }
  }

  #endTurn(id: string): void {
    if (!this.#current.delete(id)) return
    this.#ended.delete(id)
    this.#ended.set(id, this.#tools.elapsedMs())
    const [oldest] = this.#ended.keys()
    if (this.#ended.size > mostRemembered && oldest !== undefined) this.#ended.delete(oldest)
  }

  #sharersOf(provider: string): number {
    const works = [...this.#works.values()]
    return works.filter((work) => work.isOnTurn() && work.providers().includes(provider)).length
  }
}
