import { type ChildProcess, spawn } from 'node:child_process'
import type { Duplex } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import { getDefaultEnvironment } from '@modelcontextprotocol/sdk/client/stdio.js'
import { deserializeMessage, serializeMessage } from '@modelcontextprotocol/sdk/shared/stdio.js'
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js'
import type { JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js'
import { LineSplitter } from './line-splitter.ts'

export interface ProcessSettings {
  readonly command: string
  readonly args: readonly string[]
  readonly cwd: string
  /** Beside the few variables that every program needs. */
  readonly environment: Readonly<Record<string, string>>
  /** Sees what the program writes on standard error. */
  readonly onStderr: (text: string) => void
}

/**
 * The server takes the place of this shell, in a process group of its own. A watcher in the same group waits for the
 * end of a pipe that this process alone holds open; once it ends, however this process ended, the group is asked to end
 * and then killed. So a server that ignores the end of its input, or sits behind `npx`, outlives nothing either. The
 * group's number can't be another's meanwhile: the watcher is in it.
 */
const guarded = `
(trap '' TERM; read _; kill -s TERM -- -$$; sleep 2; kill -s KILL -- -$$) <&3 >/dev/null 2>&1 3<&- &
exec "$@" 3<&-`

/** How long a server has to end by itself, and then after SIGTERM. */
const graceMs = 2000

/** A longer message ends the server. */
const maxMessageBytes = 16 * 1024 * 1024

/** Speaks MCP with a program that it starts. The program and what it starts end with `close`, or with this process. */
export class ProcessTransport implements Transport {
  onclose?: () => void
  onerror?: (error: Error) => void
  onmessage?: (message: JSONRPCMessage) => void
  readonly #settings: ProcessSettings
  readonly #received = new LineSplitter(maxMessageBytes)
  readonly #gone = Promise.withResolvers<void>()
  #child: ChildProcess | undefined
  #how: string | undefined
  #isClosing = false
  #isBroken = false

  constructor(settings: ProcessSettings) {
    this.#settings = settings
  }

  /** How it ended, in words; undefined while it lives, and when it was closed. */
  get how(): string | undefined {
    return this.#how
  }

  start(): Promise<void> {
    const { command, args, cwd, environment } = this.#settings
    const child = spawn('/bin/sh', ['-c', guarded, 'assize', command, ...args], {
      cwd,
      env: { ...getDefaultEnvironment(), ...environment },
      detached: true,
      stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
    })
    this.#child = child
    const started = Promise.withResolvers<void>()
    child.once('spawn', started.resolve)
    child.once('error', (error: NodeJS.ErrnoException) => {
      this.#how ??= `it can't be started (${error.code ?? error.message}); is ${cwd} a folder?`
      started.reject(error)
      this.#end()
    })
    child.once('exit', (code, signal) => {
      if (!this.#isClosing) this.#how ??= endWords(code, signal)
      this.#killGroup('SIGKILL')
      lifelineOf(child).destroy()
    })
    child.once('close', () => this.#end())
    this.#listen(child)
    return started.promise
  }

  send(message: JSONRPCMessage): Promise<void> {
    const stdin = this.#child?.stdin
    return new Promise((resolve, reject) => {
      if (!stdin?.writable) reject(new Error('The server has ended.'))
      else stdin.write(serializeMessage(message), (error) => (error ? reject(error) : resolve()))
    })
  }

  /** Gives when the process and its group are gone. */
  async close(): Promise<void> {
    // A server that took no more was ending by itself.
    this.#isClosing = !this.#isBroken
    if (this.#child === undefined) return
    this.#child.stdin?.end()
    if (!(await this.#isGoneSoon())) {
      this.#killGroup('SIGTERM')
      if (!(await this.#isGoneSoon())) this.#killGroup('SIGKILL')
    }
    await this.#gone.promise
  }

  #listen(child: ChildProcess): void {
    const { stdin, stdout, stderr } = child
    for (const stream of [stdin, stdout, stderr, lifelineOf(child)]) {
      stream?.on('error', (error: Error) => this.onerror?.(error))
    }
    stdin?.on('error', () => {
      this.#isBroken = true
    })
    stderr?.setEncoding('utf8').on('data', (text: string) => this.#settings.onStderr(text))
    stdout?.on('data', (chunk: Buffer) => {
      try {
        for (const line of this.#received.push(chunk)) this.#read(line)
      } catch (error) {
        this.#how ??= `it sent a message of more than ${maxMessageBytes / 1024 / 1024} MiB`
        this.onerror?.(error as Error)
        this.#received.clear()
        stdout.destroy()
        this.#killGroup('SIGKILL')
      }
    })
  }

  #read(line: string): void {
    let message: JSONRPCMessage
    try {
      message = deserializeMessage(line)
    } catch (error) {
      // Some servers write on standard output what is no message.
      this.onerror?.(error as Error)
      return
    }
    this.onmessage?.(message)
  }

  async #isGoneSoon(): Promise<boolean> {
    const waiting = new AbortController()
    const timeUp = delay(graceMs, false, { signal: waiting.signal }).catch(() => false)
    const isGone = await Promise.race([this.#gone.promise.then(() => true), timeUp])
    waiting.abort()
    return isGone
  }

  #killGroup(signal: NodeJS.Signals): void {
    const pid = this.#child?.pid
    if (pid === undefined) return
    try {
      process.kill(-pid, signal)
    } catch {
      // The whole group is gone already.
    }
  }

  #end(): void {
    if (this.#child !== undefined) lifelineOf(this.#child).destroy()
    this.#received.clear()
    this.#gone.resolve()
    this.onclose?.()
  }
}

function lifelineOf(child: ChildProcess): Duplex {
  return child.stdio[3] as Duplex
}

function endWords(code: number | null, signal: NodeJS.Signals | null): string {
  if (signal !== null) return `it was ended by ${signal}`
  if (code === 127) return 'there is no such command'
  if (code === 126) return 'the command may not be executed'
  return `it ended with code ${code}`
}
