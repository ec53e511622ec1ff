import cors from '@fastify/cors'
import helmet from '@fastify/helmet'
import type { Server } from './bare-server.ts'

/** A page of this server: its own scripts and styles, nothing from elsewhere, and in nobody's frame. */
const directives = {
  defaultSrc: ["'self'"],
  styleSrc: ["'self'", "'unsafe-inline'"],
  imgSrc: ["'self'", 'data:', 'blob:'],
  connectSrc: ["'self'"],
  frameAncestors: ["'none'"],
  objectSrc: ["'none'"],
  baseUri: ["'none'"],
  formAction: ["'self'"],
}

const aYearInSeconds = 31_536_000

/** What browsers are told with each answer, and which pages of other origins may call. */
export async function registerEdges(server: Server, corsOrigins: readonly string[]): Promise<void> {
  await server.register(helmet, {
    contentSecurityPolicy: { useDefaults: false, directives },
    referrerPolicy: { policy: 'no-referrer' },
    // Over plain HTTP it means nothing; see below.
    strictTransportSecurity: false,
  })
  server.addHook('onRequest', function demandTls(request, reply, done) {
    if (request.protocol === 'https') reply.header('strict-transport-security', `max-age=${aYearInSeconds}`)
    done()
  })
  if (corsOrigins.length === 0) return
  await server.register(cors, {
    origin: [...corsOrigins],
    methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
    allowedHeaders: ['authorization', 'content-type'],
    exposedHeaders: ['x-request-id', 'retry-after'],
    // Keys come in a header that pages set themselves, so that no cookie is ever needed.
    credentials: false,
    maxAge: 600,
  })
}
