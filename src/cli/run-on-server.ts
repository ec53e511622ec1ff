import { randomUUID } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { AssizeError } from '../errors.ts'
import type { Io } from './commands.ts'
import { openRemote, type Remote } from './remote.ts'
import { type Begun, beginOrGoOn, type ServerOptions } from './run-begin.ts'
import { checkConditions, judgeConditions } from './run-conditions.ts'
import { openData, type RunData } from './run-data.ts'
import { writeRemoteResults } from './run-download.ts'
import { followRun, type RemoteRun } from './run-follow.ts'
import { partOf, refuseExisting, takePlace } from './run-place.ts'
import { runProgress } from './run-progress.ts'
import { findRemoteJudge, type RemoteJudge } from './run-remote-judge.ts'
import { resultOutput } from './run-result.ts'
import type { RunEnd, RunReport } from './run-summary.ts'
import { RunTotals } from './run-totals.ts'

/**
 * Judges a file on a server: its records become a dataset there, over which a run is made and followed. The run goes on
 * where this process ends.
 * @throws UsageError, AssizeError and RemoteError where that can't begin or be followed
 */
export async function runOnServer(options: ServerOptions, io: Io): Promise<RunReport> {
  await using opened = new AsyncDisposableStack()
  const place = options.out === undefined ? undefined : opened.use(await takePlace(options.out))
  if (place !== undefined && !options.isResumed) refuseExisting(place.path)
  const beginning = new AbortController()
  const remote = opened.use(
    await openRemote({ url: options.server, keyFile: options.keyFile }, io, beginning.signal),
  )
  const giveUp = (): void => beginning.abort(new AssizeError('request_invalid', notBegun))
  io.stop.addEventListener('abort', giveUp, { once: true })
  if (io.stop.aborted) giveUp()
  const judge = await findRemoteJudge(options.judge, remote, io)
  checkConditions(options.conditions, judge.definition.output)
  const data = opened.use(await openData({ ...options, path: options.data }, io))
  const ticketPath = place ? partOf(place.path) : join(tmpdir(), `assize-run-${randomUUID()}`)
  const begun = await beginOrGoOn(options, { remote, judge, data, ticketPath, resultsPath: place?.path })
  io.stop.removeEventListener('abort', giveUp)
  opened.use(begun.ticketFile)
  if (place === undefined) opened.defer(() => begun.ticketFile.remove())
  const report = await seeThrough(options, { remote, judge, data, ...begun, resultsPath: place?.path }, io)
  if (report.end === 'completed') await begun.ticketFile.remove()
  return report
}

const notBegun = 'Stopped before the run began. What was uploaded by then stays on the server as a dataset.'

interface Running extends Begun {
  readonly remote: Remote
  readonly judge: RemoteJudge
  readonly data: RunData
  readonly resultsPath: string | undefined
}

/** Follows the run to its end, and takes its results. */
async function seeThrough(options: ServerOptions, running: Running, io: Io): Promise<RunReport> {
  const { remote, judge, data, ticket, ticketFile, resultsPath, refusals, judgedBefore } = running
  const startedMs = performance.now()
  // Results follow once the run has ended.
  const isAlone = true
  let latest: RemoteRun | undefined
  const judgedSoFar = (): number => (latest ? latest.total - latest.pending : judgedBefore)
  const progress = await runProgress(io, isAlone, () => ({
    totals: {
      judged: judgedSoFar(),
      outcomes: outcomesOf(latest),
      refused: ticket.refused,
      cost: latest?.cost ?? null,
    },
    made: judgedSoFar() - judgedBefore,
    total: latest?.total,
    isAbout: false,
    elapsedMs: performance.now() - startedMs,
  }))
  const follow = (run: RemoteRun): void => {
    latest = run
  }
  const run = await followRun(remote, ticket.run_id, follow, io).finally(progress.end)
  const durationMs = performance.now() - startedMs
  const totals = new RunTotals(judge.definition.output)
  const facts = {
    judge_name: judge.definition.name,
    judge_fingerprint: ticket.judge_fingerprint,
    judge_id: run.judge_id,
    revision_id: run.revision_id,
    run_id: run.id,
    output: resultOutput(judge.definition.output),
  }
  const { records } = await writeRemoteResults({ remote, ticketFile, facts, totals, path: resultsPath, io })
  totals.read = records + ticket.refused
  totals.refused = ticket.refused
  return {
    judge: facts,
    modelName: run.model_name,
    dataName: data.name,
    ...endOf(run, totals),
    totals,
    refusals,
    made: totals.judged - judgedBefore,
    durationMs,
    withoutPrice: [run.model_name],
    verdicts: judgeConditions(options.conditions, totals),
  }
}

function outcomesOf(run: RemoteRun | undefined): RunTotals['outcomes'] {
  return (Object.entries(run?.outcomes ?? {}) as unknown as RunTotals['outcomes']).filter(
    ([, count]) => count > 0,
  )
}

const ends: Readonly<Record<RemoteRun['state'], RunEnd>> = {
  running: 'stopped',
  cancelled: 'stopped',
  completed: 'completed',
  capped: 'capped',
  failed: 'failed',
}

function endOf(
  { state, reason }: RemoteRun,
  { judged, answered }: RunTotals,
): { readonly end: RunEnd; readonly reason: string | undefined } {
  if (state === 'completed' && judged > 0 && answered === 0) {
    return { end: 'failed', reason: 'No judgment gave an answer.' }
  }
  const isCancelled = ends[state] === 'stopped'
  return { end: ends[state], reason: reason ?? (isCancelled ? 'The run was cancelled.' : undefined) }
}
