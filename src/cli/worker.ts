import type { AddressInfo } from 'node:net'
import { parseArgs } from 'node:util'
import { createAssize } from '../assize.ts'
import { loadConfig } from '../config.ts'
import type { Command, Io } from './commands.ts'
import { finish, listen, stopped } from './process-life.ts'
import { keepHeapSteady } from './steady-heap.ts'
import { UsageError } from './usage-error.ts'

const usage = `Usage: assize worker [--port PORT]

Works on runs and imports of the database that ASSIZE_DATABASE_URL names, beside its servers and other workers: any number of
them share what there is to do. Settings are those of "assize serve". SIGTERM and SIGINT stop it: what is in flight is
finished first, for up to 30 s.

  --port PORT   answer /healthz, /readyz and /metrics there, on ASSIZE_HOST; 0 is any free port`

async function run(args: readonly string[], io: Io): Promise<number> {
  const { values } = parseArgs({ args: [...args], options: { port: { type: 'string' } } })
  const port = readPort(values.port)
  const config = loadConfig(io.env, io.workingDir)
  using _heap = keepHeapSteady()
  await using assize = await createAssize(config)
  const server = port === undefined ? undefined : assize.createOpsServer()
  if (server !== undefined && port !== undefined) {
    await listen(server, { host: config.host, port })
    io.stdout.write(`Listens on http://${config.host}:${(server.server.address() as AddressInfo).port}\n`)
  }
  assize.goOnWithImports()
  assize.runWorker.start()
  io.stdout.write('Works on runs and imports.\n')
  await stopped(io.stop)
  await finish(assize, server)
  return 0
}

function readPort(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN
  if (port <= 65_535) return port
  throw new UsageError(`--port is ${JSON.stringify(text)}; expected a whole number from 0 to 65535.`)
}

export const workerCommand: Command = { usage, run }
