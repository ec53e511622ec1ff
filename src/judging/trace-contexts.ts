/** Carries the trace that something belongs to over to where it is gone on with, be it in another process. */
export interface TraceContexts {
  /** As text of at most 2,000 characters; null where there is none. */
  current(): string | null
  /** Does something as part of that trace, or of none. */
  within<Result>(traceContext: string | null, work: () => Promise<Result>): Promise<Result>
}

/** Where nobody follows traces. */
export const noTraceContexts: TraceContexts = {
  current: () => null,
  within: (_traceContext, work) => work(),
}
