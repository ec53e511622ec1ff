import type { IncomingMessage, ServerResponse } from 'node:http'
import {
  type FastifyBaseLogger,
  type FastifyInstance,
  fastify,
  LogController,
  type RawServerDefault,
} from 'fastify'
import { serializerCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod'
import { AssizeError } from '../errors.ts'
import { answerBrokenHttp, answerBrokenUrl, answerError, answerUnknownRoute } from './answer-error.ts'
import { closeQuietly } from './close-quietly.ts'
import { type FollowRequest, followRequests } from './follow-requests.ts'
import { letSlowClientsGo } from './slow-clients.ts'
import { compileValidator } from './validate.ts'

export type Server = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  ZodTypeProvider
>

export interface ServerSettings {
  readonly maxBodyBytes: number
  /** How long a client may keep the server waiting: for the whole of a body, for more of a file, to read an answer. */
  readonly clientTimeoutMs: number
  /** Addresses and networks whose `X-Forwarded-*` headers are believed. */
  readonly trustedProxies: readonly string[]
  /** What the server proves itself with, as PEM; absent: it speaks plain HTTP. */
  readonly certificate?: { readonly cert: string; readonly key: string } | undefined
  readonly version: string
  readonly log: FastifyBaseLogger
  readonly newRequestId: () => string
  /** Told of each request once it is answered; its route is undefined where none fits. */
  readonly onRequest?: (request: AnsweredRequest) => void
  /** Follows each request from its begin to its answer. */
  readonly followRequest?: FollowRequest | undefined
}

export interface AnsweredRequest {
  readonly method: string
  readonly route: string | undefined
  readonly status: number
  readonly elapsedMs: number
}

/** However slowly it comes, as long as something does. */
const longestUploadMs = 86_400_000

/** A server with no route yet: how it reads, answers what fails, logs and closes. */
export function createBareServer(settings: ServerSettings): Server {
  const { certificate } = settings
  const server: Server = fastify({
    // Typed as for plain HTTP: what differs is below whatever a route sees.
    ...(certificate && ({ https: { ...certificate } } as object)),
    loggerInstance: settings.log,
    bodyLimit: settings.maxBodyBytes,
    connectionTimeout: settings.clientTimeoutMs,
    requestTimeout: longestUploadMs,
    trustProxy: settings.trustedProxies.length > 0 && [...settings.trustedProxies],
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
  letSlowClientsGo(server, settings)
  takeJson(server)
  if (settings.followRequest !== undefined) followRequests(server, settings.followRequest)
  markAnswers(server, settings.onRequest)
  closeQuietly(server)
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
function markAnswers(server: Server, onRequest: ServerSettings['onRequest']): void {
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
    onRequest?.({
      method,
      route: request.is404 ? undefined : routeOptions.url,
      status: reply.statusCode,
      elapsedMs: reply.elapsedTime,
    })
    done()
  })
}
