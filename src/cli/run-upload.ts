import { Readable } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import { AssizeError } from '../errors.ts'
import { apiPath, type Remote } from './remote.ts'
import type { RunData } from './run-data.ts'
import type { RefusedLine, RunItem } from './run-item.ts'
import type { TicketFile } from './run-ticket.ts'

const mostKeptRefusals = 100

/** A run's data on a server, and what became of its lines. */
export interface Uploaded {
  readonly datasetId: string
  readonly records: number
  readonly refused: number
  /** The first few. */
  readonly refusals: readonly RefusedLine[]
}

interface UploadSettings {
  readonly data: RunData
  readonly limit: number | undefined
  /** Of the dataset. */
  readonly name: string
  readonly ticket: TicketFile
}

/**
 * Makes a dataset of a run's records. They are read here, in the same way as without a server, so that each keeps its
 * line and its id.
 * @throws AssizeError where there are none, or the server takes not all of them; RemoteError
 */
export async function upload(remote: Remote, settings: UploadSettings): Promise<Uploaded> {
  const records = new SentRecords(settings)
  await records.begin()
  const json = { name: settings.name, description: 'Uploaded by assize run.' }
  const { id: datasetId } = (await remote.call('POST', `${apiPath}/datasets`, { json })).body
  const path = `${apiPath}/datasets/${datasetId}`
  const { body: task } = await remote.call('POST', `${path}/imports/upload?name=records.jsonl&format=jsonl`, {
    upload: Readable.from(records.lines()),
    headers: { 'content-type': 'application/jsonl' },
  })
  const imported = await importOf(remote, `${path}/tasks/${task.id}`)
  if (imported.lines_taken !== records.sent) {
    const [first] = (await remote.call('GET', `${path}/tasks/${task.id}/refusals?page_size=1`)).body.refusals
      .results
    throw new AssizeError(
      'request_invalid',
      `${remote.url} took ${imported.lines_taken} of ${records.sent} records: ${imported.message ?? ''} ${first?.reason ?? ''}`,
    )
  }
  return { datasetId, records: records.sent, refused: records.refused, refusals: records.refusals }
}

class SentRecords {
  readonly #settings: UploadSettings
  readonly #lines: AsyncGenerator<RunItem | RefusedLine, void, undefined>
  #first: RunItem | undefined
  readonly refusals: RefusedLine[] = []
  refused = 0
  sent = 0

  constructor(settings: UploadSettings) {
    this.#settings = settings
    this.#lines = settings.data.read()
  }

  /** Reads up to the first record: without one, there is nothing to make a dataset of. */
  async begin(): Promise<void> {
    this.#first = await this.#next()
    if (this.#first !== undefined) return
    const [refusal] = this.refusals
    const why = refusal === undefined ? '' : ` Line ${refusal.line}: ${refusal.reason}`
    throw new AssizeError('request_invalid', `${this.#settings.data.name} has no records.${why}`)
  }

  async *lines(): AsyncGenerator<Buffer, void, undefined> {
    const { limit = Number.POSITIVE_INFINITY, ticket } = this.#settings
    for (let item = this.#first; item !== undefined; item = await this.#next()) {
      await ticket.add(item)
      this.sent += 1
      yield Buffer.from(`${JSON.stringify(item.content)}\n`)
      if (this.sent === limit) break
    }
    await this.#lines.return()
  }

  async #next(): Promise<RunItem | undefined> {
    for (;;) {
      const { value: line } = await this.#lines.next()
      if (line === undefined || !('reason' in line)) return line ?? undefined
      this.refused += 1
      if (this.refusals.length < mostKeptRefusals) this.refusals.push(line)
    }
  }
}

const lookEveryMs = 300

interface ImportState {
  readonly status: string
  readonly message: string | null
  readonly lines_taken: number
}

async function importOf(remote: Remote, path: string): Promise<ImportState> {
  for (;;) {
    const { body } = await remote.call('GET', path)
    if (body.status === 'COMPLETED') return body
    if (body.status !== 'RUNNING') {
      throw new AssizeError('request_invalid', `${remote.url} could not import the data: ${body.message}`)
    }
    await delay(lookEveryMs)
  }
}
