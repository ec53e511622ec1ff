import { setTimeout as delay } from 'node:timers/promises'
import type { Outcome } from '../judging/judgment.ts'
import type { RunState } from '../runs/run.ts'
import type { Io } from './commands.ts'
import { apiPath, type Remote } from './remote.ts'
import { RemoteError } from './remote-error.ts'
import { readEvents } from './remote-events.ts'

/** A run as a server shows it, as far as it matters here. */
export interface RemoteRun {
  readonly id: string
  readonly state: RunState
  readonly reason: string | null
  readonly revision_id: string
  readonly judge_id: string
  readonly model_name: string
  readonly total: number
  readonly pending: number
  readonly outcomes: Readonly<Record<Outcome, number>>
  readonly cost: number | null
}

/** How long a server may be away before following it is given up. */
const mostAwayMs = 300_000
const againAfterMs = 1000

/**
 * Follows a run until it ends; where this process is asked to end, the run is cancelled, and followed to its end all
 * the same.
 * @throws RemoteError where the server is away for long, or has no such run any more
 */
export async function followRun(
  remote: Remote,
  id: string,
  onRun: (run: RemoteRun) => void,
  { stop }: Pick<Io, 'stop'>,
): Promise<RemoteRun> {
  const path = `${apiPath}/runs/${id}`
  const cancel = (): void => {
    // A run that has ended meanwhile can't be cancelled; what else is wrong is told to who follows it.
    remote.call('POST', `${path}/cancel`).catch(() => undefined)
  }
  stop.addEventListener('abort', cancel, { once: true })
  if (stop.aborted) cancel()
  try {
    let seenMs = performance.now()
    for (;;) {
      try {
        for await (const run of runsIn(remote, path)) {
          seenMs = performance.now()
          onRun(run)
          if (run.state !== 'running') return run
        }
      } catch (error) {
        const isForGood = error instanceof RemoteError && error.status !== undefined && error.status < 500
        if (isForGood || performance.now() - seenMs > mostAwayMs) throw error
      }
      await delay(againAfterMs)
      if (stop.aborted) cancel()
    }
  } finally {
    stop.removeEventListener('abort', cancel)
  }
}

async function* runsIn(remote: Remote, path: string): AsyncGenerator<RemoteRun, void, undefined> {
  for await (const { event, data } of readEvents(await remote.download(`${path}/events`))) {
    if (event === 'progress') yield JSON.parse(data)
  }
}
