import { setImmediate as nextTurn } from 'node:timers/promises'
import { pause } from './assize-pause.ts'
import type { Config } from './config.ts'
import { startPurge } from './datasets/purge.ts'
import type { Judges, JudgesTools } from './judges/judges.ts'
import type { Budgets } from './judging/budgets.ts'
import type { JudgeMaterial } from './judging/judging.ts'
import type { TraceContexts } from './judging/trace-contexts.ts'
import type { Usage } from './judging/usage.ts'
import type { Logger } from './log.ts'
import type { CheckTools } from './runs/check-judging.ts'
import { createJudgeActivities, type JudgeActivities } from './runs/judge-activity.ts'
import { createOverview, type Overview } from './runs/overview.ts'
import { createRunWorker, type RunWorker } from './runs/run-worker.ts'
import { createRuns, type Runs, type RunsTools } from './runs/runs.ts'
import { LastRunRows } from './storage/last-run-rows.ts'
import type { Database } from './storage/open-database.ts'
import { OverviewRows } from './storage/overview-rows.ts'
import { RecordRows } from './storage/record-rows.ts'
import { RunJudgmentRows } from './storage/run-judgment-rows.ts'
import { RunMakingRows } from './storage/run-making-rows.ts'
import { RunRows } from './storage/run-rows.ts'
import { RunWorkRows } from './storage/run-work-rows.ts'

export interface RunServices {
  readonly runs: Runs
  readonly overview: Overview
  readonly judgeActivities: JudgeActivities
  /** Not started yet. */
  readonly runWorker: RunWorker
}

type Tools = Pick<RunsTools, 'datasets'> &
  Pick<CheckTools, 'models' | 'toolDirectory' | 'priceOf'> &
  Pick<JudgesTools, 'now' | 'newId'> & {
    readonly judges: Judges
    readonly judgeMaterial: JudgeMaterial
    readonly usage: Usage
    readonly budgets: Budgets
    readonly traceContexts: TraceContexts
  }

/** How long creating a run waits for a tool that is started to be asked what it has. */
const waitForToolsMs = 10_000

/** Runs, what works on them, and what removes deleted ones until it is disposed of. */
export function createRunServices(
  database: Database,
  log: Logger,
  {
    runs: { atOnce, concurrency, mostInFlight },
    judgments,
    panels,
  }: Pick<Config, 'runs' | 'judgments' | 'panels'>,
  tools: Tools,
): RunServices & AsyncDisposable {
  const store = new RunRows(database)
  const records = new RecordRows(database)
  const shared = { ...tools, panels, records, pause, nextTurn: () => nextTurn() }
  const purge = startPurge({
    store: { purge: () => store.purge(tools.now()) },
    pause,
    onFailure: (err) => log.warn({ err }, 'what is left of deleted runs could not be removed yet'),
  })
  const runWorker = createRunWorker({
    ...shared,
    store: new RunWorkRows(database),
    kept: judgments,
    atOnce,
    ...(mostInFlight !== undefined && { mostInFlight }),
    elapsedMs: () => performance.now(),
    onFailure: (err) => log.warn({ err }, 'something of a run did not work'),
  })
  const runs = createRuns({
    ...shared,
    store,
    making: new RunMakingRows(database),
    made: new RunJudgmentRows(database),
    waitForTools: () => AbortSignal.timeout(waitForToolsMs),
    concurrency,
    onChanged: () => runWorker.wake(),
    onRemoved: () => purge.wake(),
  })
  return {
    runs,
    judgeActivities: createJudgeActivities({ judges: tools.judges, store: new LastRunRows(database) }),
    overview: createOverview({ usage: tools.usage, runs, store: new OverviewRows(database) }),
    runWorker,
    async [Symbol.asyncDispose]() {
      await runWorker[Symbol.asyncDispose]()
      await purge[Symbol.asyncDispose]()
    },
  }
}
