import { AssizeError } from '../errors.ts'
import type { Io } from './commands.ts'
import { openJudge } from './open-judge.ts'
import { RunBrake } from './run-brake.ts'
import { checkConditions, judgeConditions } from './run-conditions.ts'
import { openData, type RunData } from './run-data.ts'
import { ResultFile } from './run-files.ts'
import { createRunJudge, type RunJudge } from './run-judge.ts'
import type { RunOptions } from './run-options.ts'
import { type PoolEnd, runPool } from './run-pool.ts'
import { runProgress } from './run-progress.ts'
import { RunReading } from './run-reading.ts'
import type { ResultLine } from './run-result.ts'
import { ResultStream, type Results } from './run-stream.ts'
import type { RunEnd, RunReport } from './run-summary.ts'
import { RunTotals } from './run-totals.ts'
import { keepHeapSteady } from './steady-heap.ts'
import { UsageError } from './usage-error.ts'

const firstWorkspace = 'default'

/**
 * Judges a file in this process.
 * @throws UsageError, ConfigError and AssizeError where that can't begin or go on; what is judged by then is kept
 */
export async function runLocally(options: RunOptions, io: Io): Promise<RunReport> {
  await using opened = await openJudge(options.judge, options.workspace ?? firstWorkspace, io)
  checkConditions(options.conditions, opened.definition.output)
  const judge = createRunJudge(opened, options.samples)
  if (options.maxCost !== undefined) refuseUnpriced(judge)
  await using data = await openData({ ...options, path: options.data }, io)
  const totals = new RunTotals(opened.definition.output)
  await using results = await openResults(options, judge, totals, io)
  for (const result of results.outdated()) totals.remove(result)
  const { isResumed, limit } = options
  const reading = await RunReading.begin({ data, results, totals, limit, stop: io.stop }, isResumed)
  const { concurrency = opened.config.runs.concurrency, maxCost, maxTokens } = options
  const brake = new RunBrake({ totals, maxCost, maxTokens, allowedNow: judge.allowedNow })
  const worked = await judgeAll({ judge, data, reading, results, totals, brake, concurrency }, io)
  for (const result of results.outdated()) totals.add(result)
  return {
    judge: judge.facts,
    modelName: opened.definition.modelName,
    dataName: data.name,
    ...endOf(worked.end, brake, totals),
    totals,
    refusals: reading.refusals,
    made: worked.made,
    durationMs: worked.durationMs,
    withoutPrice: judge.withoutPrice,
    verdicts: judgeConditions(options.conditions, totals),
  }
}

function refuseUnpriced({ withoutPrice }: RunJudge): void {
  if (withoutPrice.length === 0) return
  throw new UsageError(
    `--max-cost needs the price of ${withoutPrice.join(', ')}: set "prices" in the YAML file that ASSIZE_CONFIG names, or give --max-tokens.`,
  )
}

async function openResults(
  { out, isResumed, retriesFailed }: RunOptions,
  { facts }: RunJudge,
  totals: RunTotals,
  io: Io,
): Promise<Results> {
  if (out === undefined) return new ResultStream(io.stdout)
  return ResultFile.open({
    path: out,
    isResumed,
    retriesFailed,
    onLoaded(result, replaced, place) {
      if (result.judge_fingerprint !== facts.judge_fingerprint) throw otherJudge(result, place)
      if (replaced !== undefined) totals.remove(replaced)
      totals.add(result)
    },
  })
}

function otherJudge({ judge_name }: ResultLine, place: string): AssizeError {
  return new AssizeError(
    'request_invalid',
    `${place} has judgments of another judge, called ${JSON.stringify(judge_name)}: its model, output, instructions or tools, or --samples, were others. --resume goes on with the same judge only; give another --out.`,
  )
}

interface Work {
  readonly judge: RunJudge
  readonly data: RunData
  readonly reading: RunReading
  readonly results: Results
  readonly totals: RunTotals
  readonly brake: RunBrake
  readonly concurrency: number
}

interface Worked {
  readonly end: PoolEnd
  readonly made: number
  readonly durationMs: number
}

/** Judges what is left, and puts the results in order however that ends. */
async function judgeAll(work: Work, io: Io): Promise<Worked> {
  const { judge, data, reading, results, totals, brake, concurrency } = work
  // What is under way when the process is asked to end is paid for, and so it is finished.
  const never = new AbortController().signal
  const startedMs = performance.now()
  const elapsedMs = (): number => performance.now() - startedMs
  let made = 0
  const isAlone = !(results instanceof ResultStream && io.stdout.isTTY)
  const progress = await runProgress(io, isAlone, () => ({
    totals,
    made,
    ...reading.total,
    elapsedMs: elapsedMs(),
  }))
  using _stopping = whenStopped(io, data)
  using _heap = keepHeapSteady()
  const end = await runPool({
    next: () => reading.next(),
    async work(item) {
      const { judgment, line } = await judge.judge(item, never)
      await results.add(item, JSON.stringify(line))
      made += 1
      totals.add(line)
      brake.judged(judgment)
    },
    concurrency,
    turn: (underway) => brake.turn(underway),
    stop: io.stop,
  }).finally(async () => {
    progress.end()
    await reading.end()
    await results.finish()
  })
  if (end === 'done' && reading.isEmpty) throw noRecords(data, reading)
  return { end, made, durationMs: elapsedMs() }
}

function whenStopped({ stop, stderr }: Io, data: RunData): Disposable {
  const tell = (): void => {
    data.breakOff()
    stderr.write('\nStopping: the judgments under way are finished first. Ctrl-C again gives them up.\n')
  }
  stop.addEventListener('abort', tell, { once: true })
  return { [Symbol.dispose]: () => stop.removeEventListener('abort', tell) }
}

function endOf(
  end: PoolEnd,
  brake: RunBrake,
  { judged, answered }: RunTotals,
): { readonly end: RunEnd; readonly reason: string | undefined } {
  if (end === 'stopped') return { end, reason: 'It was stopped before its end.' }
  if (end === 'held') {
    const { reason } = brake
    return { end: reason?.isCap ? 'capped' : 'failed', reason: reason?.text }
  }
  if (judged > 0 && answered === 0) return { end: 'failed', reason: 'No judgment gave an answer.' }
  return { end: 'completed', reason: undefined }
}

function noRecords({ name }: RunData, { refusals: [first] }: RunReading): AssizeError {
  const why = first === undefined ? '' : ` Line ${first.line}: ${first.reason}`
  return new AssizeError('request_invalid', `${name} has no records.${why}`)
}
