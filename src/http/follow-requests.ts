import type { FastifyRequest } from 'fastify'
import type { Server } from './bare-server.ts'

interface FollowedRequest {
  /** Does something as part of the request. */
  within(work: () => void): void
  end(status: number): void
}

/** Begins to follow a request; undefined where it is not worth it. */
export type FollowRequest = (request: {
  readonly method: string
  readonly url: string
  /** Undefined where none fits. */
  readonly route: string | undefined
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
}) => FollowedRequest | undefined

/** Has each request followed from its begin until it is answered. To be called before any other hook is added. */
export function followRequests(server: Server, follow: FollowRequest): void {
  const followed = new WeakMap<FastifyRequest, FollowedRequest>()
  server.addHook('onRequest', function beginToFollow(request, _reply, done) {
    const { method, url, headers, routeOptions, is404 } = request
    const begun = follow({ method, url, headers, route: is404 ? undefined : routeOptions.url })
    if (begun === undefined) return done()
    followed.set(request, begun)
    begun.within(done)
  })
  // Reading a body loses what it was begun within.
  server.addHook('preValidation', function followOn(request, _reply, done) {
    const begun = followed.get(request)
    if (begun === undefined) done()
    else begun.within(done)
  })
  server.addHook('onResponse', function endToFollow(request, reply, done) {
    const begun = followed.get(request)
    if (begun === undefined) return done()
    begun.end(reply.statusCode)
    begun.within(done)
  })
}
