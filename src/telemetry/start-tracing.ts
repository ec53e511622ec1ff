import { type Attributes, context, diag, propagation, trace } from '@opentelemetry/api'
import { logs } from '@opentelemetry/api-logs'
import { NodeSDK, resources } from '@opentelemetry/sdk-node'
import { carriedTraces, traceHeaders } from './carry-traces.ts'
import { emitLine } from './emit-line.ts'
import { traceJudging } from './trace-judging.ts'
import { type DescribeProvider, traceModels } from './trace-models.ts'
import { followRequest } from './trace-requests.ts'
import { traceTools } from './trace-tools.ts'
import { tellTrouble } from './trouble-teller.ts'

interface TracingSettings {
  readonly version: string
  readonly exportsTraces: boolean
  readonly exportsLogs: boolean
  readonly tellsAnalyses: boolean
  readonly describeProvider: DescribeProvider
  /** Told that something could not be sent, and why. */
  readonly onTrouble: (reason: string) => void
}

/** What was not sent until then is lost: a collector that is down keeps no program from ending. */
const mostEndMs = 3000

/** Starts to send spans and lines of the log, as the standard variables of OpenTelemetry say, until it is disposed of. Once a process. */
export function startTracing(settings: TracingSettings) {
  const { tellsAnalyses, describeProvider } = settings
  tellTrouble(settings.onTrouble)
  const sdk = startSdk(settings)
  const logger = settings.exportsLogs ? logs.getLogger('assize') : undefined
  // The conventions want events to be records of the log; where none are sent, they stand in their span.
  const emit = (eventName: string, attributes: Attributes): void => {
    if (logger === undefined) trace.getActiveSpan()?.addEvent(eventName, attributes)
    else logger.emit({ eventName, attributes, timestamp: new Date() })
  }
  return {
    followRequest,
    traceModels: (models: Parameters<typeof traceModels>[0]) => traceModels(models, describeProvider),
    traceTools,
    traceJudging: (...[judge, source]: FirstTwo<typeof traceJudging>) =>
      traceJudging(judge, source, { tellsAnalyses, emit }),
    traceContexts: carriedTraces,
    traceHeaders,
    logCompanion: {
      fields: fieldsOfTrace,
      ...(logger && { write: (line: string) => emitLine(logger, line) }),
    },
    async [Symbol.asyncDispose]() {
      const { promise: isLate, resolve } = Promise.withResolvers<void>()
      const timer = setTimeout(resolve, mostEndMs)
      await Promise.race([sdk.shutdown().catch(() => undefined), isLate])
      clearTimeout(timer)
      for (const one of [trace, context, propagation, logs, diag]) one.disable()
    },
  }
}

type FirstTwo<Made extends (...given: never[]) => unknown> =
  Parameters<Made> extends [infer First, infer Second, ...unknown[]] ? [First, Second] : never

function startSdk({ version, exportsTraces, exportsLogs }: TracingSettings): NodeSDK {
  const named = resources.resourceFromAttributes({ 'service.name': 'assize', 'service.version': version })
  const sdk = new NodeSDK({
    resource: resources.defaultResource().merge(named),
    metricReaders: [],
    ...(!exportsLogs && { logRecordProcessors: [] }),
    ...(!exportsTraces && { spanProcessors: [] }),
  })
  sdk.start()
  return sdk
}

function fieldsOfTrace(): object {
  const span = trace.getActiveSpan()?.spanContext()
  return span === undefined ? {} : { trace_id: span.traceId, span_id: span.spanId }
}
