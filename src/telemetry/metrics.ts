import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { ObservedCall, ObservedJudgment, Observer } from '../judging/observer.ts'
import { KnownNames } from './known-names.ts'

/** A request that was answered. */
export interface ObservedRequest {
  readonly method: string
  /** As it is declared, with names in the place of ids; undefined where no route fits. */
  readonly route: string | undefined
  readonly status: number
  readonly elapsedMs: number
}

/** What is read when metrics are asked for. */
export interface Gauges {
  /** How many calls a provider lets through at once now. */
  readonly callsAllowed: () => readonly { readonly provider: string; readonly allowed: number }[]
  /** Connections of the database's pool; undefined where there is none. */
  readonly pool: () => { readonly open: number; readonly idle: number; readonly waiting: number } | undefined
  /** Of all workspaces. Rejects where the database can't be reached. */
  readonly queue: () => Promise<QueueDepth>
}

/** What waits in the database. */
export interface QueueDepth {
  readonly runs: number
  /** Records of running runs that have no judgment yet. */
  readonly items: number
  /** Seconds since the oldest running run was created that has some; 0 where there is none. */
  readonly oldestSeconds: number
  readonly imports: number
}

/** Counts what happens in this process, as Prometheus reads it. */
export interface Metrics extends Observer {
  onRequest(request: ObservedRequest): void
  /** The text that Prometheus reads, and its media type. */
  render(): Promise<{ readonly contentType: string; readonly text: string }>
}

/** Seconds: from what a cached answer takes to what a judgment may. */
const requestBuckets = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120]
const judgmentBuckets = [0.05, 0.1, 0.25, 0.5, 1, 2, 4, 8, 15, 30, 60, 120]

/** @param version of this program */
export function createMetrics(version: string, gauges: Gauges): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const families = countedFamilies(registry)
  registerGauges(registry, version, gauges)
  const models = new KnownNames()
  return {
    onRequest({ method, route = 'unknown', status, elapsedMs }) {
      families.requests.observe({ method, route, status: String(status) }, elapsedMs / 1000)
    },
    onCall({ provider, modelName, elapsedMs, result }: ObservedCall) {
      families.calls.observe({ provider, model: models.nameOf(modelName), result }, elapsedMs / 1000)
    },
    onJudgment(judgment: ObservedJudgment) {
      const { source, provider, outcome, elapsedMs, inputTokens, outputTokens, cost } = judgment
      const of = { provider, model: models.nameOf(judgment.modelName) }
      families.judgments.observe({ source, ...of, outcome }, elapsedMs / 1000)
      families.tokens.inc({ ...of, direction: 'input' }, inputTokens)
      families.tokens.inc({ ...of, direction: 'output' }, outputTokens)
      if (cost === null) families.unpriced.inc(of)
      else families.cost.inc(of, cost)
    },
    render: async () => ({ contentType: registry.contentType, text: await registry.metrics() }),
  }
}

function countedFamilies(registry: Registry) {
  const registers = [registry]
  const ofModel = ['provider', 'model'] as const
  return {
    requests: new Histogram({
      name: 'assize_http_request_duration_seconds',
      help: 'Requests that were answered, by route, and how long they took.',
      labelNames: ['method', 'route', 'status'],
      buckets: requestBuckets,
      registers,
    }),
    judgments: new Histogram({
      name: 'assize_judgment_duration_seconds',
      help: 'Judgments by how they ended, and how long they took.',
      labelNames: ['source', ...ofModel, 'outcome'],
      buckets: judgmentBuckets,
      registers,
    }),
    calls: new Histogram({
      name: 'assize_provider_call_duration_seconds',
      help: 'Calls to providers by what came of them, each retry a call of its own, and how long they took.',
      labelNames: [...ofModel, 'result'],
      buckets: judgmentBuckets,
      registers,
    }),
    tokens: new Counter({
      name: 'assize_tokens_total',
      help: 'Tokens that judgments took, by direction: input or output.',
      labelNames: [...ofModel, 'direction'],
      registers,
    }),
    cost: new Counter({
      name: 'assize_cost_total',
      help: 'What judgments cost, in the currency of the configured prices.',
      labelNames: ofModel,
      registers,
    }),
    unpriced: new Counter({
      name: 'assize_unpriced_judgments_total',
      help: 'Judgments of models without a price, which are not in assize_cost_total.',
      labelNames: ofModel,
      registers,
    }),
  }
}

function registerGauges(registry: Registry, version: string, { callsAllowed, pool, queue }: Gauges): void {
  const registers = [registry]
  new Gauge({ name: 'assize_build_info', help: 'Always 1.', labelNames: ['version'], registers }).set(
    { version },
    1,
  )
  new Gauge({
    name: 'assize_provider_calls_allowed',
    help: 'Calls that this process lets through to a provider at once now; fewer after it limited the rate.',
    labelNames: ['provider'],
    registers,
    collect() {
      for (const { provider, allowed } of callsAllowed()) this.set({ provider }, allowed)
    },
  })
  new Gauge({
    name: 'assize_database_connections',
    help: "Connections of this process's pool, by state; and requests that wait for one.",
    labelNames: ['state'],
    registers,
    collect() {
      const now = pool()
      if (now === undefined) return
      this.set({ state: 'idle' }, now.idle)
      this.set({ state: 'busy' }, now.open - now.idle)
      this.set({ state: 'waiting' }, now.waiting)
    },
  })
  registerQueue(registry, queue)
}

/** Where the database can't be reached, they are not told: an old number would look like a new one. */
function registerQueue(registry: Registry, queue: Gauges['queue']): void {
  let reading: Promise<QueueDepth | undefined> | undefined
  // The four of them are asked for together.
  const read = (): Promise<QueueDepth | undefined> => {
    reading ??= queue()
      .catch(() => undefined)
      .finally(() => {
        reading = undefined
      })
    return reading
  }
  const gauge = (name: string, help: string, of: (depth: QueueDepth) => number): void => {
    new Gauge({
      name,
      help,
      registers: [registry],
      async collect() {
        const depth = await read()
        if (depth === undefined) this.set(Number.NaN)
        else this.set(of(depth))
      },
    })
  }
  gauge('assize_runs_running', 'Runs that are running, of all processes.', ({ runs }) => runs)
  gauge('assize_run_items_pending', 'Records of running runs without a judgment yet.', ({ items }) => items)
  gauge(
    'assize_run_oldest_pending_seconds',
    'Age of the oldest running run with such records.',
    ({ oldestSeconds }) => oldestSeconds,
  )
  gauge('assize_imports_pending', 'Imports that have not ended.', ({ imports }) => imports)
}
