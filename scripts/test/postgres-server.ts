import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { globSync } from 'node:fs'
import { chown, mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runProgram } from './run-program.ts'

/** A PostgreSQL server that is this process's own, in a folder that goes with it. */
export interface PostgresServer extends AsyncDisposable {
  /** Of a superuser. */
  readonly url: string
  /** Ends it without a word to its clients, as a crash would; `start` recovers what was committed. */
  crash(): Promise<void>
  start(): Promise<void>
}

/** The folder of the newest version's programs that Debian installed; undefined where there is none. */
export function findPostgres(): string | undefined {
  const found = globSync('/usr/lib/postgresql/*/bin/initdb')
  const versionOf = (path: string): number => Number(path.split('/')[4])
  const newest = found.toSorted((one, other) => versionOf(other) - versionOf(one))[0]
  return newest === undefined ? undefined : join(newest, '..')
}

/** @param binaries see `findPostgres`. Throws what is wrong where it can't be started. */
export async function startPostgresServer(binaries: string): Promise<PostgresServer> {
  const user = await unprivilegedUser()
  const folder = await mkdtemp(join(tmpdir(), 'assize-postgres-'))
  const removeFolder = () => rm(folder, { recursive: true, force: true })
  try {
    if (user !== undefined) await chown(folder, user.uid, user.gid)
    const data = join(folder, 'data')
    const cluster = ['--pgdata', data, '--username', 'postgres', '--auth', 'trust', '--no-sync']
    const made = await runProgram(
      join(binaries, 'initdb'),
      [...cluster, '--encoding', 'UTF8', '--no-locale'],
      { ...user, cwd: folder },
    )
    if (made.exitCode !== 0) throw new Error(`initdb failed: ${made.output.trim()}`)
    const place = { data, folder, port: await freePort(), user }
    let stop = await listen(binaries, place)
    return {
      url: `postgres://postgres@127.0.0.1:${place.port}/postgres`,
      crash: () => stop('SIGQUIT'),
      async start() {
        stop = await listen(binaries, place)
      },
      async [Symbol.asyncDispose]() {
        await stop('SIGINT')
        await removeFolder()
      },
    }
  } catch (error) {
    await removeFolder()
    throw error
  }
}

interface ServerPlace {
  readonly data: string
  readonly folder: string
  readonly port: number
  readonly user: User | undefined
}

/** Ends the server, and resolves once it has ended. */
type Stop = (signal: 'SIGINT' | 'SIGQUIT') => Promise<void>

/** Starts the server as a child of this process, and gives what stops it. */
async function listen(binaries: string, { data, folder, port, user }: ServerPlace): Promise<Stop> {
  const settings = {
    port: String(port),
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: '200',
    fsync: 'off',
  }
  const flags = Object.entries(settings).flatMap(([setting, value]) => ['-c', `${setting}=${value}`])
  const child = spawn(join(binaries, 'postgres'), ['-D', data, ...flags], {
    ...user,
    cwd: folder,
    stdio: 'ignore',
  })
  const ended = once(child, 'exit')
  const stopNow = (): boolean => child.kill('SIGINT')
  process.once('exit', stopNow)
  await untilReady(binaries, port, child, stopNow)
  return async (signal) => {
    process.off('exit', stopNow)
    if (child.exitCode === null && child.signalCode === null) child.kill(signal)
    await ended
  }
}

async function untilReady(
  binaries: string,
  port: number,
  child: ChildProcess,
  stopNow: () => boolean,
): Promise<void> {
  for (let attempt = 0; child.exitCode === null; attempt += 1) {
    const address = ['--host', '127.0.0.1', '--port', String(port), '--timeout', '1']
    const { exitCode } = await runProgram(join(binaries, 'pg_isready'), address)
    if (exitCode === 0) break
    if (attempt > 300) stopNow()
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  if (child.exitCode !== null) throw new Error(`the server did not start (exit code ${child.exitCode})`)
}

interface User {
  readonly uid: number
  readonly gid: number
}

/** PostgreSQL refuses to run as root; undefined when this process does not. */
async function unprivilegedUser(): Promise<User | undefined> {
  if (process.getuid?.() !== 0) return undefined
  for (const user of ['postgres', 'nobody']) {
    const [uid, gid] = await Promise.all([runProgram('id', ['-u', user]), runProgram('id', ['-g', user])])
    if (uid.exitCode === 0) return { uid: Number(uid.output), gid: Number(gid.output) }
  }
  throw new Error('it does not run as root, and there is no user postgres or nobody')
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('there is no free port')
  return address.port
}
