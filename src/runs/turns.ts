import { runPriorities } from './run.ts'
import type { RunningRun } from './run-work-store.ts'

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
 * Whose turn begins and ends: so many runs at once, shared by the workspaces that have any, whatever number of runs each has.
 * Inside a workspace, those of the highest priority first, and of these those that have waited longest, and of those that
 * never had a turn the oldest; a turn never ends for a run of a lower priority of the same workspace. So a small run
 * waits neither for a huge one to end nor for a thousand of somebody else's.
 * @param running all runs that are to be worked on, oldest first
 */
export function nextTurns(
  running: readonly RunningRun[],
  { current, ended }: Turns,
  atOnce: number,
  nowMs: number,
): NextTurns {
  const since = (id: string): number => ended.get(id) ?? -Infinity
  let waiting = running
    .filter(({ id }) => !current.has(id))
    .toSorted((one, other) => since(one.id) - since(other.id) || 0)
  const held = new Map<string, number>()
  const heldBy = ({ workspaceId }: RunningRun): number => held.get(workspaceId) ?? 0
  const change = (run: RunningRun, by: number): void => void held.set(run.workspaceId, heldBy(run) + by)
  const having = running.filter(({ id }) => current.has(id))
  for (const run of having) change(run, 1)
  const lastHad = new Map<string, number>()
  for (const { id, workspaceId } of running) {
    const at = current.has(id) ? nowMs : since(id)
    lastHad.set(workspaceId, Math.max(at, lastHad.get(workspaceId) ?? -Infinity))
  }
  const longest = having
    .filter(({ id }) => nowMs - (current.get(id) ?? nowMs) >= turnMs)
    .toSorted((one, other) => (current.get(one.id) ?? 0) - (current.get(other.id) ?? 0))
  const [begin, end]: [string[], string[]] = [[], []]
  let free = Math.max(0, atOnce - current.size)
  while (waiting.length > 0 && (free > 0 || longest.length > 0)) {
    const next = takeNext(waiting, heldBy, lastHad)
    if (free > 0) free -= 1
    else {
      const out = takeFor(next, longest, heldBy)
      if (out === undefined) {
        // Nor is there any for the others of its workspace.
        waiting = waiting.filter(({ workspaceId }) => workspaceId !== next.workspaceId)
        continue
      }
      change(out, -1)
      end.push(out.id)
    }
    change(next, 1)
    begin.push(next.id)
  }
  return { begin, end }
}

function rankOf({ priority }: RunningRun): number {
  return runPriorities.indexOf(priority)
}

/**
 * Takes out the first of the workspace that has the fewest turns, and of several of these had none for longest; of its
 * runs the first of the highest priority.
 */
function takeNext(
  runs: RunningRun[],
  heldBy: (run: RunningRun) => number,
  lastHad: ReadonlyMap<string, number>,
): RunningRun {
  const last = ({ workspaceId }: RunningRun): number => lastHad.get(workspaceId) ?? -Infinity
  let best = 0
  for (const [at, run] of runs.entries()) {
    const than = runs[best] as RunningRun
    const fewer = heldBy(run) - heldBy(than)
    if (fewer < 0 || (fewer === 0 && last(run) < last(than))) best = at
  }
  const { workspaceId } = runs[best] as RunningRun
  for (const [at, run] of runs.entries()) {
    if (run.workspaceId === workspaceId && rankOf(run) > rankOf(runs[best] as RunningRun)) best = at
  }
  return runs.splice(best, 1)[0] as RunningRun
}

/**
 * Takes out whose turn may end for another one: of the workspace with the most, unless that has no more, the longest of
 * the lowest priority.
 */
function takeFor(
  next: RunningRun,
  longest: RunningRun[],
  heldBy: (run: RunningRun) => number,
): RunningRun | undefined {
  const possible = longest.filter((run) =>
    run.workspaceId === next.workspaceId ? rankOf(run) <= rankOf(next) : heldBy(run) > heldBy(next),
  )
  const most = Math.max(...possible.map(heldBy))
  const longestOfMost = possible.find((run) => heldBy(run) === most)
  const out = possible
    .filter(({ workspaceId }) => workspaceId === longestOfMost?.workspaceId)
    .toSorted((one, other) => rankOf(one) - rankOf(other))[0]
  if (out !== undefined) longest.splice(longest.indexOf(out), 1)
  return out
}
