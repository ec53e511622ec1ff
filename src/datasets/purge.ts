import type { DatasetStore } from './dataset-store.ts'

export interface PurgeTools {
  readonly store: Pick<DatasetStore, 'purge'>
  /** Resolves after so many milliseconds, or soon after the signal is aborted; never in the same turn of the event loop. */
  readonly pause: (ms: number, ended: AbortSignal) => Promise<void>
  /** Called when a part could not be removed, which is tried again. */
  readonly onFailure: (error: unknown) => void
}

/** Removes what deleted datasets have left, until it is disposed of. */
export interface Purge extends AsyncDisposable {
  /** Says that a dataset was deleted. */
  wake(): void
}

/** Between two parts, so that whoever waits for the database has a turn. */
const betweenPartsMs = 5

/** How often to look for what another process, or one before, has left. */
const lookEveryMs = 60_000

/** Begins with what is left from before, then rests until it is woken. What is left is known by rows alone. */
export function startPurge({ store, pause, onFailure }: PurgeTools): Purge {
  const stop = new AbortController()
  let rest = new AbortController()

  async function removeAll(): Promise<void> {
    try {
      while (!stop.signal.aborted && (await store.purge()) === 'removed') {
        await pause(betweenPartsMs, stop.signal)
      }
    } catch (error) {
      onFailure(error)
    }
  }

  async function work(): Promise<void> {
    while (!stop.signal.aborted) {
      rest = new AbortController()
      await removeAll()
      if (!stop.signal.aborted) await pause(lookEveryMs, rest.signal)
    }
  }

  const working = work()
  return {
    wake: () => rest.abort(),
    async [Symbol.asyncDispose]() {
      stop.abort()
      rest.abort()
      await working
    },
  }
}
