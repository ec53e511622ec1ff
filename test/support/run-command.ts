import { PassThrough, type Readable, Writable } from 'node:stream'
import type { Io } from '../../src/cli/commands.ts'

/** How a command ended, and what it wrote. */
export interface Run {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

interface Surroundings extends Partial<Pick<Io, 'env' | 'workingDir' | 'stop'>> {
  /** The whole of it; empty without. */
  readonly stdin?: string | Readable
  /** Whether standard error is a terminal; it is none without. */
  readonly isTTY?: boolean
  /** The same of standard output. */
  readonly isOutputTTY?: boolean
}

/** Runs a command in a process that is made up, and keeps what it writes. Throws what the command throws. */
export async function runCaptured(
  command: (io: Io) => Promise<number>,
  surroundings: Surroundings = {},
): Promise<Run> {
  const { stdin = '', isTTY = false, isOutputTTY = false, env = {}, workingDir = '/' } = surroundings
  const written = { stdout: '', stderr: '' }
  const into = (name: 'stdout' | 'stderr') =>
    new Writable({
      write(chunk, _encoding, done) {
        written[name] += String(chunk)
        done()
      },
    })
  const code = await command({
    stdin: typeof stdin === 'string' ? new PassThrough().end(stdin) : stdin,
    stdout: Object.assign(into('stdout'), { isTTY: isOutputTTY }),
    stderr: Object.assign(into('stderr'), { isTTY }),
    env,
    workingDir,
    stop: surroundings.stop ?? new AbortController().signal,
  })
  return { code, ...written }
}
