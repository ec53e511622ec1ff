import type { FastifyRequest } from 'fastify'
import { AssizeError } from '../errors.ts'

/** Whether a request brings the token of a link, instead of a key. */
export function hasToken(request: FastifyRequest): boolean {
  return (request.query as { readonly token?: unknown }).token !== undefined
}

/** Where the client reaches this server, as its request says and nothing else: it gets the link, and nobody besides. */
export function originOf(request: FastifyRequest): string {
  const origin = `${request.protocol}://${request.host}`
  if (/^[\w.:[\]-]+$/.test(request.host) && URL.canParse(origin)) return origin
  throw new AssizeError(
    'request_invalid',
    'Host: expected the name of this server, from which the link is made.',
  )
}
