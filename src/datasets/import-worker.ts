import { AssizeError } from '../errors.ts'
import type { ClaimedTask } from './task-store.ts'
import { claimOf, type ImportTools, workOnImport } from './work-on-import.ts'

export interface ImportWorkerTools extends ImportTools {
  /** Of this worker alone. */
  readonly workerId: string
  /** Resolves after so many milliseconds, or soon after the signal is aborted. */
  readonly pause: (ms: number, ended: AbortSignal) => Promise<void>
  /** Called when an import can't go on for now, or failed by a fault of this server. */
  readonly onFailure: (error: unknown) => void
  /** Called when an import is no longer worked on here, so that its file may go. */
  readonly onEnded: () => void
}

/** Works on imports once it was woken, until it is disposed of; what is left, the next worker goes on with. */
export interface ImportWorker extends AsyncDisposable {
  /** Says that there may be something to import. */
  wake(): void
}

/** So that a small import doesn't wait for a large one to end. */
const importsAtOnce = 4

/** How often to look for what another process has begun, or left. */
const lookEveryMs = 2000

export function createImportWorker(tools: ImportWorkerTools): ImportWorker {
  const { tasks, workerId, now, pause, onFailure, onEnded } = tools
  const stop = new AbortController()
  const running = new Set<Promise<void>>()
  let rest = new AbortController()
  let looking: Promise<void> | undefined

  async function claim(): Promise<ClaimedTask | undefined> {
    if (running.size >= importsAtOnce) return undefined
    try {
      return await tasks.claim(claimOf(workerId, now()))
    } catch (error) {
      onFailure(error)
      return undefined
    }
  }

  function start(task: ClaimedTask): void {
    const working = workSafely(task, tools, stop.signal).finally(() => {
      running.delete(working)
      rest.abort()
      onEnded()
    })
    running.add(working)
  }

  async function look(): Promise<void> {
    while (!stop.signal.aborted) {
      rest = new AbortController()
      const task = await claim()
      if (task !== undefined) start(task)
      else if (!stop.signal.aborted) await pause(lookEveryMs, rest.signal)
    }
  }

  return {
    wake() {
      rest.abort()
      looking ??= look()
    },
    async [Symbol.asyncDispose]() {
      stop.abort()
      rest.abort()
      await looking
      await Promise.all(running)
    },
  }
}

/** What the database can't do for now, it may do later: the task stays, and is claimed again. */
async function workSafely(task: ClaimedTask, tools: ImportWorkerTools, stop: AbortSignal): Promise<void> {
  const { tasks, workerId, now, onFailure } = tools
  async function nextTurn(isLong?: boolean): Promise<void> {
    await tools.nextTurn(isLong)
    stop.throwIfAborted()
  }
  try {
    await workOnImport(task, workerId, { ...tools, nextTurn })
  } catch (error) {
    if (stop.aborted) return await tasks.release(task.id, workerId).catch(onFailure)
    onFailure(error)
    if (error instanceof AssizeError && error.situation === 'database_unavailable') return
    const message = 'Something went wrong on this server; its log has more.'
    await tasks.end(task.id, workerId, { status: 'FAILED', message, updatedAt: now() }).catch(onFailure)
  }
}
