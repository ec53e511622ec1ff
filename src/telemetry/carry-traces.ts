import { context, propagation, ROOT_CONTEXT } from '@opentelemetry/api'
import type { TraceContexts } from '../judging/trace-contexts.ts'

const mostCharacters = 2000
const kept = ['traceparent', 'tracestate']

/** Which trace this belongs to, and nothing else: what others have put into its state is not ours to pass on. */
export function traceHeaders(): Readonly<Record<string, string>> {
  const carrier: Record<string, string> = {}
  propagation.inject(context.active(), carrier)
  const { traceparent } = carrier
  return traceparent === undefined ? {} : { traceparent }
}

/** Traces as W3C's headers carry them, as JSON. Baggage is not kept: it may hold what its senders say of their users. */
export const carriedTraces: TraceContexts = {
  current() {
    const carrier: Record<string, string> = {}
    propagation.inject(context.active(), carrier)
    const headers = Object.entries(carrier).filter(([name]) => kept.includes(name))
    const text = JSON.stringify(Object.fromEntries(headers))
    return headers.length === 0 || text.length > mostCharacters ? null : text
  },
  within(traceContext, work) {
    // What wakes a run up may be a request of another trace.
    if (traceContext === null) return context.with(ROOT_CONTEXT, work)
    return context.with(propagation.extract(ROOT_CONTEXT, JSON.parse(traceContext)), work)
  },
}
