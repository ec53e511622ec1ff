/** What is deleted once it was kept long enough. */
export interface Chore {
  /** What it deletes, as a log names it: `judgments`. */
  readonly what: string
  /** How long it is kept. */
  readonly keptMs: number
  /** Deletes what was of no use to anybody from a time on, part by part until it is stopped, and says how much. */
  readonly removeOlder: (before: Date, stop: AbortSignal) => Promise<number>
}

export interface RetentionTools {
  readonly chores: readonly Chore[]
  readonly now: () => Date
  /** Resolves after so many milliseconds, or once the signal is aborted. */
  readonly sleep: (ms: number, stop: AbortSignal) => Promise<void>
  readonly onRemoved: (what: string, count: number) => void
  /** Told what went wrong; the next round tries again. */
  readonly onFailed: (what: string, error: unknown) => void
}

const roundEveryMs = 3_600_000

/** Deletes what was kept long enough: now, and then every hour until it is stopped. */
export async function keepRetention(tools: RetentionTools, stop: AbortSignal): Promise<void> {
  while (!stop.aborted) {
    for (const chore of tools.chores) await doChore(chore, tools, stop)
    await tools.sleep(roundEveryMs, stop)
  }
}

/** One that fails keeps no other from being done. */
async function doChore(
  { what, keptMs, removeOlder }: Chore,
  { now, onRemoved, onFailed }: RetentionTools,
  stop: AbortSignal,
): Promise<void> {
  if (stop.aborted) return
  try {
    const count = await removeOlder(new Date(now().getTime() - keptMs), stop)
    if (count > 0) onRemoved(what, count)
  } catch (error) {
    onFailed(what, error)
  }
}
