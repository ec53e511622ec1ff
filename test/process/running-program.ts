import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'

const root = fileURLToPath(new URL('../../', import.meta.url))

/** The Node that the package brings, which is the one that users start. */
export const node = join(root, 'node_modules/.bin/node')

type Environment = Readonly<Record<string, string>>

/** A folder of its own, gone after the test. */
export async function makeDataDir(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'assize-process-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return join(folder, 'data')
}

/** The program as users start it, with nothing set but what the test sets. */
export class Program {
  readonly child: ChildProcess
  stdout = ''
  stderr = ''
  readonly #ended: Promise<number>

  constructor(args: readonly string[], env: Environment) {
    const inherited = Object.entries(process.env).filter(([name]) => !/^(ASSIZE|MISTRAL|OPENAI)_/.test(name))
    this.child = spawn(node, [join(root, 'src/start.js'), ...args], {
      env: { ...Object.fromEntries(inherited), XDG_CACHE_HOME: join(root, 'node_modules/.cache'), ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    this.child.stdout?.on('data', (chunk) => {
      this.stdout += chunk
    })
    this.child.stderr?.on('data', (chunk) => {
      this.stderr += chunk
    })
    this.#ended = once(this.child, 'close').then(([code]) => code ?? -1)
    onTestFinished(async () => {
      await this.end('SIGKILL')
    })
  }

  /** @returns the exit code, or -1 when a signal ended it */
  end(signal?: NodeJS.Signals): Promise<number> {
    if (signal !== undefined) this.child.kill(signal)
    return this.#ended
  }

  /** Waits until standard output holds this, and gives its groups. */
  async says(pattern: RegExp): Promise<readonly string[]> {
    for (;;) {
      const found = pattern.exec(this.stdout)
      if (found !== null) return found.slice(1)
      if (this.child.exitCode !== null || this.child.signalCode !== null)
        throw new Error(`It ended (${this.child.exitCode}) and never said ${pattern}:\n${this.stderr}`)
      await Promise.race([once(this.child.stdout as NodeJS.EventEmitter, 'data'), this.#ended])
    }
  }
}

export interface ServingProgram {
  readonly program: Program
  readonly url: string
  /** The key that it printed, if it did. */
  readonly printedKey: string | undefined
}

/** Starts `assize serve` and waits until it listens. */
export async function serve(dataDir: string, env: Environment = {}): Promise<ServingProgram> {
  const program = new Program(['serve'], { ASSIZE_DATA_DIR: dataDir, ASSIZE_PORT: '0', ...env })
  const [url = ''] = await program.says(/Assize listens on (\S+) .*\n\n/s)
  return { program, url, printedKey: /your admin key is (\S+)/.exec(program.stdout)?.[1] }
}
