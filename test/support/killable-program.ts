import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

const ownRoot = fileURLToPath(new URL('../../', import.meta.url))

interface Settings {
  /** The checkout whose program it is; this one unless it is given. */
  readonly root?: string
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string>>
  /** What it says once it is ready; its first group is kept as what it told. */
  readonly ready: RegExp
}

/** The program with a command; it can be killed without warning, and started anew. */
export class KillableProgram implements AsyncDisposable {
  readonly #settings: Settings
  #child: ChildProcess | undefined
  #told = ''

  private constructor(settings: Settings) {
    this.#settings = settings
  }

  static async start(settings: Settings): Promise<KillableProgram> {
    const program = new KillableProgram(settings)
    await program.restart()
    return program
  }

  /** What it said of itself when it was last ready, as its address. */
  told(): string {
    return this.#told
  }

  async restart(): Promise<void> {
    const { root = ownRoot, args, env, ready } = this.#settings
    const child = spawn(join(root, 'node_modules/.bin/node'), [join(root, 'src/main.ts'), ...args], {
      env: { PATH: process.env.PATH ?? '', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    this.#child = child
    let output = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (text) => {
        output = `${output}${text}`.slice(-10_000)
      })
    }
    for (;;) {
      const said = ready.exec(output)
      if (said !== null) {
        this.#told = said[1] ?? ''
        return
      }
      if (child.exitCode !== null) throw new Error(`It ended with ${child.exitCode}:\n${output}`)
      await delay(5)
    }
  }

  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<number | null> {
    const child = this.#child
    if (child === undefined) return null
    this.#child = undefined
    const closed = once(child, 'close')
    child.kill(signal)
    const [code] = await closed
    return code as number | null
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill()
  }
}
