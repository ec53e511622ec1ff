import { type SpawnOptions, spawn } from 'node:child_process'
import { delimiter, join } from 'node:path'

interface RunOptions extends Pick<SpawnOptions, 'uid' | 'gid' | 'cwd'> {
  readonly env?: Readonly<Record<string, string>>
  /** Whether what it says is shown at once, and not kept. */
  readonly isShown?: boolean
}

interface Run {
  /** -1 when it could not be started, or a signal ended it. */
  readonly exitCode: number
  /** Standard output and standard error. */
  readonly output: string
}

const stopSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** Runs a program to its end, which comes sooner when this one is asked to end; those of the project's packages come first. */
export function runProgram(name: string, args: readonly string[], options: RunOptions = {}): Promise<Run> {
  const { env = {}, isShown = false, ...rest } = options
  const path = [join(process.cwd(), 'node_modules/.bin'), process.env.PATH].join(delimiter)
  return new Promise((resolve) => {
    let output = ''
    const child = spawn(name, args, {
      ...rest,
      env: { ...process.env, PATH: path, ...env },
      stdio: ['ignore', isShown ? 'inherit' : 'pipe', isShown ? 'inherit' : 'pipe'],
    })
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk) => {
        output += chunk
      })
    }
    const forward = (signal: NodeJS.Signals): boolean => child.kill(signal)
    for (const signal of stopSignals) process.on(signal, forward)
    function end(run: Run): void {
      for (const signal of stopSignals) process.off(signal, forward)
      resolve(run)
    }
    child.once('error', (error) => end({ exitCode: -1, output: error.message }))
    child.once('close', (code) => end({ exitCode: code ?? -1, output }))
  })
}

export function say(line: string): void {
  process.stdout.write(`${line}\n`)
}
