export interface Pool<Item> {
  /** Undefined once there are no more. May be called again while it is still at it. */
  next(): Promise<Item | undefined>
  /** Rejects only when all is to end. */
  work(item: Item): Promise<void>
  readonly concurrency: number
  /** Whether one more may start beside so many; those that may not are never asked again. */
  mayStart(underway: number): boolean
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
  let [underway, isHeld, hasFailed] = [0, false, false]
  const workOn = async (): Promise<void> => {
    while (!pool.stop.aborted && !hasFailed) {
      if (!pool.mayStart(underway)) {
        isHeld = true
        return
      }
      underway += 1
      try {
        const item = await pool.next()
        // It may have been stopped while it waited for the item.
        if (item === undefined || pool.stop.aborted || hasFailed) return
        await pool.work(item)
      } catch (error) {
        hasFailed = true
        throw error
      } finally {
        underway -= 1
      }
    }
  }
  const ended = await Promise.allSettled(Array.from({ length: pool.concurrency }, workOn))
  const failure = ended.find((one) => one.status === 'rejected')
  if (failure !== undefined) throw failure.reason
  if (pool.stop.aborted) return 'stopped'
  return isHeld && (await pool.next()) !== undefined ? 'held' : 'done'
}
