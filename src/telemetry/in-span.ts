import { type Attributes, context, type Span, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api'

const tracer = trace.getTracer('assize')

interface NewSpan {
  readonly name: string
  readonly kind?: SpanKind
  readonly attributes: Attributes
}

/**
 * Does work within a new span of the current trace, and ends it with the work.
 * @param typeOf what kind of failure an error is: its message stays here, since it may quote what was judged
 */
export async function inSpan<Result>(
  { name, kind = SpanKind.INTERNAL, attributes }: NewSpan,
  work: (span: Span) => Promise<Result>,
  typeOf: (error: unknown) => string = nameOf,
): Promise<Result> {
  const span = tracer.startSpan(name, { kind, attributes })
  try {
    return await context.with(trace.setSpan(context.active(), span), () => work(span))
  } catch (error) {
    fail(span, typeOf(error))
    throw error
  } finally {
    span.end()
  }
}

/** Marks what a span stands for as failed. */
export function fail(span: Span, type: string): void {
  span.setAttribute('error.type', type)
  span.setStatus({ code: SpanStatusCode.ERROR })
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : '_OTHER'
}
