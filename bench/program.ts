import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as wait } from 'node:timers/promises'
import type { Running } from './processes.ts'

/** Starts any program, and waits until what it says, on either of its outputs, matches. */
export async function startProgram(
  command: string,
  args: readonly string[],
  isReady: RegExp,
): Promise<Running> {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text
    })
  }
  while (!isReady.test(output)) {
    if (child.exitCode !== null)
      throw new Error(`${command} ended with ${child.exitCode}: ${output.slice(-2000)}`)
    await wait(50)
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
