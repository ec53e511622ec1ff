import { access, constants, stat, statfs } from 'node:fs/promises'
import { createServer } from 'node:net'
import { dirname } from 'node:path'
import { countModels, findStranded, inspectTools, listDownloaded, readServerFacts } from '../assize-doctor.ts'
import { readSchemaState } from '../assize-keeping.ts'
import { readCertificate } from '../assize-tls.ts'
import type { Config, TlsConfig } from '../config.ts'

/** What a check found: how it stands, what it saw, and how to mend it. */
export interface Finding {
  readonly state: 'ok' | 'warn' | 'fail'
  readonly said: string
  readonly mend?: string
}

export interface Check {
  readonly name: string
  /** What it throws is a failure too. */
  run(signal: AbortSignal): Promise<Finding>
}

const ok = (said: string): Finding => ({ state: 'ok', said })

/** All that is to be looked at for a configuration; none changes anything. */
export function checksOf(config: Config): readonly Check[] {
  return [
    { name: 'data folder', run: () => checkFolder(config.dataDir) },
    { name: 'database', run: () => checkDatabase(config) },
    { name: 'port', run: () => checkPort(config) },
    ...(config.tls === undefined ? [] : [{ name: 'certificate', run: checkCertificate(config.tls) }]),
    ...config.providers.map(({ name, baseUrl }) => ({
      name: `provider ${name}`,
      run: async (signal: AbortSignal) =>
        ok(`${baseUrl} answers, has ${await countModels(config, name, signal)} models`),
    })),
    { name: 'local models', run: () => checkLocal(config) },
    { name: 'tools', run: (signal) => checkTools(config, signal) },
    { name: 'judges', run: (signal) => checkJudges(config, signal) },
  ]
}

const soonMs = 14 * 86_400_000

function checkCertificate(tls: TlsConfig): () => Promise<Finding> {
  return async () => {
    const { expiresAt } = await readCertificate(tls)
    const leftMs = expiresAt.getTime() - Date.now()
    const said = `${tls.certFile} ${leftMs > 0 ? 'is good until' : 'has expired on'} ${expiresAt.toISOString()}`
    if (leftMs > soonMs) return ok(said)
    return {
      state: leftMs > 0 ? 'warn' : 'fail',
      said,
      mend: 'renew it; a server takes the new files by itself',
    }
  }
}

const littleBytes = 100e6
const fewBytes = 1e9

async function checkFolder(folder: string): Promise<Finding> {
  const found = await stat(folder).catch(() => undefined)
  const where = found === undefined ? await livingAbove(folder) : folder
  await access(where, constants.W_OK | constants.X_OK)
  const { bavail, bsize } = await statfs(where)
  const free = bavail * bsize
  const said = `${folder}${found === undefined ? ' is made at the first start' : ''}, ${(free / 1e9).toFixed(1)} GB free`
  if (free < fewBytes) return { state: free < littleBytes ? 'fail' : 'warn', said, mend: 'make room' }
  if (found !== undefined && (found.mode & 0o077) !== 0) {
    return {
      state: 'warn',
      said: `${said}; others on this machine may look into it`,
      mend: `chmod 700 ${folder}`,
    }
  }
  return ok(said)
}

async function livingAbove(folder: string): Promise<string> {
  const above = dirname(folder)
  const isThere = await stat(above).then(
    () => true,
    () => false,
  )
  return isThere || above === folder ? above : livingAbove(above)
}

/** How far apart clocks may be before it shows in times and expiries. */
const maxClockDriftMs = 5000

async function checkDatabase({ database }: Config): Promise<Finding> {
  const { done, missing, unknown } = await readSchemaState(database)
  if (unknown.length > 0) {
    return { state: 'fail', said: `a newer Assize wrote it (${unknown[0]})`, mend: 'upgrade this program' }
  }
  const schema = missing.length === 0 ? `schema ${done.at(-1)}` : `lacks ${missing.join(', ')}`
  const facts = await readServerFacts(database)
  const said =
    facts === undefined
      ? `SQLite, ${schema}`
      : `PostgreSQL ${facts.version}, ${schema}, ${facts.usedConnections} of ${facts.maxConnections} connections used`
  const driftMs = facts === undefined ? 0 : Math.abs(facts.now.getTime() - Date.now())
  if (driftMs > maxClockDriftMs) {
    const apart = `${said}; its clock is ${Math.round(driftMs / 1000)} s from this one`
    return { state: 'warn', said: apart, mend: 'set both clocks by NTP' }
  }
  if (missing.length > 0 && done.length > 0) {
    return { state: 'warn', said, mend: 'assize migrate, or the next start' }
  }
  return ok(missing.length > 0 ? 'is made at the first start' : said)
}

async function checkPort({ host, port }: Config): Promise<Finding> {
  const server = createServer()
  const code = await new Promise<string | undefined>((resolve) => {
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message))
    server.listen(port, host, () => server.close(() => resolve(undefined)))
  })
  if (code === undefined) return ok(`${host}:${port} is free`)
  if (code !== 'EADDRINUSE') {
    const said = `nobody can listen on ${host}:${port} (${code})`
    return { state: 'fail', said, mend: 'set ASSIZE_HOST, ASSIZE_PORT' }
  }
  const isAssize = await fetch(`http://${host.includes(':') ? `[${host}]` : host}:${port}/healthz`, {
    signal: AbortSignal.timeout(2000),
  }).then(
    async (answer) => (await answer.text()) === '{"status":"ok"}',
    () => false,
  )
  if (isAssize) return ok(`Assize listens on ${host}:${port}`)
  const said = `another program listens on ${host}:${port}`
  return { state: 'fail', said, mend: 'set ASSIZE_PORT to a free port' }
}

async function checkLocal(config: Config): Promise<Finding> {
  if (!config.local.isEnabled) return ok('switched off')
  const names = await listDownloaded(config)
  return ok(names.length === 0 ? 'none downloaded' : `downloaded: ${names.join(', ')}`)
}

async function checkTools(config: Config, signal: AbortSignal): Promise<Finding> {
  if (config.tools.served.length === 0) return ok('none configured')
  const inspected = await inspectTools(config, signal)
  const failed = inspected.filter(({ failure }) => failure !== undefined)
  if (failed.length === 0) return ok(inspected.map(({ name }) => name).join(', '))
  const said = failed.map(({ name, failure }) => `${name}: ${failure}`).join('; ')
  return { state: 'fail', said, mend: 'assize tools check' }
}

const maxNamed = 5

async function checkJudges(config: Config, signal: AbortSignal): Promise<Finding> {
  const { done, missing, unknown } = await readSchemaState(config.database)
  if (done.length === 0) return ok('none yet')
  if (missing.length + unknown.length > 0) return { state: 'warn', said: 'not looked at: see database' }
  const { judges, stranded } = await findStranded(config, signal)
  if (stranded.length === 0) return ok(`${judges}, each with a model and tools that are served`)
  const named = stranded
    .slice(0, maxNamed)
    .map(({ workspace, judge, names }) => `${JSON.stringify(judge)} of ${workspace} (${names.join(', ')})`)
  const said = `${stranded.length} of ${judges} name what nobody serves or is not downloaded: ${named.join(', ')}`
  return { state: 'warn', said, mend: 'add the provider or tool, assize models pull, or change the judge' }
}
