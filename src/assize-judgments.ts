import { newBoundary } from './assize-judging.ts'
import { pause } from './assize-pause.ts'
import type { Config } from './config.ts'
import type { Judges } from './judges/judges.ts'
import type { JudgeMaterial } from './judging/judging.ts'
import { createJudgments, type Judgments } from './judging/judgments.ts'
import { createLiveJudging, type LiveJudging } from './judging/live-judging.ts'
import type { PriceOf } from './judging/price.ts'
import { keepRetention } from './judging/retention.ts'
import { createUnsavedJudging, type UnsavedJudging } from './judging/unsaved-judging.ts'
import { createUsage, type Usage } from './judging/usage.ts'
import type { Logger } from './log.ts'
import { JudgmentRows } from './storage/judgment-rows.ts'
import type { Database } from './storage/open-database.ts'
import { UsageRows } from './storage/usage-rows.ts'

interface JudgmentTools {
  readonly judges: Judges
  readonly judgeMaterial: JudgeMaterial
  readonly priceOf: PriceOf
  readonly now: () => Date
  readonly newId: () => string
}

export interface JudgmentServices {
  readonly liveJudging: LiveJudging
  readonly unsavedJudging: UnsavedJudging
  readonly judgments: Judgments
  readonly usage: Usage
}

/** Judging while the caller waits, and what is kept of it, which goes when it is older than the settings say. */
export function createJudgmentServices(
  database: Database,
  log: Logger,
  kept: Config['judgments'],
  tools: JudgmentTools,
): JudgmentServices & AsyncDisposable {
  const store = new JudgmentRows(database)
  const stop = new AbortController()
  const retention = startRetention(store, log, kept.retentionMs, tools.now, stop.signal)
  return {
    liveJudging: createLiveJudging({ ...tools, store, kept }),
    unsavedJudging: createUnsavedJudging({ ...tools, newBoundary }),
    judgments: createJudgments({ judges: tools.judges, store }),
    usage: createUsage({ store: new UsageRows(database), now: tools.now }),
    [Symbol.asyncDispose]: () => {
      stop.abort()
      return retention
    },
  }
}

async function startRetention(
  store: JudgmentRows,
  log: Logger,
  retentionMs: number | undefined,
  now: () => Date,
  stop: AbortSignal,
): Promise<void> {
  if (retentionMs === undefined) return
  await keepRetention(
    {
      store,
      retentionMs,
      now,
      sleep: pause,
      onRemoved: (count) => log.info({ count }, 'deleted the judgments that were kept long enough'),
      onFailed: (err) => log.warn({ err }, 'judgments that were kept long enough could not be deleted yet'),
    },
    stop,
  )
}
