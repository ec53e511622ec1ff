import type { AnyValueMap, Logger } from '@opentelemetry/api-logs'

interface Line extends AnyValueMap {
  readonly level: number
  readonly time: string
  readonly msg?: string
  readonly err?: { readonly type?: string; readonly message?: string; readonly stack?: string }
}

/** By the log's tens, as OpenTelemetry numbers severities: each has four, of which this is the first. */
const severities = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL']

/** A line of the log as a record of OpenTelemetry, in the trace in which it is written. */
export function emitLine(logger: Logger, text: string): void {
  const { level, time, msg, err, trace_id: _trace, span_id: _span, ...fields } = JSON.parse(text) as Line
  const severity = Math.min(Math.max(Math.floor(level / 10), 1), severities.length) - 1
  logger.emit({
    timestamp: new Date(time),
    severityNumber: 1 + 4 * severity,
    severityText: severities[severity] as string,
    ...(msg !== undefined && { body: msg }),
    attributes: {
      ...fields,
      ...(err && {
        'exception.type': err.type,
        'exception.message': err.message,
        'exception.stacktrace': err.stack,
      }),
    },
  })
}
