/** Whether one more may start: at once, once something has changed, or not any more. */
export type Turn = 'now' | 'later' | 'never'

export interface Pool<Item> {
  /** Undefined once there are no more. May be called again while it is still at it. */
  next(): Promise<Item | undefined>
  /** Rejects only when all is to end. */
  work(item: Item): Promise<void>
  readonly concurrency: number
  /** Whether one more may start beside so many. */
  turn(underway: number): Turn
  /** Once it is aborted, nothing more is started. */
  readonly stop: AbortSignal
}

/** `held`: there was more, and it might not start. */
export type PoolEnd = 'done' | 'stopped' | 'held'

/**
 * Works on items, several at once, and asks for each when its turn has come. What is under way is always finished.
 * @throws the first of what `next` and `work` reject with, once the others are finished
 */
export async function runPool<Item>(pool: Pool<Item>): Promise<PoolEnd> {
  using waiting = new Waiting(pool.stop)
  let [underway, isHeld, isOver] = [0, false, false]
  const workOn = async (): Promise<void> => {
    while (!pool.stop.aborted && !isOver) {
      const turn = pool.turn(underway)
      if (turn === 'never') {
        isHeld = true
        return
      }
      if (turn === 'later') {
        await waiting.wait()
        continue
      }
      underway += 1
      try {
        const item = await pool.next()
        if (item === undefined) isOver = true
        // It may have been stopped while it waited for the item.
        if (item === undefined || pool.stop.aborted) return
        await pool.work(item)
      } catch (error) {
        isOver = true
        throw error
      } finally {
        underway -= 1
        if (isOver) waiting.wakeAll()
        else waiting.wakeOne()
      }
    }
  }
  const ended = await Promise.allSettled(Array.from({ length: pool.concurrency }, workOn))
  const failure = ended.find((one) => one.status === 'rejected')
  if (failure !== undefined) throw failure.reason
  if (pool.stop.aborted) return 'stopped'
  return isHeld && !isOver && (await pool.next()) !== undefined ? 'held' : 'done'
}

/** How often those who wait look again, where nothing that ends wakes them. */
const lookEveryMs = 50

class Waiting implements Disposable {
  readonly #stop: AbortSignal
  #wakes: (() => void)[] = []
  #timer: NodeJS.Timeout | undefined

  constructor(stop: AbortSignal) {
    this.#stop = stop
    stop.addEventListener('abort', this.wakeAll)
  }

  wait(): Promise<void> {
    this.#timer ??= setInterval(this.wakeAll, lookEveryMs)
    return new Promise((resolve) => {
      this.#wakes.push(resolve)
    })
  }

  wakeOne(): void {
    this.#wakes.shift()?.()
  }

  readonly wakeAll = (): void => {
    for (const wake of this.#wakes.splice(0)) wake()
  };

  [Symbol.dispose](): void {
    clearInterval(this.#timer)
    this.#stop.removeEventListener('abort', this.wakeAll)
  }
}
