import type { Judges } from '../judges/judges.ts'
import { Brakes } from './brakes.ts'
import { whyCapped } from './caps.ts'
import { ClaimedItems, type ClaimTools } from './claimed-items.ts'
import { type Court, type FindsModels, mostUnderWay, openCourt } from './court.ts'
import { type Item, type JudgeItemTools, judgeItem } from './judge-item.ts'
import { JudgmentKeeper, type KeepTools } from './keep-judgments.ts'
import { Lookout, type LookoutTools } from './lookout.ts'
import type { Places } from './places.ts'
import type { Run } from './run.ts'
import type { RunningRun, RunWorkStore, Worker } from './run-work-store.ts'

export interface RunWorkTools extends FindsModels, JudgeItemTools, ClaimTools, KeepTools, LookoutTools {
  readonly store: RunWorkStore
  readonly judges: Pick<Judges, 'find'>
  /** How many runs share a provider now, by its name; this one counts. */
  readonly sharersOf: (provider: string) => number
  /** Where all runs of this process have their judgments. */
  readonly places: Places
  /** Called when the work is over. */
  readonly onOver: () => void
}

/** Work on one run by one process: from when its turn begins until nothing of it is under way any more. */
export class RunWork {
  readonly #worker: Worker
  readonly #running: RunningRun
  readonly #tools: RunWorkTools
  readonly #items: ClaimedItems
  readonly #keeper: JudgmentKeeper
  readonly #brakes: Brakes
  readonly #abandoned = new AbortController()
  readonly #over = Promise.withResolvers<void>()
  readonly #lookout: Lookout
  #court: Court | undefined
  #looking: Promise<void> = Promise.resolve()
  #isOnTurn = true
  /** Judged, or judged and not yet stored: what a crash would have to be paid for again. */
  #underWay = 0
  #isSettling = false
  #isOver = false

  constructor(running: RunningRun, tools: RunWorkTools) {
    this.#running = running
    this.#tools = tools
    this.#worker = { id: tools.newId(), runId: running.id }
    this.#lookout = new Lookout(this.#worker, running, tools)
    this.#items = new ClaimedItems(this.#worker, running.workspaceId, tools)
    this.#keeper = new JudgmentKeeper(this.#worker, tools, this.#abandoned.signal, () => this.#recount())
    this.#brakes = new Brakes(tools.elapsedMs)
  }

  isOver(): boolean {
    return this.#isOver
  }

  /** Resolves once the work is over. */
  over(): Promise<void> {
    return this.#over.promise
  }

  isOnTurn(): boolean {
    return this.#isOnTurn
  }

  /** Whom it asks, by the names of their providers. */
  providers(): readonly string[] {
    return [...new Set(this.#court?.found.map(({ provider }) => provider))]
  }

  /** Goes on where its turn had ended, and not all that was under way. */
  beginTurn(): void {
    this.#isOnTurn = true
    this.#goOn()
  }

  /** Begins nothing new from now on; what is under way is finished. */
  endTurn(): void {
    this.#isOnTurn = false
    this.#goOn()
  }

  /** Breaks off what is under way: nobody waits for it any more. */
  abandon(reason: Error): void {
    this.#abandoned.abort(reason)
    this.endTurn()
  }

  /** Sees how the run stands, and goes on. To be called about every second. */
  look(): Promise<void> {
    if (!this.#isOver) this.#looking = this.#look()
    return this.#looking
  }

  async #look(): Promise<void> {
    try {
      const seen = await this.#lookout.renewAndLook()
      if (seen === undefined) this.abandon(new Error('The run was removed.'))
      else this.#court ??= await this.#open(seen.run)
    } catch (error) {
      this.#tools.onFailure(error)
      return
    }
    this.#items.lookAgain()
    this.#goOn()
  }

  #open(run: Run): Promise<Court | undefined> {
    return openCourt(run, this.#tools).catch((error: unknown) => {
      this.#stumble(error)
      return undefined
    })
  }

  /** Begins what may begin, and settles where nothing is under way. Called whenever something has changed. */
  readonly #goOn = (): void => {
    const most = this.#most()
    while (this.#underWay < most && this.#items.hasReady() && this.#tools.places.take(this.#goOn)) {
      this.#underWay += 1
      void this.#judge(this.#items.take() as Item, this.#court as Court)
    }
    if (most > 0) this.#items.fill(most)?.then(() => this.#goOn(), this.#tools.onFailure)
    if (this.#underWay === 0 && !this.#isSettling && !this.#isOver) void this.#settle()
  }

  #most(): number {
    const [seen, court] = [this.#lookout.seen(), this.#court]
    if (court === undefined || seen?.run.state !== 'running' || !this.#mayBegin()) return 0
    if (this.#isOver || this.#brakes.areOn()) return 0
    return Math.min(this.#tools.places.most, mostUnderWay(seen, court, this.#tools.sharersOf))
  }

  /** Whoever has lost its lease works no more: others may judge what it has claimed. Another turn begins anew. */
  #mayBegin(): boolean {
    return this.#isOnTurn && !this.#lookout.hasLostLease()
  }

  async #judge(item: Item, court: Court): Promise<void> {
    try {
      const { record, judgment } = await judgeItem(item, court, this.#abandoned.signal, this.#tools)
      if (judgment !== null) this.#brakes.judged(judgment)
      await this.#keeper.add(record)
    } catch (error) {
      this.#items.putBack(item)
      if (!this.#abandoned.signal.aborted) this.#stumble(error)
    }
    this.#underWay -= 1
    this.#tools.places.giveBack()
    this.#goOn()
  }

  #stumble(error: unknown): void {
    this.#tools.onFailure(error)
    this.#brakes.stumbled(error)
  }

  /** A run with a cap knows what it has spent before it begins the next judgment. */
  async #recount(): Promise<void> {
    const run = this.#lookout.seen()?.run
    if (run === undefined || (run.maxCost === null && run.maxTokens === null)) return
    await this.#lookout.look().catch(this.#tools.onFailure)
  }

  async #settle(): Promise<void> {
    this.#isSettling = true
    const isDone = await this.#isDone().catch((error: unknown) => {
      // The next look tries again, where there is one.
      this.#tools.onFailure(error)
      return this.#abandoned.signal.aborted
    })
    if (isDone && this.#underWay === 0) await this.#leave()
    this.#isSettling = false
  }

  /** Whether there is nothing left to do in this turn; ends the run where there is nothing left to do at all. */
  async #isDone(): Promise<boolean> {
    const { store, now } = this.#tools
    const fault = this.#brakes.fault()
    if (fault !== undefined) await store.end(this.#running.id, { state: 'failed', reason: fault, at: now() })
    if (fault !== undefined || !this.#mayBegin()) return true
    const seen = this.#lookout.seen()
    if (seen === undefined || this.#court === undefined) return false
    if (seen.run.state !== 'running') return true
    const reason = seen.spentBudget ?? whyCapped(seen.run, seen.run.progress)
    if (reason === undefined && !this.#items.isDry()) return false
    if ((await store.complete(seen.run.id, now())) === 'completed') return true
    if (reason === undefined) return false
    await store.end(seen.run.id, { state: 'capped', reason, at: now() })
    return true
  }

  /** What is claimed is free from now on. */
  async #leave(): Promise<void> {
    this.#isOver = true
    await this.#looking
    await this.#tools.store.leave(this.#worker).catch(this.#tools.onFailure)
    this.#over.resolve()
    this.#tools.onOver()
  }
}
