/** How long a run is worked on before another one that waits has its turn. */
const turnMs = 10_000

/** When runs had their turns, in milliseconds on a clock that never goes back. */
export interface Turns {
  /** Since when runs have theirs, by their ids. */
  readonly current: ReadonlyMap<string, number>
  /** When those of other runs ended. */
  readonly ended: ReadonlyMap<string, number>
}

export interface NextTurns {
  readonly begin: readonly string[]
  readonly end: readonly string[]
}

/**
 * Whose turn begins and ends: so many runs at once, those first that have waited longest, and of those that never had
 * a turn the oldest. So a small run does not wait for a huge one to end.
 * @param running ids of all runs that are to be worked on, oldest first
 */
export function nextTurns(
  running: readonly string[],
  { current, ended }: Turns,
  atOnce: number,
  nowMs: number,
): NextTurns {
  const waiting = running
    .filter((id) => !current.has(id))
    .toSorted((one, other) => (ended.get(one) ?? -Infinity) - (ended.get(other) ?? -Infinity) || 0)
  const free = Math.max(0, atOnce - current.size)
  const longest = [...current]
    .filter(([, sinceMs]) => nowMs - sinceMs >= turnMs)
    .toSorted(([, one], [, other]) => one - other)
    .map(([id]) => id)
  const end = longest.slice(0, Math.max(0, waiting.length - free))
  return { begin: waiting.slice(0, free + end.length), end }
}
