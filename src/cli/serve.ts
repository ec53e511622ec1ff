import type { AddressInfo } from 'node:net'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { linkMinutes } from '../access/sessions.ts'
import { createAssize } from '../assize.ts'
import { refuseToMigrate } from '../assize-keeping.ts'
import { keepCertificateFresh, readCertificate } from '../assize-tls.ts'
import { type Config, loadConfig } from '../config.ts'
import type { Command, Io } from './commands.ts'
import { type FirstStart, prepareFirstStart, tinyModel } from './first-start.ts'
import { urlOf } from './link.ts'
import { pullProgress } from './models.ts'
import { finish, listen, stopped } from './process-life.ts'
import { makeSignInLink } from './sign-in-link.ts'
import { keepHeapSteady } from './steady-heap.ts'
import { UsageError } from './usage-error.ts'

const usage = `Usage: assize serve [--no-work] [--no-migrate] [--tls-cert FILE --tls-key FILE]

Serves the API, and works on runs and imports. Settings are environment variables, and the YAML file that ASSIZE_CONFIG
names; see assize.example.yaml. SIGTERM and SIGINT stop it: what is in flight is finished first, for up to 30 s.

  --no-work      leave runs and imports to "assize worker" and to other servers on the same database
  --no-migrate   refuse to start where the database needs "assize migrate"
  --tls-cert FILE, --tls-key FILE
                 serve HTTPS with this certificate and its key, PEM, instead of those of the settings`

const options = {
  'no-work': { type: 'boolean' },
  'no-migrate': { type: 'boolean' },
  'tls-cert': { type: 'string' },
  'tls-key': { type: 'string' },
} as const

async function run(args: readonly string[], io: Io): Promise<number> {
  const { values } = parseArgs({ args: [...args], options })
  const isWorking = values['no-work'] !== true
  const config = withTls(loadConfig(io.env, io.workingDir), values, io.workingDir)
  const certificate = config.tls && (await readCertificate(config.tls))
  if (values['no-migrate'] === true) await refuseToMigrate(config.database)
  // A bar belongs on a terminal; elsewhere the log says how a download goes.
  const overrides = {
    isWorking,
    ...(certificate && { certificate }),
    ...(io.stderr.isTTY && { onPullProgress: pullProgress(io).show }),
  }
  using _heap = keepHeapSteady()
  await using assize = await createAssize(config, overrides)
  // The first key is shown once, so it is made when nothing can keep it from being shown any more.
  await listen(assize.server, config)
  await using _certificate =
    certificate && config.tls && keepCertificateFresh(assize.server, certificate, config.tls, assize.log)
  if (isWorking) assize.runWorker.start()
  const firstStart = await prepareFirstStart(assize, config)
  const url = urlOf(config, (assize.server.server.address() as AddressInfo).port)
  // What nobody watches is kept in logs, where a link that signs in does not belong.
  const isShown = firstStart !== undefined || io.stdout.isTTY === true
  const link = isShown ? await makeSignInLink(assize, config, url) : undefined
  io.stdout.write(banner(url, { config, firstStart, link }))
  await stopped(io.stop)
  await finish(assize, assize.server)
  return 0
}

/** The options go before the settings. */
function withTls(
  config: Config,
  { 'tls-cert': cert, 'tls-key': key }: { readonly 'tls-cert'?: string; readonly 'tls-key'?: string },
  workingDir: string,
): Config {
  if (cert === undefined && key === undefined) return config
  if (cert === undefined || key === undefined)
    throw new UsageError('Give both --tls-cert and --tls-key, or neither.')
  return { ...config, tls: { certFile: resolve(workingDir, cert), keyFile: resolve(workingDir, key) } }
}

interface Started {
  readonly config: Config
  readonly firstStart: FirstStart | undefined
  readonly link: string | undefined
}

function banner(url: string, { config, firstStart, link }: Started): string {
  const lines = [`Assize listens on ${url} (API reference: ${url}/docs)`]
  if (link !== undefined) lines.push('', `Open it, signed in (once, within ${linkMinutes} minutes):`, link)
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
