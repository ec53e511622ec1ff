import { existsSync } from 'node:fs'
import { basename } from 'node:path'
import { AssizeError } from '../errors.ts'
import { apiPath, type Remote } from './remote.ts'
import type { RunData } from './run-data.ts'
import { judgeFingerprint, type RefusedLine } from './run-item.ts'
import type { RunOptions } from './run-options.ts'
import type { RemoteJudge } from './run-remote-judge.ts'
import { type Ticket, TicketFile } from './run-ticket.ts'
import { ticketOfResults } from './run-ticket-of-results.ts'
import { upload } from './run-upload.ts'

export type ServerOptions = RunOptions & { readonly server: string }

interface Beginning {
  readonly remote: Remote
  readonly judge: RemoteJudge
  readonly data: RunData
  readonly ticketPath: string
  readonly resultsPath: string | undefined
}

export interface Begun {
  readonly ticketFile: TicketFile
  readonly ticket: Ticket
  readonly refusals: readonly RefusedLine[]
  /** Judgments that are there, and stay. */
  readonly judgedBefore: number
}

/**
 * Sends a run's records to a server and makes the run, or finds the one that was made before.
 * @throws AssizeError where the run that is there is another one, UsageError, RemoteError
 */
export async function beginOrGoOn(options: ServerOptions, beginning: Beginning): Promise<Begun> {
  const { remote, judge, data, ticketPath, resultsPath } = beginning
  const fingerprint = judgeFingerprint(judge.definition, options.samples)
  if (options.isResumed) {
    const isKept = existsSync(ticketPath)
    await using opened = new AsyncDisposableStack()
    const ticketFile = opened.use(await TicketFile.open(ticketPath, !isKept))
    const ticket = isKept
      ? await ticketFile.read()
      : resultsPath && (await ticketOfResults(resultsPath, remote.url, ticketFile))
    if (ticket) {
      refuseOther(ticket, remote, fingerprint, ticketPath)
      if (data.sizeBytes !== undefined) await checkData(data, ticketFile, options.limit)
      const judgedBefore = await goOn(options, remote, ticket)
      opened.move()
      return { ticketFile, ticket, refusals: [], judgedBefore }
    }
  }
  return begin(options, beginning, fingerprint)
}

async function begin(
  options: ServerOptions,
  { remote, judge, data, ticketPath }: Beginning,
  fingerprint: string,
): Promise<Begun> {
  const ticketFile = await TicketFile.open(ticketPath, true)
  try {
    const name = `${basename(data.name)} ${new Date().toISOString()}`
    const uploaded = await upload(remote, { data, limit: options.limit, name, ticket: ticketFile })
    const { body: run } = await remote.call('POST', `${apiPath}/runs`, {
      json: {
        judge_id: judge.id,
        dataset_id: uploaded.datasetId,
        name,
        samples: options.samples,
        concurrency: options.concurrency ?? null,
        priority: options.priority ?? null,
        max_cost: options.maxCost ?? null,
        max_tokens: options.maxTokens ?? null,
      },
    })
    const ticket: Ticket = {
      server: remote.url,
      run_id: run.id,
      judge_fingerprint: fingerprint,
      refused: uploaded.refused,
    }
    await ticketFile.complete(ticket)
    return { ticketFile, ticket, refusals: uploaded.refusals, judgedBefore: 0 }
  } catch (error) {
    await ticketFile.remove()
    await ticketFile[Symbol.asyncDispose]()
    throw error
  }
}

function refuseOther(ticket: Ticket, remote: Remote, fingerprint: string, path: string): void {
  const what =
    ticket.server !== remote.url
      ? `on ${ticket.server}, and not on ${remote.url}`
      : ticket.judge_fingerprint !== fingerprint
        ? 'of another judge: its model, output, instructions or tools, or --samples, were others'
        : undefined
  if (what === undefined) return
  throw new AssizeError('request_invalid', `${path} is of a run ${what}. Give another --out.`)
}

async function checkData(
  data: RunData,
  ticketFile: TicketFile,
  limit = Number.POSITIVE_INFINITY,
): Promise<void> {
  const sent = ticketFile.items()
  let records = 0
  for await (const line of data.read()) {
    if ('reason' in line) continue
    if (records === limit) return
    records += 1
    const { value } = await sent.next()
    if (value?.line === line.line && value.fingerprint === line.fingerprint) continue
    throw otherData(`${data.name}, line ${line.line} is not what was sent to the server`)
  }
  const { value: missing } = await sent.next()
  if (missing !== undefined)
    throw otherData(`${data.name} has no line ${missing.line}, which was sent to the server`)
}

function otherData(what: string): AssizeError {
  return new AssizeError(
    'request_invalid',
    `${what}: --resume goes on with the same data only. Give another --out to judge this data.`,
  )
}

/** @returns how many judgments are there, and stay */
async function goOn(options: ServerOptions, remote: Remote, { run_id: id }: Ticket): Promise<number> {
  const path = `${apiPath}/runs/${id}`
  const { body: run } = await remote.call('GET', path)
  const { maxCost, maxTokens, priority = null } = options
  const json = { max_cost: maxCost ?? null, max_tokens: maxTokens ?? null, priority }
  if (['cancelled', 'capped', 'failed'].includes(run.state)) {
    await remote.call('POST', `${path}/resume`, { json })
  }
  if (!options.retriesFailed) return run.total - run.pending
  await remote.call('POST', `${path}/retry`, { json: {} })
  return run.outcomes.answered
}
