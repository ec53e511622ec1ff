import { setTimeout as delay } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'
import type { Assize } from '../assize.ts'
import { type Config, ConfigError } from '../config.ts'

/** What listens: the API's server, or a worker's. */
type Server = Pick<FastifyInstance, 'listen' | 'close' | 'server'>

const finishWithinMs = 30_000

const listenFaults: Readonly<Record<string, string>> = {
  EADDRINUSE: 'something listens there already; set ASSIZE_PORT to a free port',
  EACCES: 'this user may not listen there; set ASSIZE_PORT to a port from 1024',
  EADDRNOTAVAIL: 'this machine has no such address; set ASSIZE_HOST to one that it has',
  ENOTFOUND: 'there is no such host; set ASSIZE_HOST to an address of this machine',
}

/** Throws ConfigError where nobody can listen there. */
export async function listen(server: Server, { host, port }: Pick<Config, 'host' | 'port'>): Promise<void> {
  try {
    await server.listen({ host, port })
  } catch (error) {
    const fault = listenFaults[(error as NodeJS.ErrnoException).code ?? '']
    if (fault === undefined) throw error
    throw new ConfigError(`Assize can't listen on ${host}:${port}: ${fault}.`, { cause: error })
  }
}

/** Resolves once the process is asked to end, and keeps it alive until then. */
export async function stopped(stop: AbortSignal): Promise<void> {
  if (stop.aborted) return
  // A worker whose database is gone has no connection and no timer that would keep it.
  const alive = setInterval(() => undefined, 2 ** 30)
  await new Promise((resolve) => stop.addEventListener('abort', resolve, { once: true }))
  clearInterval(alive)
}

/** Stops listening, and waits for what is in flight; what takes too long is cut off. */
export async function finish(
  { log, runWorker }: Pick<Assize, 'log' | 'runWorker'>,
  server: Server | undefined,
): Promise<void> {
  log.info('stopping: finishing what is in flight')
  const [timeUp, finished] = [new AbortController(), new AbortController()]
  const cutOff = delay(finishWithinMs, undefined, { signal: finished.signal }).then(
    () => {
      log.warn(`stopping: what is in flight after ${finishWithinMs / 1000} s is cut off`)
      server?.server.closeAllConnections()
      timeUp.abort(new Error('This process is ending.'))
    },
    () => undefined,
  )
  await Promise.all([server?.close(), runWorker.stop(timeUp.signal)])
  finished.abort()
  await cutOff
}
