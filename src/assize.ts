import { fileURLToPath } from 'node:url'
import { uuidv7 } from 'uuidv7'
import packageJson from '../package.json' with { type: 'json' }
import type { Suggestions } from './agreement/suggestions.ts'
import { type AccessServices, createAccessServices } from './assize-access.ts'
import { createAgreementServices } from './assize-agreement.ts'
import { createDatasetServices } from './assize-datasets.ts'
import { createImportServices } from './assize-imports.ts'
import { createJudgeMaterial, createPrices } from './assize-judging.ts'
import { createJudgmentServices } from './assize-judgments.ts'
import { createModels, type OnPullProgress, type ServedModels, withPanels } from './assize-models.ts'
import { pause } from './assize-pause.ts'
import { startRetention } from './assize-retention.ts'
import { createRunServices } from './assize-runs.ts'
import { createTelemetry, observeJudging } from './assize-telemetry.ts'
import { type Certificate, contextOf } from './assize-tls.ts'
import { createTools } from './assize-tools.ts'
import { openTracing } from './assize-tracing.ts'
import type { Config } from './config.ts'
import type { Server } from './http/bare-server.ts'
import { createOpsServer } from './http/ops-server.ts'
import { createRequestIds } from './http/request-ids.ts'
import { createServer } from './http/server.ts'
import { createJudges, type Judges } from './judges/judges.ts'
import type { LiveJudging } from './judging/live-judging.ts'
import type { ToolDirectory } from './judging/tool.ts'
import { createLog, type Logger } from './log.ts'
import type { RunWorker } from './runs/run-worker.ts'
import type { Runs } from './runs/runs.ts'
import { JudgeRows } from './storage/judge-rows.ts'
import { LessonRows } from './storage/lesson-rows.ts'
import { LimitRows } from './storage/limit-rows.ts'
import { openDatabase } from './storage/open-database.ts'

/** The same from `src` and from `dist`. */
const pageFolder = fileURLToPath(new URL('../dist/page', import.meta.url))

/** What a test puts in the place of the world; each has a real default. */
export interface Overrides {
  readonly models?: ServedModels
  readonly tools?: ToolDirectory & AsyncDisposable
  readonly now?: () => Date
  readonly newId?: () => string
  readonly log?: Logger
  /** Whether this process works on runs and imports, once it is told to; it does unless this is false. */
  readonly isWorking?: boolean
  /** What the API's server proves itself with; without it, it speaks plain HTTP. */
  readonly certificate?: Certificate
  /** Sees a local model being fetched on first need. */
  readonly onPullProgress?: OnPullProgress
}

export interface Assize extends AsyncDisposable, Omit<AccessServices, 'actAs'> {
  readonly log: Logger
  readonly judges: Judges
  readonly liveJudging: LiveJudging
  readonly suggestions: Suggestions
  readonly models: ServedModels
  readonly tools: ToolDirectory
  readonly runs: Runs
  /** Not started yet. */
  readonly runWorker: RunWorker
  /** Begins with what there is to import, and goes on with it; a server does so once it listens. */
  readonly goOnWithImports: () => void
  /** Not listening yet. */
  readonly server: Server
  /** Another server, which answers about this process alone; not listening yet. */
  readonly createOpsServer: () => Server
}

/**
 * Wires everything together. The program, the command line and the tests start the same graph.
 * @throws ConfigError, AssizeError when the database can't be opened
 */
export async function createAssize(config: Config, overrides: Overrides = {}): Promise<Assize> {
  const { now = () => new Date(), newId = uuidv7, isWorking = true } = overrides
  await using opened = new AsyncDisposableStack()
  const tracing = opened.use(
    await openTracing(config, {
      version: packageJson.version,
      onTrouble: (reason) => log.warn({ reason }, 'telemetry could not be sent'),
    }),
  )
  const { log = createLog(config.logLevel, undefined, tracing.logCompanion) } = overrides
  const database = opened.use(await openDatabase(config.database))
  const models: ServedModels = opened.use(
    overrides.models ??
      createModels(config, log, {
        lessons: new LessonRows(database),
        limits: new LimitRows(database),
        traceHeaders: tracing.traceHeaders,
        observer: { onCall: (call) => metrics.onCall(call) },
        ...(overrides.onPullProgress && { onProgress: overrides.onPullProgress }),
      }),
  )
  const { metrics } = createTelemetry(database, {
    version: packageJson.version,
    now,
    callsAllowed: () => models.callsAllowed?.() ?? [],
  })
  const { actAs, ...access } = createAccessServices(database, { now, newId })
  // When keys were last used is worth no failure to stop.
  opened.defer(() =>
    access.keys.writeUses().catch((err) => log.warn({ err }, 'the last uses of keys are lost')),
  )
  const tools = opened.use(overrides.tools ?? createTools(config, log, () => access.keys.listWorkspaces()))
  const judges = createJudges({ store: new JudgeRows(database), now, newId })
  const judgeMaterial = createJudgeMaterial(config, tracing.traceModels(models), tracing.traceTools(tools))
  const priceOf = createPrices(config)
  const seen = (source: 'live' | 'run') =>
    tracing.traceJudging(observeJudging(judgeMaterial, source, { observer: metrics, priceOf }), source)
  const { liveJudging, unsavedJudging, judgments, usage, budgets } = createJudgmentServices(
    database,
    config,
    { judges, judgeMaterial: seen('live'), priceOf, now, newId },
  )
  opened.use(startRetention(database, log, config, now))
  const datasets = opened.use(createDatasetServices(database, log, { unsavedJudging, now, newId }))
  const imports = opened.use(
    createImportServices(database, log, {
      datasets: datasets.datasets,
      maxFileBytes: config.maxFileBytes,
      isWorking,
      now,
      newId,
    }),
  )
  const agreement = createAgreementServices(database, { judges, now, newId, judgeMaterial })
  const { runs, overview, judgeActivities, runWorker } = opened.use(
    createRunServices(database, log, config, {
      judges,
      datasets: datasets.datasets,
      usage,
      budgets,
      models,
      toolDirectory: tools,
      judgeMaterial: seen('run'),
      traceContexts: tracing.traceContexts,
      priceOf,
      now,
      newId,
    }),
  )
  const ping = () => database.ping()
  const serverSettings = {
    maxBodyBytes: config.maxBodyBytes,
    clientTimeoutMs: config.clientTimeoutMs,
    corsOrigins: config.corsOrigins,
    limits: config.limits,
    pageFolder,
    trustedProxies: config.trustedProxies,
    version: packageJson.version,
    log,
    newRequestId: createRequestIds(),
    onRequest: metrics.onRequest,
    followRequest: tracing.followRequest,
  }
  const { certificate } = overrides
  const server = await createServer(
    {
      ...access,
      actAs,
      judges,
      liveJudging,
      unsavedJudging,
      judgments,
      usage,
      ...datasets,
      ...imports,
      ...agreement,
      runs,
      overview,
      judgeActivities,
      models: withPanels(models, config.panels),
      tools,
      ping,
      renderMetrics: metrics.render,
      areMetricsOpen: config.areMetricsOpen,
      pause,
    },
    { ...serverSettings, certificate: certificate && contextOf(certificate) },
  )
  opened.defer(async () => void (await server.close()))
  const resources = opened.move()
  return {
    log,
    ...access,
    judges,
    liveJudging,
    suggestions: agreement.suggestions,
    models,
    tools,
    runs,
    runWorker,
    goOnWithImports: imports.goOnWithImports,
    server,
    createOpsServer: () => createOpsServer({ ping, renderMetrics: metrics.render }, serverSettings),
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  }
}
