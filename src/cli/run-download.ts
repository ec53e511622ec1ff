import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { open, rename } from 'node:fs/promises'
import type { JudgmentDocument } from '../judging/judgment-document.ts'
import type { Io } from './commands.ts'
import { apiPath, type Remote } from './remote.ts'
import { RemoteError } from './remote-error.ts'
import { syncFolder } from './run-place.ts'
import type { ResultJudge, ResultLine } from './run-result.ts'
import type { SentItem, TicketFile } from './run-ticket.ts'
import type { RunTotals } from './run-totals.ts'
import { streamLines } from './stream-lines.ts'

interface DownloadSettings {
  readonly remote: Remote
  readonly ticketFile: TicketFile
  readonly facts: ResultJudge & { readonly run_id: string }
  /** Sees every result. */
  readonly totals: RunTotals
  /** Replaced at once; undefined for standard output. */
  readonly path: string | undefined
  readonly io: Io
}

/**
 * Takes the judgments of a server's run, in the order of the records, each under its record's own line and id.
 * @returns how many records the run has
 */
export async function writeRemoteResults(settings: DownloadSettings): Promise<{ readonly records: number }> {
  const { ticketFile, path, io } = settings
  if (path === undefined) await writeAll(settings, io.stdout)
  else {
    const stream = createWriteStream(`${path}.tmp`)
    await writeAll(settings, stream)
    stream.end()
    await once(stream, 'close')
    await replace(path)
  }
  let records = 0
  for await (const _ of ticketFile.items()) records += 1
  return { records }
}

async function writeAll(settings: DownloadSettings, stream: NodeJS.WritableStream): Promise<void> {
  for await (const line of results(settings)) {
    settings.totals.add(line)
    if (!stream.write(`${JSON.stringify(line)}\n`)) await once(stream, 'drain')
  }
}

async function* results({
  remote,
  ticketFile,
  facts,
}: DownloadSettings): AsyncGenerator<ResultLine, void, undefined> {
  const path = `${apiPath}/runs/${facts.run_id}/judgments.jsonl`
  const items = ticketFile.items()
  let [item, number]: [SentItem | undefined, number] = [undefined, 0]
  for await (const text of streamLines(await remote.download(path))) {
    const judgment: JudgmentDocument = JSON.parse(text)
    // Between two judgments there may be records that have none yet.
    for (; number < (judgment.item_number ?? 0); number += 1) item = (await items.next()).value ?? undefined
    if (item === undefined) {
      throw new RemoteError(`${remote.url} has a judgment of record ${number}, which was never sent to it.`)
    }
    yield resultOf(judgment, item, facts)
  }
}

function resultOf(judgment: JudgmentDocument, item: SentItem, facts: ResultJudge): ResultLine {
  const { id, judge_id, revision_id, run_id, item_number, record_id, ...said } = judgment
  return { id: item.id, line: item.line, ...said, ...facts, input_fingerprint: item.fingerprint }
}

async function replace(path: string): Promise<void> {
  const file = await open(`${path}.tmp`, 'r+')
  try {
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(`${path}.tmp`, path)
  await syncFolder(path)
}
