import cookie from '@fastify/cookie'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { AssizeError } from '../errors.ts'
import type { Server } from './bare-server.ts'

const name = 'assize_session'

const safeMethods = ['GET', 'HEAD', 'OPTIONS']

export async function registerCookies(server: Server): Promise<void> {
  await server.register(cookie)
}

/** No script of a page can read it, and no other site's page makes a browser send it. */
function attributes(request: FastifyRequest) {
  return { path: '/', httpOnly: true, sameSite: 'strict', secure: request.protocol === 'https' } as const
}

export function setSessionCookie(
  request: FastifyRequest,
  reply: FastifyReply,
  token: string,
  endsAt: Date,
): void {
  reply.setCookie(name, token, { ...attributes(request), expires: endsAt })
}

export function clearSessionCookie(request: FastifyRequest, reply: FastifyReply): void {
  reply.clearCookie(name, attributes(request))
}

/**
 * What a browser that is signed in sends.
 * @throws AssizeError `cross_site` where another site's page may have made it send a request that changes something
 */
export function sessionTokenOf(request: FastifyRequest): string | undefined {
  const token = request.cookies[name]
  if (token === undefined || token === '') return undefined
  if (!safeMethods.includes(request.method)) refuseOtherSites(request)
  return token
}

/**
 * Browsers say which page a request comes from, and no page can change what they say.
 * @throws AssizeError `cross_site` unless it comes from a page of this server
 */
export function refuseOtherSites(request: FastifyRequest): void {
  const site = request.headers['sec-fetch-site']
  const { origin } = request.headers
  if (
    site === 'same-origin' ||
    (site === undefined && origin !== undefined && hostOf(origin) === request.host)
  )
    return
  throw new AssizeError(
    'cross_site',
    'A session is for this server\'s own page; expected a request from it, or a key as "Authorization: Bearer KEY".',
  )
}

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined
}
