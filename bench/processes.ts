import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'

const root = join(import.meta.dirname, '..')

/** A process of this benchmark; disposing ends it. */
export interface Running extends AsyncDisposable {
  readonly pid: number
  /** What it printed so far. */
  output(): string
}

/** Starts a program of this repository, and waits until its output matches. */
export async function start(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  isReady: RegExp,
): Promise<Running> {
  const child = spawn(process.execPath, args, {
    cwd: root,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  return whenReady(child, args.join(' '), isReady)
}

/** Starts any program, and waits until what it says, on either of its outputs, matches. */
export async function startProgram(
  command: string,
  args: readonly string[],
  isReady: RegExp,
): Promise<Running> {
  return whenReady(spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] }), command, isReady)
}

async function whenReady(child: ChildProcess, name: string, isReady: RegExp): Promise<Running> {
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      output += text
    })
  }
  while (!isReady.test(output)) {
    if (child.exitCode !== null)
      throw new Error(`${name} ended with ${child.exitCode}: ${output.slice(-2000)}`)
    await wait(20)
  }
  return {
    pid: child.pid ?? 0,
    output: () => output,
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null) return
      child.kill('SIGTERM')
      await once(child, 'exit')
    },
  }
}

/** Clock ticks a second of /proc, which is 100 on every Linux that Node supports. */
const ticksPerSecond = 100

/** User and system time of a process so far, in milliseconds, to 10 ms. Reads /proc, so Linux only. */
export function cpuMs(pid: number): number {
  return ticksOf(pid, 11)
}

/** The same of all processes that this one started and that have ended. */
export function cpuMsOfEnded(): number {
  return ticksOf(process.pid, 13)
}

function ticksOf(pid: number, field: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? []
  return ((Number(fields[field]) + Number(fields[field + 1])) * 1000) / ticksPerSecond
}

/** A folder that is gone with the scope. */
export async function temporaryDir(): Promise<{ readonly path: string } & AsyncDisposable> {
  const path = await mkdtemp(join(tmpdir(), 'assize-bench-'))
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) }
}

/** The value under which a share of the sorted values lies. */
export function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN
}
