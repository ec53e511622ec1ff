import { registerAgreement } from './agreement.ts'
import { registerAudit } from './audit.ts'
import type { Access } from './authenticate.ts'
import { registerComparison } from './comparison.ts'
import { registerCorrectedShares } from './corrected-shares.ts'
import { registerDatasets } from './datasets.ts'
import { registerExports } from './exports.ts'
import { registerFileRoutes } from './file-routes.ts'
import { registerHealth } from './health.ts'
import { registerJudgeActivity } from './judge-activity.ts'
import { registerJudgeTemplates } from './judge-templates.ts'
import { registerJudges } from './judges.ts'
import { registerJudgments } from './judgments.ts'
import { registerKeys } from './keys.ts'
import { registerLabelPairs } from './label-pairs.ts'
import { registerLabels } from './labels.ts'
import { registerLint } from './lint.ts'
import { registerLiveJudging } from './live-judging.ts'
import { registerMetrics } from './metrics.ts'
import { registerModels } from './models.ts'
import { registerOverview } from './overview.ts'
import { registerRecordChanges } from './record-changes.ts'
import { registerRecords } from './records.ts'
import type { RequestLimits } from './request-limits.ts'
import { registerRevisions } from './revisions.ts'
import { registerRunAnswers } from './run-answers.ts'
import { registerRunChanges } from './run-changes.ts'
import { registerRunEvents } from './run-events.ts'
import { registerRunJudgments } from './run-judgments.ts'
import { registerRuns } from './runs.ts'
import type { Server, ServerServices } from './server.ts'
import { registerSession } from './session.ts'
import { registerTools } from './tools.ts'
import { registerUnsavedJudging } from './unsaved-judging.ts'
import { registerUsage } from './usage.ts'

/** All routes but those of the API's description. */
export async function registerRoutes(
  server: Server,
  { access, limits }: { readonly access: Access; readonly limits: RequestLimits },
  services: ServerServices,
  version: string,
): Promise<void> {
  registerSession(server, { access, limits, sessions: services.sessions, version })
  registerKeys(server, { access, keys: services.keys })
  registerAudit(server, { access, audit: services.audit })
  registerJudges(server, { access, judges: services.judges })
  registerJudgeActivity(server, { access, judgeActivities: services.judgeActivities })
  registerLint(server, { access })
  registerJudgeTemplates(server, { access })
  registerUnsavedJudging(server, { access, unsavedJudging: services.unsavedJudging })
  registerRevisions(server, { access, judges: services.judges })
  registerLiveJudging(server, { access, liveJudging: services.liveJudging })
  registerJudgments(server, { access, judgments: services.judgments })
  registerDatasets(server, { access, datasets: services.datasets })
  registerRecords(server, { access, datasets: services.datasets, records: services.records })
  registerRecordChanges(server, { access, records: services.records })
  registerExports(server, { access, datasets: services.datasets, exportRecords: services.exportRecords })
  await registerFileRoutes(server, { access, ...services })
  registerLabels(server, { access, labels: services.labels })
  registerAgreement(server, { access, agreements: services.agreements })
  registerLabelPairs(server, { access, agreements: services.agreements })
  registerCorrectedShares(server, { access, agreements: services.agreements })
  registerRuns(server, { access, runs: services.runs })
  registerRunChanges(server, { access, runs: services.runs })
  registerRunAnswers(server, { access, runs: services.runs })
  registerRunJudgments(server, { access, runs: services.runs })
  registerRunEvents(server, { access, runs: services.runs, pause: services.pause })
  registerComparison(server, { access, comparisons: services.comparisons })
  registerModels(server, { access, models: services.models })
  registerUsage(server, { access, usage: services.usage })
  registerOverview(server, { access, overview: services.overview })
  registerTools(server, { access, tools: services.tools })
  registerHealth(server, { ping: services.ping })
  const { renderMetrics, areMetricsOpen } = services
  registerMetrics(server, { renderMetrics, ...(!areMetricsOpen && { access }) })
}
