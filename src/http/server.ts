import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import type { z } from 'zod'
import type { ActAs, Audit } from '../access/audit.ts'
import type { Keys } from '../access/keys.ts'
import type { Sessions } from '../access/sessions.ts'
import type { Labels } from '../agreement/labels.ts'
import type { RunAgreements } from '../agreement/run-agreements.ts'
import type { RunComparisons } from '../agreement/run-comparisons.ts'
import type { Datasets } from '../datasets/datasets.ts'
import type { Records } from '../datasets/records.ts'
import type { catalogue } from '../errors.ts'
import type { Judges } from '../judges/judges.ts'
import type { Judgments } from '../judging/judgments.ts'
import type { LiveJudging } from '../judging/live-judging.ts'
import type { UnsavedJudging } from '../judging/unsaved-judging.ts'
import type { Usage } from '../judging/usage.ts'
import type { JudgeActivities } from '../runs/judge-activity.ts'
import type { Overview } from '../runs/overview.ts'
import type { Runs } from '../runs/runs.ts'
import { errorBody } from './answer-error.ts'
import { createAccess } from './authenticate.ts'
import { createBareServer, type Server, type ServerSettings } from './bare-server.ts'
import { registerEdges } from './edges.ts'
import type { ExportRecords } from './exports.ts'
import type { ImportServices } from './file-routes.ts'
import type { Ping } from './health.ts'
import type { RenderMetrics } from './metrics.ts'
import type { ModelList } from './models.ts'
import { registerOpenapi } from './openapi.ts'
import { registerPage } from './page.ts'
import { createRequestLimits, type RequestLimitSettings } from './request-limits.ts'
import { registerRoutes } from './routes.ts'
import { registerCookies } from './session-cookie.ts'
import type { ToolList } from './tools.ts'

export type { Server }

export interface DatasetServices {
  readonly datasets: Datasets
  readonly records: Records
  readonly exportRecords: ExportRecords
}

export interface AgreementServices {
  readonly labels: Labels
  readonly agreements: RunAgreements
  readonly comparisons: RunComparisons
}

export interface ServerServices extends DatasetServices, ImportServices, AgreementServices {
  readonly keys: Keys
  readonly sessions: Sessions
  readonly audit: Audit
  /** Changes within are put down to who acts. */
  readonly actAs: ActAs
  readonly judges: Judges
  readonly liveJudging: LiveJudging
  readonly unsavedJudging: UnsavedJudging
  readonly judgments: Judgments
  readonly usage: Usage
  readonly runs: Runs
  readonly overview: Overview
  readonly judgeActivities: JudgeActivities
  readonly models: ModelList
  readonly tools: ToolList
  readonly ping: Ping
  readonly renderMetrics: RenderMetrics
  /** Whether metrics are told without a key. */
  readonly areMetricsOpen: boolean
  /** Waits, and ends at once where nobody waits any more. */
  readonly pause: (ms: number, ended: AbortSignal) => Promise<void>
}

type Status = (typeof catalogue)[keyof typeof catalogue]['status']

/** Error answers of a route that carries a key: those that any can give, and its own. */
export function answers<Own extends Status>(
  ...own: Own[]
): Record<Own | 401 | 403 | 413 | 422 | 429 | 500 | 503, z.ZodType> {
  const all = [401, 403, 413, 422, 429, 500, 503, ...own] as const
  return Object.fromEntries(all.map((status) => [status, errorBody])) as Record<
    (typeof all)[number],
    typeof errorBody
  >
}

/** The HTTP server, not listening yet. */
export async function createServer(
  services: ServerServices,
  settings: ServerSettings & {
    readonly corsOrigins: readonly string[]
    readonly limits: RequestLimitSettings
    /** Where the page's files are. */
    readonly pageFolder: string
  },
): Promise<Server> {
  const server = createBareServer(settings)
  server.addHook('onListen', async () => services.goOnWithImports())
  await registerEdges(server, settings.corsOrigins)
  await registerCookies(server)
  const limits = await createRequestLimits(server, settings.limits)
  const access = createAccess(services.keys, services.sessions, limits)
  // Last of all before the handler: reading a body loses what the request was begun within.
  server.addHook('preHandler', function actAsCaller(request, _reply, done) {
    services.actAs({ keyId: access.keyIdOf(request), requestId: request.id }, done)
  })
  await registerOpenapi(server, settings.version)
  // Routes are registered inside a plugin, so that the OpenAPI plugin sees each of them.
  await server.register((inner) =>
    registerRoutes(inner.withTypeProvider<ZodTypeProvider>(), { access, limits }, services, settings.version),
  )
  await registerPage(server, settings.pageFolder)
  return server
}
