import type { Io } from './commands.ts'
import type { RunTotals } from './run-totals.ts'

/** How far a run is. */
export interface RunState {
  readonly totals: Pick<RunTotals, 'judged' | 'outcomes' | 'refused' | 'cost'>
  /** Judgments that were made since it began. */
  readonly made: number
  /** Records in all; undefined where that is not known. */
  readonly total: number | undefined
  /** Whether `total` is an estimate. */
  readonly isAbout: boolean
  readonly elapsedMs: number
}

interface Progress {
  readonly end: () => void
}

/**
 * Shows how far the run is on standard error: a bar on a terminal, a line every few seconds elsewhere.
 * @param isAlone whether nothing else is written to the terminal meanwhile
 */
export async function runProgress(
  io: Pick<Io, 'stderr'>,
  isAlone: boolean,
  state: () => RunState,
): Promise<Progress> {
  return io.stderr.isTTY && isAlone ? await barProgress(io, state) : lineProgress(io, state)
}

const barEveryMs = 100

async function barProgress(io: Pick<Io, 'stderr'>, state: () => RunState): Promise<Progress> {
  const { Presets, SingleBar } = await import('cli-progress')
  const format = '[{bar}] {done}'
  // A cursor that is hidden stays so where the process is killed.
  const bar = new SingleBar({ format, stream: io.stderr, clearOnComplete: true }, Presets.legacy)
  bar.start(1, 0, { done: '' })
  const show = (): void => {
    const now = state()
    bar.setTotal(Math.max(1, now.total ?? 0, now.totals.judged))
    bar.update(now.total === undefined ? 0 : now.totals.judged, { done: describeProgress(now) })
  }
  const timer = setInterval(show, barEveryMs)
  return {
    end() {
      clearInterval(timer)
      show()
      bar.stop()
    },
  }
}

const lineEveryMs = 5000

function lineProgress(io: Pick<Io, 'stderr'>, state: () => RunState): Progress {
  const timer = setInterval(() => io.stderr.write(`${describeProgress(state())}\n`), lineEveryMs)
  return { end: () => clearInterval(timer) }
}

/** `120 of 1,000 judged, 24.1/s, 37 s left, 118 answered, 2 timed_out, cost 0.0123` */
function describeProgress({ totals, made, total, isAbout, elapsedMs }: RunState): string {
  const { judged, cost } = totals
  const perSecond = elapsedMs === 0 ? 0 : (made / elapsedMs) * 1000
  const left = total === undefined || perSecond === 0 ? undefined : Math.max(0, total - judged) / perSecond
  const of = total === undefined ? '' : ` of ${isAbout ? 'about ' : ''}${grouped(total)}`
  return [
    `${grouped(judged)}${of} judged`,
    `${perSecond.toFixed(1)}/s`,
    ...(left === undefined ? [] : [`${describeSeconds(left)} left`]),
    ...totals.outcomes.map(([outcome, count]) => `${grouped(count)} ${outcome}`),
    ...(totals.refused === 0 ? [] : [`${grouped(totals.refused)} lines refused`]),
    ...(cost === null || cost === 0 ? [] : [`cost ${shortNumber(cost)}`]),
  ].join(', ')
}

/** `7 s`, `3 min 20 s`, `2 h 5 min` */
export function describeSeconds(seconds: number): string {
  if (seconds < 60) return `${seconds < 10 ? Number(seconds.toPrecision(2)) : Math.round(seconds)} s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return `${minutes} min ${Math.floor(seconds % 60)} s`
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}

/** With four digits that say something. */
export function shortNumber(number: number): string {
  return String(Number(number.toPrecision(4)))
}

/** `1,234,567`; Node's own way loads all it knows of languages first. */
export function grouped(count: number): string {
  return String(count).replace(/\B(?=(?:\d{3})+$)/g, ',')
}
