import type { IncomingMessage, ServerResponse } from 'node:http'
import {
  type FastifyBaseLogger,
  type FastifyInstance,
  fastify,
  LogController,
  type RawServerDefault,
} from 'fastify'
import { serializerCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod'
import type { z } from 'zod'
import type { Keys } from '../access/keys.ts'
import type { Labels } from '../agreement/labels.ts'
import type { RunAgreements } from '../agreement/run-agreements.ts'
import type { RunComparisons } from '../agreement/run-comparisons.ts'
import type { Datasets } from '../datasets/datasets.ts'
import type { Records } from '../datasets/records.ts'
import { AssizeError, type catalogue } from '../errors.ts'
import type { Judges } from '../judges/judges.ts'
import type { Judgments } from '../judging/judgments.ts'
import type { LiveJudging } from '../judging/live-judging.ts'
import type { Runs } from '../runs/runs.ts'
import {
  answerBrokenHttp,
  answerBrokenUrl,
  answerError,
  answerUnknownRoute,
  errorBody,
} from './answer-error.ts'
import { createAccess } from './authenticate.ts'
import { closeQuietly } from './close-quietly.ts'
import type { ExportRecords } from './exports.ts'
import type { ImportServices } from './file-routes.ts'
import type { Ping } from './health.ts'
import type { ModelList } from './models.ts'
import { registerOpenapi } from './openapi.ts'
import { registerRoutes } from './routes.ts'
import type { ToolList } from './tools.ts'
import { compileValidator } from './validate.ts'

export type Server = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  ZodTypeProvider
>

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
  readonly judges: Judges
  readonly liveJudging: LiveJudging
  readonly judgments: Judgments
  readonly runs: Runs
  readonly models: ModelList
  readonly tools: ToolList
  readonly ping: Ping
  /** Waits, and ends at once where nobody waits any more. */
  readonly pause: (ms: number, ended: AbortSignal) => Promise<void>
}

export interface ServerSettings {
  readonly maxBodyBytes: number
  readonly version: string
  readonly log: FastifyBaseLogger
  readonly newRequestId: () => string
}

type Status = (typeof catalogue)[keyof typeof catalogue]['status']

/** Error answers of a route that carries a key: those that any can give, and its own. */
export function answers<Own extends Status>(
  ...own: Own[]
): Record<Own | 401 | 403 | 413 | 422 | 500 | 503, z.ZodType> {
  const all = [401, 403, 413, 422, 500, 503, ...own] as const
  return Object.fromEntries(all.map((status) => [status, errorBody])) as Record<
    (typeof all)[number],
    typeof errorBody
  >
}

/** The HTTP server, not listening yet. */
export async function createServer(services: ServerServices, settings: ServerSettings): Promise<Server> {
  const server: Server = fastify({
    loggerInstance: settings.log,
    bodyLimit: settings.maxBodyBytes,
    genReqId: settings.newRequestId,
    // What was accepted is answered: a request on a kept-alive connection may come after the server began to close.
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    frameworkErrors: answerBrokenUrl,
    clientErrorHandler: (error, socket) => answerBrokenHttp(error, socket, settings),
    // What is no id is told so, however long it is.
    routerOptions: { maxParamLength: 20_000 },
    logController: new LogController({ disableRequestLogging: true }),
  }).withTypeProvider<ZodTypeProvider>()
  server.setValidatorCompiler(compileValidator)
  server.setSerializerCompiler(serializerCompiler)
  server.setErrorHandler(answerError)
  server.setNotFoundHandler(answerUnknownRoute)
  takeJson(server)
  markAnswers(server)
  closeQuietly(server)
  server.addHook('onListen', async () => services.goOnWithImports())
  const access = createAccess(services.keys)
  await registerOpenapi(server, settings.version)
  // Routes are registered inside a plugin, so that the OpenAPI plugin sees each of them.
  await server.register((inner) =>
    registerRoutes(inner.withTypeProvider<ZodTypeProvider>(), access, services),
  )
  return server
}

/** JSON and nothing else. Clients say `Content-Type: application/json` on a DELETE without a body too. */
function takeJson(server: Server): void {
  const parseJson = server.getDefaultJsonParser('remove', 'remove')
  server.removeAllContentTypeParsers()
  server.addContentTypeParser('application/json', { parseAs: 'string' }, function parse(request, text, done) {
    if (text === '') done(null, undefined)
    else parseJson(request, text as string, (error, body) => done(error && notJson(text as string), body))
  })
}

function notJson(text: string): AssizeError {
  let reason = 'it is none'
  try {
    JSON.parse(text)
  } catch (error) {
    reason = (error as Error).message
  }
  return new AssizeError('request_invalid', `The body: expected JSON; ${reason}.`)
}

/** The request id goes out with each answer and stands in each log line. */
function markAnswers(server: Server): void {
  server.addHook('onRequest', function markAnswer(request, reply, done) {
    reply.header('x-request-id', request.id)
    done()
  })
  server.addHook('onResponse', function logAnswer(request, reply, done) {
    const { method, routeOptions } = request
    request.log.info(
      {
        method,
        route: routeOptions.url,
        status: reply.statusCode,
        ms: Math.round(reply.elapsedTime * 10) / 10,
      },
      'answered',
    )
    done()
  })
}
