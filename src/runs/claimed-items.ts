import type { RecordStore } from '../datasets/dataset-store.ts'
import type { Item } from './judge-item.ts'
import type { ClaimedItem, RunWorkStore, Worker } from './run-work-store.ts'

export interface ClaimTools {
  readonly store: Pick<RunWorkStore, 'claim'>
  readonly records: Pick<RecordStore, 'readRecords'>
  readonly now: () => Date
}

/** Claimed at once: where a process dies, its claims hold until its lease ends. */
const most = 256
const least = 16

/** What is read at once, and how much may lie ready: records may be large. */
const readBytes = 1_000_000
const readyBytes = 8_000_000

/** The items of a run that are claimed and not begun, a few of them read ahead. */
export class ClaimedItems {
  readonly #worker: Worker
  readonly #workspaceId: string
  readonly #tools: ClaimTools
  #claimed: readonly ClaimedItem[] = []
  /** The next one last. */
  #ready: (Item & { readonly bytes: number })[] = []
  #readyBytes = 0
  #filling: Promise<void> | undefined
  #isDry = false

  constructor(worker: Worker, workspaceId: string, tools: ClaimTools) {
    this.#worker = worker
    this.#workspaceId = workspaceId
    this.#tools = tools
  }

  /** Whether the last look found nothing to claim, and all that was claimed is begun. */
  isDry(): boolean {
    return (
      this.#isDry && this.#filling === undefined && this.#claimed.length === 0 && this.#ready.length === 0
    )
  }

  /** There may be something to claim again. */
  lookAgain(): void {
    this.#isDry = false
  }

  hasReady(): boolean {
    return this.#ready.length > 0
  }

  take(): Item | undefined {
    const item = this.#ready.pop()
    if (item !== undefined) this.#readyBytes -= item.bytes
    return item
  }

  /** What was taken and could not be begun comes first again. */
  putBack(item: Item): void {
    this.#ready.push({ ...item, bytes: 0 })
  }

  /**
   * Sees to it that there is enough for so many judgments at once.
   * @returns undefined where there is, or nothing more could be had; rejects with what storage throws
   */
  fill(atOnce: number): Promise<void> | undefined {
    if (this.#filling !== undefined || this.#ready.length > atOnce / 2) return undefined
    if (this.#readyBytes > readyBytes || (this.#isDry && this.#claimed.length === 0)) return undefined
    this.#filling = this.#fillUp(atOnce).finally(() => {
      this.#filling = undefined
    })
    return this.#filling
  }

  async #fillUp(atOnce: number): Promise<void> {
    const { store, records, now } = this.#tools
    if (this.#claimed.length === 0) {
      const many = Math.min(most, Math.max(least, 2 * atOnce))
      this.#claimed = await store.claim(this.#worker, many, now())
      this.#isDry = this.#claimed.length < many
    }
    const next = beginning(this.#claimed)
    const ids = next.filter(({ bytes }) => bytes !== null).map(({ recordId }) => recordId)
    const read = ids.length === 0 ? [] : await records.readRecords(this.#workspaceId, ids)
    const contents = new Map(read.map((record) => [record.id, record]))
    const items = next.map(({ number, recordId, bytes }) => {
      return { number, recordId, bytes: bytes ?? 0, content: contents.get(recordId) }
    })
    this.#claimed = this.#claimed.slice(next.length)
    this.#ready = [...items.toReversed(), ...this.#ready]
    this.#readyBytes += items.reduce((sum, { bytes }) => sum + bytes, 0)
  }
}

/** The first of them, as many as are well read at once. */
function beginning(items: readonly ClaimedItem[]): readonly ClaimedItem[] {
  let bytes = 0
  const end = items.findIndex((item) => {
    const isBeyond = bytes > 0 && bytes + (item.bytes ?? 0) > readBytes
    bytes += item.bytes ?? 0
    return isBeyond
  })
  return end === -1 ? items : items.slice(0, end)
}
