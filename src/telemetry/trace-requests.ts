import { context, propagation, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api'

interface BegunRequest {
  readonly method: string
  /** With its query, which is not told. */
  readonly url: string
  /** Undefined where none fits. */
  readonly route: string | undefined
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
}

interface FollowedRequest {
  /** Does something as part of the request. */
  within(work: () => void): void
  end(status: number): void
}

const tracer = trace.getTracer('assize')

/** Asked for every few seconds, by what watches this process: traces of them tell nothing. */
const unfollowed: readonly (string | undefined)[] = ['/healthz', '/readyz', '/metrics']

/** A span for a request, in the trace that its headers name; see the HTTP semantic conventions. */
export function followRequest(request: BegunRequest): FollowedRequest | undefined {
  const { method, url, route, headers } = request
  if (unfollowed.includes(route)) return undefined
  const caller = propagation.extract(ROOT_CONTEXT, headers)
  const attributes = {
    'http.request.method': method,
    'url.scheme': 'http',
    'url.path': url.split('?', 1)[0] ?? url,
    ...(route !== undefined && { 'http.route': route }),
  }
  const name = route === undefined ? method : `${method} ${route}`
  const span = tracer.startSpan(name, { kind: SpanKind.SERVER, attributes }, caller)
  const inside = trace.setSpan(caller, span)
  return {
    within: (work) => context.with(inside, work),
    end(status) {
      span.setAttribute('http.response.status_code', status)
      if (status >= 500) {
        span.setAttribute('error.type', String(status))
        span.setStatus({ code: SpanStatusCode.ERROR })
      }
      span.end()
    },
  }
}
