import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { AssizeError, catalogue } from '../errors.ts'

/** Every error body. */
export const errorBody = z
  .object({
    detail: z.object({
      message: z.string().describe('What was wrong, where, and what would be right.'),
      error_code: z.string().nullable(),
    }),
  })
  .meta({ id: 'Error' })

/** Answers anything thrown with the catalogue's status and body; what is not in it says nothing but a request id. */
export function answerError(thrown: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const error = asAssizeError(thrown, request)
  const { status, errorCode } = catalogue[error.situation]
  if (status >= 500) request.log.error({ err: error.cause ?? error }, error.message)
  if (error.retryAfterSeconds !== undefined) reply.header('retry-after', error.retryAfterSeconds)
  if (status === 401) reply.header('www-authenticate', 'Bearer')
  return reply.status(status).send({ detail: { message: error.message, error_code: errorCode } })
}

export function answerUnknownRoute(request: FastifyRequest): never {
  const [path] = request.url.split('?', 1)
  throw new AssizeError(
    'route_not_found',
    `There is no ${request.method} ${path}; /docs lists what there is.`,
  )
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
  if (isCallersFault) return new AssizeError('request_invalid', `The request can't be read: ${error.message}`)
  return new AssizeError(
    'unknown',
    `Something went wrong on this server; its log has more under request ${request.id}.`,
    {
      cause: error,
    },
  )
}
