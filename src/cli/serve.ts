import type { AddressInfo } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { type Assize, createAssize } from '../assize.ts'
import { type Config, ConfigError, loadConfig } from '../config.ts'
import type { Command, Io } from './commands.ts'
import { type FirstStart, prepareFirstStart, tinyModel } from './first-start.ts'
import { pullProgress } from './models.ts'
import { keepHeapSteady } from './steady-heap.ts'

const usage = `Usage: assize serve

Serves the API. Settings are environment variables, and the YAML file that ASSIZE_CONFIG names; see
assize.example.yaml. SIGTERM and SIGINT stop it: what is in flight is finished first, for up to 30 s.`

const finishWithinMs = 30_000

async function run(args: readonly string[], io: Io): Promise<number> {
  parseArgs({ args: [...args], options: {} })
  const config = loadConfig(io.env, io.workingDir)
  // A bar belongs on a terminal; elsewhere the log says how a download goes.
  const overrides = io.stderr.isTTY ? { onPullProgress: pullProgress(io).show } : {}
  using _heap = keepHeapSteady()
  await using assize = await createAssize(config, overrides)
  // The first key is shown once, so it is made when nothing can keep it from being shown any more.
  await listen(assize, config)
  assize.runWorker.start()
  const firstStart = await prepareFirstStart(assize, config)
  io.stdout.write(banner(assize, config, firstStart))
  await stopped(io.stop)
  await finish(assize)
  return 0
}

const listenFaults: Readonly<Record<string, string>> = {
  EADDRINUSE: 'something listens there already; set ASSIZE_PORT to a free port',
  EACCES: 'this user may not listen there; set ASSIZE_PORT to a port from 1024',
  EADDRNOTAVAIL: 'this machine has no such address; set ASSIZE_HOST to one that it has',
  ENOTFOUND: 'there is no such host; set ASSIZE_HOST to an address of this machine',
}

async function listen(assize: Assize, { host, port }: Config): Promise<void> {
  try {
    await assize.server.listen({ host, port })
  } catch (error) {
    const fault = listenFaults[(error as NodeJS.ErrnoException).code ?? '']
    if (fault === undefined) throw error
    throw new ConfigError(`Assize can't listen on ${host}:${port}: ${fault}.`, { cause: error })
  }
}

async function stopped(stop: AbortSignal): Promise<void> {
  if (stop.aborted) return
  await new Promise((resolve) => stop.addEventListener('abort', resolve, { once: true }))
}

/** Stops listening and waits for what is in flight; what takes too long is cut off. */
async function finish(assize: Assize): Promise<void> {
  assize.log.info('stopping: finishing what is in flight')
  const [timeUp, finished] = [new AbortController(), new AbortController()]
  const cutOff = delay(finishWithinMs, undefined, { signal: finished.signal }).then(
    () => {
      assize.log.warn(`stopping: what is in flight after ${finishWithinMs / 1000} s is cut off`)
      assize.server.server.closeAllConnections()
      timeUp.abort(new Error('This process is ending.'))
    },
    () => undefined,
  )
  await Promise.all([assize.server.close(), assize.runWorker.stop(timeUp.signal)])
  finished.abort()
  await cutOff
}

function banner(assize: Assize, config: Config, firstStart: FirstStart | undefined): string {
  const { port } = assize.server.server.address() as AddressInfo
  const host = config.host.includes(':') ? `[${config.host}]` : config.host
  const url = `http://${host}:${port}`
  const lines = [`Assize listens on ${url} (API reference: ${url}/docs)`]
  if (firstStart !== undefined) lines.push(...firstStartLines(url, firstStart))
  if (config.providers.length === 0) lines.push('', noProvider)
  return `\n${lines.join('\n')}\n\n`
}

function firstStartLines(url: string, { made, keyFile, example }: FirstStart): string[] {
  const body = JSON.stringify({
    messages: [
      { role: 'user', content: 'What is the capital of France?' },
      { role: 'assistant', content: 'The capital of France is Paris.' },
    ],
  })
  return [
    '',
    `First start: your admin key is ${made.key}`,
    `It is shown only now, and kept in ${keyFile}.`,
    '',
    `Two example judges are there. Run one of them, "${example.revision.definition.name}":`,
    '',
    `curl ${url}/v1/observability/judges/${example.id}/live-judging -H 'Authorization: Bearer ${made.key}' -H 'Content-Type: application/json' -d '${body}'`,
  ]
}

const noProvider = `No provider is set, so the example judges use ${tinyModel}: a tiny model inside this process, fetched on
first need. It is for trying out: its judgments are close to chance. For a real one, start with MISTRAL_API_KEY=...,
OPENAI_API_KEY=..., ANTHROPIC_API_KEY=... or GEMINI_API_KEY=..., or fetch a bigger local model: "npx assize models list"
shows them, "npx assize models pull NAME" fetches one. Then name it in a judge's model_name.`

export const serveCommand: Command = { usage, run }
