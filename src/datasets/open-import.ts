import type { RecordContent, RecordSource } from './dataset.ts'
import type { RecordStore } from './dataset-store.ts'
import type { FileStore } from './file-store.ts'
import { RowFault } from './forms/row-fields.ts'
import type { ImportRefusal } from './import-task.ts'
import { firstRows, readRows } from './read-rows.ts'
import { chooseForm, describeForm, type RecordForm, toRecordContent } from './record-forms.ts'
import { type RandomAccess, type Row, UnreadableFileError } from './rows/row.ts'
import { formatOf } from './rows/row-format.ts'
import { chunkBytes, type StoredFile } from './stored-file.ts'
import type { ClaimedTask } from './task-store.ts'

/** One line of an import: what becomes a record, or why none does. */
export type ImportItem = ImportRefusal | { readonly line: number; readonly record: Imported }

interface Imported extends RecordContent {
  readonly source: RecordSource
}

export interface OpenImport {
  /** What the lines were seen to be, as a phrase. */
  readonly what: string
  readonly items: AsyncIterable<ImportItem>
  /** Percent, where the whole is known. */
  progress(): number | null
}

export interface ImportSources {
  readonly files: Pick<FileStore, 'find' | 'readChunk'>
  readonly records: Pick<RecordStore, 'readRecords'>
  /**
   * Lets whoever waits have a turn: a database in the process answers without one.
   * @param isLong whether much work may follow at one go
   */
  readonly nextTurn: (isLong?: boolean) => Promise<void>
}

/** None of the first lines could be read: with them, the import ends. */
export class UnknownFormError extends Error {
  override readonly name = 'UnknownFormError'
  readonly refusals: readonly ImportRefusal[]

  constructor(message: string, refusals: readonly ImportRefusal[]) {
    super(message)
    this.refusals = refusals
  }
}

/** How many rows say which form all of them have. */
const sampleRows = 100

/**
 * Opens what a task imports, behind the lines that are done with.
 * @throws UnreadableFileError, UnknownFormError, here and (the first) while items are read
 */
export async function openImport(task: ClaimedTask, sources: ImportSources): Promise<OpenImport> {
  return task.source.type === 'file'
    ? await openFile(task, task.source, sources)
    : openRecords(task, task.source.recordIds, sources)
}

type FileSource = Extract<ClaimedTask['source'], { type: 'file' }>

async function openFile(task: ClaimedTask, source: FileSource, sources: ImportSources): Promise<OpenImport> {
  const { fileId, mapping } = source
  const file = (await sources.files.find(task.workspaceId, fileId)) ?? isGone(fileId)
  const format = source.format ?? formatOf(file.name, file.mediaType)
  const content = new FileContent(file, sources)
  const { first, all } = await firstRows(
    readRows(content.bytes(), format, { randomAccess: content }),
    sampleRows,
  )
  await all[Symbol.asyncIterator]().return?.()
  const form = formOf(first, mapping ?? undefined)
  let rowCount: number | undefined
  let linesRead = task.linesRead
  const rows = readRows(content.bytes(), format, {
    skippedRows: task.linesRead,
    randomAccess: content,
    onRowCount: (count) => {
      rowCount = count
    },
  })
  return {
    what: describeForm(form),
    items: mapItems(rows, (row) => {
      linesRead += 1
      return toItem(row, form)
    }),
    progress: () => (rowCount === undefined ? content.progress() : percent(linesRead, rowCount)),
  }
}

function formOf(rows: readonly Row[], mapping: FileSource['mapping'] | undefined): RecordForm {
  try {
    return chooseForm(rows, mapping ?? undefined)
  } catch (error) {
    if (!(error instanceof RowFault)) throw error
    const refusals = rows.map((row) => ('reason' in row ? row : { line: row.line, reason: error.message }))
    throw new UnknownFormError(error.message, refusals)
  }
}

function toItem(row: Row, form: RecordForm): ImportItem {
  if ('reason' in row) return row
  const content = toRecordContent(row.value, form)
  if ('reason' in content) return { line: row.line, reason: content.reason }
  return { line: row.line, record: { ...content, source: 'UPLOADED_FILE' } }
}

async function* mapItems<From, To>(
  items: AsyncIterable<From>,
  map: (item: From) => To,
): AsyncGenerator<To, void, undefined> {
  for await (const item of items) yield map(item)
}

/** A stored file's content, as a stream and at any place. */
class FileContent implements RandomAccess {
  readonly sizeBytes: number
  readonly #id: string
  readonly #sources: ImportSources
  #bytesRead = 0

  constructor({ id, sizeBytes }: StoredFile, sources: ImportSources) {
    this.sizeBytes = sizeBytes
    this.#id = id
    this.#sources = sources
  }

  async *bytes(): AsyncGenerator<Uint8Array, void, undefined> {
    // Of this stream alone: one that was let go of may still be fetching a chunk.
    let position = 0
    while (position < this.sizeBytes) {
      const chunk = await this.#chunk(position / chunkBytes, false)
      position += chunk.length
      this.#bytesRead = position
      yield chunk
    }
  }

  async slice(start: number, end: number): Promise<Uint8Array> {
    const first = Math.floor(start / chunkBytes)
    const chunks: Uint8Array[] = []
    for (let number = first; number * chunkBytes < end; number++) chunks.push(await this.#chunk(number, true))
    return Buffer.concat(chunks).subarray(start - first * chunkBytes, end - first * chunkBytes)
  }

  progress(): number {
    return percent(this.#bytesRead, this.sizeBytes)
  }

  async #chunk(number: number, isLong: boolean): Promise<Uint8Array> {
    await this.#sources.nextTurn(isLong)
    return (await this.#sources.files.readChunk(this.#id, number)) ?? isGone(this.#id)
  }
}

function percent(part: number, whole: number): number {
  return whole === 0 ? 100 : Math.min(100, Math.floor((100 * part) / whole))
}

function isGone(fileId: string): never {
  throw new UnreadableFileError(`The file ${fileId} was deleted before all of it was read.`)
}

/** Payloads are up to a few megabytes each. */
const recordsAtOnce = 50

function openRecords(
  { workspaceId, linesRead }: ClaimedTask,
  ids: readonly string[],
  { records, nextTurn }: ImportSources,
): OpenImport {
  let next = linesRead
  async function* copies(): AsyncGenerator<ImportItem, void, undefined> {
    while (next < ids.length) {
      await nextTurn()
      const some = ids.slice(next, next + recordsAtOnce)
      const found = await records.readRecords(workspaceId, some)
      const byId = new Map(found.map((record) => [record.id, record]))
      for (const id of some) {
        next += 1
        const record = byId.get(id)
        if (record === undefined) {
          yield { line: next, reason: `The record ${id} was deleted before it was copied.` }
        } else {
          const { payload, properties, source } = record
          yield { line: next, record: { payload, properties, source } }
        }
      }
    }
  }
  return { what: 'records of datasets', items: copies(), progress: () => percent(next, ids.length) }
}
