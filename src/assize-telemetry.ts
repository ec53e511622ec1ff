import type { JudgeMaterial } from './judging/judging.ts'
import type { ObservedJudgment, Observer } from './judging/observer.ts'
import { costOf, type PriceOf } from './judging/price.ts'
import type { Database } from './storage/open-database.ts'
import { QueueRows } from './storage/queue-rows.ts'
import { createMetrics, type Gauges, type Metrics } from './telemetry/metrics.ts'

interface MeasuredThings {
  readonly version: string
  readonly now: () => Date
  readonly callsAllowed: Gauges['callsAllowed']
}

/** What this process tells of itself, to whoever asks for it. */
export function createTelemetry(
  database: Database,
  { version, now, callsAllowed }: MeasuredThings,
): { readonly metrics: Metrics } {
  const queue = new QueueRows(database)
  const metrics = createMetrics(version, {
    callsAllowed,
    pool: () => database.poolNow?.(),
    queue: () => queue.read(now()),
  })
  return { metrics }
}

/** Judges the same, and tells an observer of each judgment. What could not be judged at all is no judgment. */
export function observeJudging(
  judgeMaterial: JudgeMaterial,
  source: ObservedJudgment['source'],
  { observer, priceOf }: { readonly observer: Pick<Observer, 'onJudgment'>; readonly priceOf: PriceOf },
): JudgeMaterial {
  return async function judgeObserved(...asked) {
    const startedMs = performance.now()
    const judgment = await judgeMaterial(...asked)
    const { provider, modelName, inputTokens, outputTokens } = judgment.account
    observer.onJudgment({
      source,
      provider,
      modelName,
      outcome: judgment.outcome,
      elapsedMs: performance.now() - startedMs,
      inputTokens,
      outputTokens,
      cost: costOf(judgment, priceOf),
    })
    return judgment
  }
}
