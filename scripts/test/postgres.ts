import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { globSync } from 'node:fs'
import { chown, mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { missing, type Part } from './part.ts'
import { runProgram } from './run-program.ts'

const name = 'PostgreSQL'

/** PostgreSQL where TEST_POSTGRES_URL says, or a private server of this run, with the binaries that Debian installs. */
export async function preparePostgres(): Promise<Part & AsyncDisposable> {
  const given = process.env.TEST_POSTGRES_URL
  if (given) return withNothingToStop({ name, state: 'the server that TEST_POSTGRES_URL names', env: {} })
  const binaries = findBinaries()
  if (binaries === undefined) {
    return withNothingToStop(
      missing(name, 'set TEST_POSTGRES_URL to the URL of a superuser, or install the package postgresql'),
    )
  }
  try {
    return await startServer(binaries)
  } catch (error) {
    return withNothingToStop(missing(name, (error as Error).message))
  }
}

function withNothingToStop(part: Part): Part & AsyncDisposable {
  return { ...part, async [Symbol.asyncDispose]() {} }
}

/** The folder of the newest version. */
function findBinaries(): string | undefined {
  const found = globSync('/usr/lib/postgresql/*/bin/initdb')
  const versionOf = (path: string): number => Number(path.split('/')[4])
  const newest = found.toSorted((one, other) => versionOf(other) - versionOf(one))[0]
  return newest === undefined ? undefined : join(newest, '..')
}

async function startServer(binaries: string): Promise<Part & AsyncDisposable> {
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
      {
        ...user,
        cwd: folder,
      },
    )
    if (made.exitCode !== 0) throw new Error(`initdb failed: ${made.output.trim()}`)
    const port = await freePort()
    const stop = await listen(binaries, { data, folder, port, user })
    return {
      name,
      state: `a private server, with the binaries in ${binaries}`,
      env: { TEST_POSTGRES_URL: `postgres://postgres@127.0.0.1:${port}/postgres` },
      async [Symbol.asyncDispose]() {
        await stop()
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

/** Starts the server as a child of this process, and gives what stops it. */
async function listen(
  binaries: string,
  { data, folder, port, user }: ServerPlace,
): Promise<() => Promise<void>> {
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
  for (let attempt = 0; child.exitCode === null; attempt += 1) {
    const address = ['--host', '127.0.0.1', '--port', String(port), '--timeout', '1']
    const { exitCode } = await runProgram(join(binaries, 'pg_isready'), address)
    if (exitCode === 0) break
    if (attempt > 300) stopNow()
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  if (child.exitCode !== null) throw new Error(`the server did not start (exit code ${child.exitCode})`)
  return async () => {
    stopNow()
    await ended
  }
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
