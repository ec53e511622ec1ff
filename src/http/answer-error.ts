import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import type { FastifyBaseLogger, FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { AssizeError, catalogue } from '../errors.ts'

/** Every error body. */
export const errorBody = z
  .object({
    detail: z.object({
      message: z.string().describe('What was wrong, where, and what would be right.'),
      error_code: z.string().nullable(),
      judgment: z
        .record(z.string(), z.unknown())
        .optional()
        .describe('What is known of a judgment without an answer, where more than the answer was asked for.'),
    }),
  })
  .meta({ id: 'Error' })

/** Answers anything thrown with the catalogue's status and body; what is not in it says nothing but a request id. */
export function answerError(thrown: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const error = asAssizeError(thrown, request)
  const { status } = catalogue[error.situation]
  if (status >= 500) logFailure(error, request.log)
  if (error.retryAfterSeconds !== undefined) reply.header('retry-after', error.retryAfterSeconds)
  if (status === 401) reply.header('www-authenticate', 'Bearer')
  return reply.status(status).send(bodyOf(error))
}

export function answerUnknownRoute(request: FastifyRequest): never {
  const [path] = request.url.split('?', 1)
  throw new AssizeError(
    'route_not_found',
    `There is no ${request.method} ${path}; /docs lists what there is.`,
  )
}

/** Answers a request whose URL leads to no route and no hook. */
export function answerBrokenUrl(error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
  reply.header('x-request-id', request.id)
  answerError(error, request, reply)
}

/** Answers what is no HTTP, which never becomes a request. */
export function answerBrokenHttp(
  error: NodeJS.ErrnoException,
  socket: Socket,
  { log, newRequestId }: { log: FastifyBaseLogger; newRequestId: () => string },
): void {
  const { code = 'unknown' } = error
  if (code === 'ECONNRESET' || code === 'EPROTO' || /^ERR_(SSL|TLS)/.test(code) || !socket.writable) {
    socket.destroy()
    return
  }
  const reqId = newRequestId()
  const found = brokenHttp[code] ?? `it breaks the rules of HTTP (${code})`
  const broken = new AssizeError('request_invalid', `The request can't be read: ${found}.`)
  const { status } = catalogue[broken.situation]
  log.info({ reqId, code, status }, 'answered')
  const body = JSON.stringify(bodyOf(broken))
  socket.end(
    [
      `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
      'connection: close',
      'content-type: application/json; charset=utf-8',
      `content-length: ${Buffer.byteLength(body)}`,
      `x-request-id: ${reqId}`,
      '',
      body,
    ].join('\r\n'),
  )
}

const brokenHttp: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: 'its headers are larger than this server takes',
  HPE_INVALID_METHOD: 'it begins with no method of HTTP',
  ERR_HTTP_REQUEST_TIMEOUT: 'it did not come to its end in time',
}

function bodyOf({ message, situation, judgmentBody }: AssizeError): z.output<typeof errorBody> {
  const { errorCode } = catalogue[situation]
  return { detail: { message, error_code: errorCode, ...(judgmentBody && { judgment: judgmentBody }) } }
}

/** An error's message may quote a judge or a conversation; only a fault of this server is worth that. */
function logFailure({ situation, cause }: AssizeError, log: FastifyBaseLogger): void {
  log.error({ situation, ...(cause instanceof Error && { trace: traceOf(cause) }) }, 'failed')
}

/** Not the whole error: a database driver's hold the values of the query that failed. */
function traceOf(error: Error): { code: unknown; stack: string | undefined } {
  return { code: (error as NodeJS.ErrnoException).code, stack: error.stack }
}

function asAssizeError(thrown: unknown, request: FastifyRequest): AssizeError {
  if (thrown instanceof AssizeError) return thrown
  return fromFastify(thrown as Partial<FastifyError>, request)
}

function fromFastify(error: Partial<FastifyError>, request: FastifyRequest): AssizeError {
  switch (error.code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return new AssizeError(
        'body_too_large',
        `The body is larger than ${request.routeOptions.bodyLimit} bytes, the limit of this server (server.max_body_bytes).`,
      )
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return new AssizeError(
        'request_invalid',
        'The body has another type; expected "Content-Type: application/json".',
      )
    default:
      break
  }
  const isCallersFault = error.statusCode !== undefined && error.statusCode >= 400 && error.statusCode < 500
  if (isCallersFault)
    return new AssizeError('request_invalid', `The request can't be read: ${error.message}.`)
  return new AssizeError(
    'unknown',
    `Something went wrong on this server; its log has more under request ${request.id}.`,
    { cause: error },
  )
}
