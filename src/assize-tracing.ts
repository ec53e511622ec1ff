import type { Config } from './config.ts'
import type { FollowRequest } from './http/follow-requests.ts'
import type { JudgeMaterial } from './judging/judging.ts'
import type { ModelDirectory } from './judging/model.ts'
import type { ObservedJudgment } from './judging/observer.ts'
import type { ToolDirectory } from './judging/tool.ts'
import { noTraceContexts, type TraceContexts } from './judging/trace-contexts.ts'
import type { LogCompanion } from './log.ts'

/** How what is done becomes traces. */
export interface Tracing extends AsyncDisposable {
  /** Undefined where no request is followed. */
  readonly followRequest: FollowRequest | undefined
  readonly traceModels: (models: ModelDirectory) => ModelDirectory
  readonly traceTools: (tools: ToolDirectory) => ToolDirectory
  readonly traceJudging: (judge: JudgeMaterial, source: ObservedJudgment['source']) => JudgeMaterial
  readonly traceContexts: TraceContexts
  /** What says to others which trace this belongs to; undefined where nothing does. */
  readonly traceHeaders: (() => Readonly<Record<string, string>>) | undefined
  readonly logCompanion: LogCompanion | undefined
}

/** Everything stays as it is. */
const noTracing: Tracing = {
  followRequest: undefined,
  traceModels: (models) => models,
  traceTools: (tools) => tools,
  traceJudging: (judge) => judge,
  traceContexts: noTraceContexts,
  traceHeaders: undefined,
  logCompanion: undefined,
  [Symbol.asyncDispose]: async () => undefined,
}

/** Tracing, and sending the log, as the environment asks for it; what it needs is loaded only then. */
export async function openTracing(
  { telemetry, providers, judgments }: Config,
  { version, onTrouble }: { readonly version: string; readonly onTrouble: (reason: string) => void },
): Promise<Tracing> {
  if (!telemetry.exportsTraces && !telemetry.exportsLogs) return noTracing
  const { startTracing } = await import('./telemetry/start-tracing.ts')
  return startTracing({
    version,
    onTrouble,
    exportsTraces: telemetry.exportsTraces,
    exportsLogs: telemetry.exportsLogs,
    tellsAnalyses: telemetry.capturesContent && judgments.keepAnalysis,
    describeProvider: (name) => providers.find((provider) => provider.name === name),
  })
}
