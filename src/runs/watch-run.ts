import type { Pause } from './keep-judgments.ts'
import type { Run } from './run.ts'

export interface WatchTools {
  /** Undefined once the run is there no more. */
  readonly find: () => Promise<Run | undefined>
  readonly pause: Pause
  /** Aborted when nobody watches any more. */
  readonly ended: AbortSignal
}

/** How often a run is looked at, which any process may work on. */
const lookEveryMs = 1000

/** How many looks without a change are passed over before it is said that nothing has changed. */
const mostQuietLooks = 15

/**
 * A run as it stands, and then whenever that has changed, about once a second at most; `'same'` from time to time when
 * it has not. Ends after it has shown the run at its end.
 */
export async function* watchRun({ find, pause, ended }: WatchTools): AsyncGenerator<Run | 'same', void> {
  let shown = ''
  for (let quietLooks = 0; !ended.aborted; quietLooks += 1) {
    const run = await find()
    if (run === undefined) return
    const seen = JSON.stringify(run)
    if (seen !== shown) {
      yield run
      if (run.state !== 'running') return
      ;[shown, quietLooks] = [seen, 0]
    } else if (quietLooks >= mostQuietLooks) {
      yield 'same'
      quietLooks = 0
    }
    await pause(lookEveryMs, ended)
  }
}
