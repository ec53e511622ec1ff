import { type Attributes, context, diag, propagation, type Span, trace } from '@opentelemetry/api'
import { NodeSDK, resources } from '@opentelemetry/sdk-node'
import { carriedTraces } from './carry-traces.ts'
import { traceJudging } from './trace-judging.ts'
import { type DescribeProvider, traceModels } from './trace-models.ts'
import { followRequest } from './trace-requests.ts'
import { traceTools } from './trace-tools.ts'

interface TracingSettings {
  readonly version: string
  readonly exportsTraces: boolean
  readonly tellsAnalyses: boolean
  readonly describeProvider: DescribeProvider
}

/** What was not sent until then is lost: a collector that is down keeps no program from ending. */
const mostEndMs = 3000

/** Starts to send spans, as the standard variables of OpenTelemetry say, until it is disposed of. Once a process. */
export function startTracing({ version, exportsTraces, tellsAnalyses, describeProvider }: TracingSettings) {
  const named = resources.resourceFromAttributes({ 'service.name': 'assize', 'service.version': version })
  const sdk = new NodeSDK({
    resource: resources.defaultResource().merge(named),
    metricReaders: [],
    logRecordProcessors: [],
    ...(!exportsTraces && { spanProcessors: [] }),
  })
  sdk.start()
  return {
    followRequest,
    traceModels: (models: Parameters<typeof traceModels>[0]) => traceModels(models, describeProvider),
    traceTools,
    traceJudging: (...[judge, source]: FirstTwo<typeof traceJudging>) =>
      traceJudging(judge, source, { tellsAnalyses, emit: emitOnSpan }),
    traceContexts: carriedTraces,
    async [Symbol.asyncDispose]() {
      const { promise: isLate, resolve } = Promise.withResolvers<void>()
      const timer = setTimeout(resolve, mostEndMs)
      await Promise.race([sdk.shutdown().catch(() => undefined), isLate])
      clearTimeout(timer)
      for (const one of [trace, context, propagation, diag]) one.disable()
    },
  }
}

type FirstTwo<Made extends (...given: never[]) => unknown> =
  Parameters<Made> extends [infer First, infer Second, ...unknown[]] ? [First, Second] : never

function emitOnSpan(span: Span, name: string, attributes: Attributes): void {
  span.addEvent(name, attributes)
}
