import type { JudgmentStore } from './judgment-store.ts'

export interface RetentionTools {
  readonly store: Pick<JudgmentStore, 'removeOlder'>
  /** How long judgments are kept. */
  readonly retentionMs: number
  readonly now: () => Date
  /** Resolves after so many milliseconds, or once the signal is aborted. */
  readonly sleep: (ms: number, stop: AbortSignal) => Promise<void>
  readonly onRemoved: (count: number) => void
  /** Told what went wrong; the next round tries again. */
  readonly onFailed: (error: unknown) => void
}

const roundEveryMs = 3_600_000

/** Deletes the judgments that are older than they are to be kept: now, and then every hour until it is stopped. */
export async function keepRetention(tools: RetentionTools, stop: AbortSignal): Promise<void> {
  while (!stop.aborted) {
    try {
      const before = new Date(tools.now().getTime() - tools.retentionMs)
      const count = await tools.store.removeOlder(before, undefined, stop)
      if (count > 0) tools.onRemoved(count)
    } catch (error) {
      tools.onFailed(error)
    }
    await tools.sleep(roundEveryMs, stop)
  }
}
